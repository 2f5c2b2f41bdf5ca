"""Transcripts become sentences."""

import pytest

from voxproof.text import as_sentence


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("SHE HAD YOUR DARK SUIT", "she had your dark suit."),
        (" Yes, of course ", "Yes, of course."),
        ("Did she?", "Did she?"),
        ("NASA flew", "NASA flew."),
        ("1 2", "1 2."),
    ],
)
def test_capitals_and_ends(told: str, written: str) -> None:
    assert as_sentence(told) == written
