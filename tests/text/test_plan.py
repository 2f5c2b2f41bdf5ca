import re
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.errors import TextError
from voxproof.text import Pronunciations, Utterance, encode, phonemes, plan, spoken, unknown_symbols
from voxproof.text.clauses import LONGEST_PIECE
from voxproof.text.plan import PAUSE_CLAUSE, PAUSE_PARAGRAPH, PAUSE_SENTENCE

ONES = "one two three four five six seven eight nine".split()


def test_one_utterance_a_sentence_with_its_pause() -> None:
    assert plan("Hello, world. How are you?\n\nFine") == [
        Utterance("Hello, world.", "həlˈoʊ, wˈɜːld.", PAUSE_SENTENCE),
        Utterance("How are you?", "hˈaʊ ɑːɹ juː?", PAUSE_PARAGRAPH),
        Utterance("Fine", "fˈaɪn.", 0.0),
    ]


def test_a_long_sentence_waits_shortly_between_its_pieces() -> None:
    utterances = plan("I went to the market to buy some bread and then " * 8 + "I came home")
    assert len(utterances) > 1
    assert {utterance.pause_after_seconds for utterance in utterances[:-1]} == {PAUSE_CLAUSE}
    assert all(len(utterance.text) <= LONGEST_PIECE for utterance in utterances)
    assert all(utterance.phonemes[-1] in ",." for utterance in utterances)


def test_what_is_left_out_is_warned_about_once() -> None:
    with pytest.warns(
        UserWarning, match=r"left out of the speech: 1 emoji \(😀\); 6 Cyrillic letters \(Привет\)"
    ) as caught:
        assert [utterance.text for utterance in plan("Hi 😀! Привет.\n\nBye.")] == ["Hi!", "Bye."]
    assert len(caught) == 1


def test_a_paragraph_of_signs_alone_is_passed_over() -> None:
    assert [one.text for one in plan("One.\n\n* * *\n\n-----\n\nTwo.")] == ["One.", "Two."]


def test_numbers_are_spoken() -> None:
    assert plan("It costs $5")[0].text == "It costs five dollars"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_any_text_gives_utterances_or_one_line(text: str) -> None:
    line = ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            utterances = plan(text)
        except TextError as refused:
            line = str(refused)
            utterances = []
    if not utterances:
        assert line
        assert "\n" not in line
        return
    assert utterances[-1].pause_after_seconds == 0
    for utterance in utterances:
        assert not unknown_symbols(utterance.phonemes)
        assert len(encode(utterance.phonemes)) == len(utterance.phonemes) > 0
        assert len(utterance.text) <= LONGEST_PIECE


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.sampled_from("the river is wide and cold. She said, that he left! Why? because".split()),
        min_size=1,
        max_size=90,
    )
)
def test_every_word_has_its_utterance(words: list[str]) -> None:
    text = " ".join(words)
    assert " ".join(one.text for one in plan(text)).split() == spoken(text).split()
    said = re.findall(r"\w+", " ".join(one.text for one in plan(text)))
    assert said == re.findall(r"\w+", text)


def test_ten_thousand_characters_are_said_once_each_in_order() -> None:
    numbers = [f"{ten}{one}" for ten in ("", "twenty ", "thirty ", "forty ", "fifty ") for one in ONES]
    lines = [f"Sentence {number} says, though nobody asked for it, that {number} is its number." for number in numbers]
    text = " ".join(lines * 4)
    assert len(text) > 10_000
    utterances = plan(text)
    assert len(utterances) == len(lines) * 4
    assert re.findall(r"\w+", " ".join(one.text for one in utterances)) == re.findall(r"\w+", text)
    assert [one.phonemes for one in utterances] == [phonemes(line) for line in lines] * 4


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["river", "{R IH1 V ER0}", "/river/", "Rye,", "rye-", "wide.", "(cold)"]), max_size=60))
def test_pronounced_words_are_said_once_too(words: list[str]) -> None:
    """Whatever stands around a pronunciation, of the text or of the user's file, it is neither lost nor said twice."""
    text = " ".join(["so", *words])
    utterances = plan(text, Pronunciations({"rye": "R AY1"}))
    said = re.findall(r"[\wˈ]+", "".join(one.phonemes + " " for one in utterances))
    assert said.count("ɹˈɪvɚ") == sum("river" in word or "IH1" in word for word in words)
    assert said.count("ɹˈaɪ") == sum("rye" in word.lower() for word in words)
