"""docs/text.md: its examples are read as it says."""

import re
import warnings
from pathlib import Path

import pytest
import yaml

from voxproof.text import Pronunciations, plan
from voxproof.text.prosody import EMPHASIS
from voxproof.text.say_as import KINDS
from voxproof.text.ssml import STRENGTHS

PAGE = (Path(__file__).parent.parent.parent / "docs" / "text.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (only,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return only


@pytest.fixture(autouse=True)
def nothing_is_left_out():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_braces() -> None:
    (one,) = plan(block("text"))
    assert one.phonemes == "ðə təmˈeɪɾoʊ, təmˈeɪtoʊ, ɪz kˈɔːld təmˈɑːtoʊ ˈɛlswɛɹ."


def test_a_file_of_words() -> None:
    known = Pronunciations(yaml.safe_load(block("yaml")))
    assert len(known) == 4
    assert plan("Nguyen's GIF of SQL in new york.", known)[0].phonemes.split()[:2] == ["wˈɪnz", "dʒˈɪf"]


def test_the_document() -> None:
    said = plan(block("xml"))
    assert [one.text.split()[0] for one in said] == ["Please", "Thank", "It", "Call"]
    assert (said[0].pause_after_seconds, said[0].pause_is_exact) == (1.5, True)
    assert {prosody.rate for prosody in said[0].prosody} == {1.0, EMPHASIS["strong"].rate}
    assert said[3].text == (
        "Call five five five, zero one zero zero before May third, twenty twenty six, and ask for {/ʃˈiːlə/} of the "
        "World Health Organization."
    )


def test_the_table_names_what_there_is() -> None:
    for name in (*STRENGTHS, *EMPHASIS):
        assert name in PAGE
    kinds = re.search(r"`interpret-as`: (.*?)\|", PAGE)
    assert kinds is not None
    named = set(re.findall(r"[a-z-]+", re.sub(r"\(.*?\)", "", kinds[1])))
    assert named == KINDS.keys() - {"spell-out", "verbatim", "number"}
