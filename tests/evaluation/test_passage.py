"""Hand-made transcripts in which a sentence is dropped, doubled or garbled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxproof.evaluation.error_rate import ErrorCount, word_errors
from voxproof.evaluation.passage import SaidSentence, align, follow

TEXT = [
    "the ferry leaves the harbour before the sun comes up",
    "my sister plays the cello in an orchestra by the river",
    "no",
    "the teacher asked why the shadow was longer than the tree",
    "the teacher asked why the river was longer than the road",
    "fresh bread and strong coffee make a good morning",
    "a thin layer of ice had formed along the edge of the pond",
]


def numbers(said: list[SaidSentence], what: str) -> list[int]:
    return [number for number, one in enumerate(said) if getattr(one, what)]


def verdicts(heard: list[str]) -> dict[str, list[int]]:
    said = follow(TEXT, " ".join(heard))
    return {what: numbers(said, what) for what in ("skipped", "doubled", "garbled")}


NOTHING = {"skipped": [], "doubled": [], "garbled": []}


def test_what_was_said_as_it_stands() -> None:
    assert verdicts(TEXT) == NOTHING
    assert sum((one.errors for one in follow(TEXT, " ".join(TEXT))), ErrorCount(0, 0)).edits == 0


@pytest.mark.parametrize("number", range(len(TEXT)))
def test_a_dropped_sentence(number: int) -> None:
    assert verdicts(TEXT[:number] + TEXT[number + 1 :]) == NOTHING | {"skipped": [number]}


@pytest.mark.parametrize("number", range(len(TEXT)))
def test_a_doubled_sentence(number: int) -> None:
    assert verdicts(TEXT[: number + 1] + TEXT[number:]) == NOTHING | {"doubled": [number]}


def test_a_pair_said_twice() -> None:
    assert verdicts(TEXT[:2] + TEXT) == NOTHING | {"doubled": [0, 1]}


@pytest.mark.parametrize("number", [0, 2, 4, 5])
def test_a_sentence_said_again_instead_of_the_next(number: int) -> None:
    heard = [*TEXT[: number + 1], TEXT[number], *TEXT[number + 2 :]]
    assert verdicts(heard) == NOTHING | {"skipped": [number + 1], "doubled": [number]}


@pytest.mark.parametrize("number", [0, 1, 3, 6])
def test_a_garbled_sentence(number: int) -> None:
    noise = ["blah"] * len(TEXT[number].split())
    assert verdicts([*TEXT[:number], *noise, *TEXT[number + 1 :]]) == NOTHING | {"garbled": [number]}


def test_a_doubled_sentence_with_slips_of_the_recogniser() -> None:
    again = "my sister place the cello in an orchestra buy the river"
    assert verdicts([*TEXT[:2], again, *TEXT[2:]]) == NOTHING | {"doubled": [1]}


def test_single_slips_are_no_verdict() -> None:
    heard = " ".join(TEXT).replace("cello", "yellow").replace("ice had", "had").replace("coffee make", "coffee to make")
    said = follow(TEXT, heard)
    assert {what: numbers(said, what) for what in NOTHING} == NOTHING
    assert [(one.other, one.missing, one.extra) for one in said if one.errors.edits] == [
        (1, 0, 0), (0, 0, 1), (0, 1, 0),
    ]  # fmt: skip


def test_a_hallucination_is_extra_and_no_sentence() -> None:
    said = follow(TEXT, " ".join([*TEXT[:3], "thank you for watching this video today", *TEXT[3:]]))
    assert sum(one.extra for one in said) == 7
    assert not any(one.doubled for one in said)


def test_silence_skips_all() -> None:
    assert all(one.skipped for one in follow(TEXT, ""))


def test_a_text_without_words() -> None:
    assert follow([], "anything") == []
    empty = follow(["", "no"], "no")
    assert [(one.words, one.skipped, one.garbled, one.doubled) for one in empty] == [
        (0, False, False, False), (1, False, False, False),
    ]  # fmt: skip


words = st.lists(st.sampled_from("abcd"), max_size=12)


@given(words, words)
def test_an_alignment_needs_no_more_edits_than_the_distance(wanted: list[str], got: list[str]) -> None:
    partner = align(wanted, got)
    used = [place for place in partner if place >= 0]
    assert used == sorted(set(used))
    substituted = sum(place >= 0 and got[place] != word for word, place in zip(wanted, partner, strict=True))
    edits = substituted + (len(wanted) - len(used)) + (len(got) - len(used))
    assert edits == word_errors(" ".join(wanted), " ".join(got)).edits


@given(st.lists(words.filter(bool), min_size=1, max_size=4), words)
def test_errors_of_the_sentences_add_up(sentences: list[list[str]], got: list[str]) -> None:
    texts = [" ".join(sentence) for sentence in sentences]
    total = sum((one.errors for one in follow(texts, " ".join(got))), ErrorCount(0, 0))
    assert total == word_errors(" ".join(texts), " ".join(got))
