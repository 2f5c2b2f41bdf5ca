import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxproof.evaluation.error_rate import ErrorCount, character_errors, edit_distance, word_errors

words = st.lists(st.sampled_from("abc"), max_size=8)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "edits"),
    [
        ("kitten", "sitting", 3),
        ("", "abc", 3),
        ("abc", "", 3),
        ("flaw", "lawn", 2),
        ("same", "same", 0),
        ("ab", "ba", 2),  # no transpositions
    ],
)
def test_edit_distance(reference: str, hypothesis: str, edits: int) -> None:
    assert edit_distance(reference, hypothesis) == edits


@given(words, words, words)
def test_edit_distance_is_a_distance(one: list[str], two: list[str], three: list[str]) -> None:
    assert edit_distance(one, one) == 0
    assert edit_distance(one, two) == edit_distance(two, one)
    assert abs(len(one) - len(two)) <= edit_distance(one, two) <= max(len(one), len(two))
    assert edit_distance(one, three) <= edit_distance(one, two) + edit_distance(two, three)


def test_word_errors_count_one_of_each_kind() -> None:
    # brown -> browne (substituted), jumps deleted, a inserted.
    assert word_errors("the quick brown fox jumps", "the a quick browne fox") == ErrorCount(3, 5)


def test_character_errors_take_white_space_as_one_space() -> None:
    assert character_errors("ab  cd\n", "ab cd") == ErrorCount(0, 5)
    assert character_errors("ab cd", "abcd") == ErrorCount(1, 5)


def test_the_rate_of_a_corpus_is_not_the_mean_of_rates() -> None:
    corpus = word_errors("a b c d e f g h i", "a b c d e f g h i") + word_errors("a", "b")
    assert corpus.rate == pytest.approx(0.1)
    assert ErrorCount(3, 2).rate == 1.5
    assert math.isnan(ErrorCount(0, 0).rate)
