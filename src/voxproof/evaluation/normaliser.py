"""Whisper's English text normaliser (arXiv:2212.04356, appendix C), so that error rates compare with the field's.

The package `whisper-normalizer`, pinned to the release whose rules are Whisper's own, carries it. Case, punctuation,
contractions, numbers and British spellings do not count as errors; both texts must pass through it.
"""

from collections.abc import Callable
from functools import cache

from voxproof.evaluation.extra import need


@cache
def _normaliser() -> Callable[[str], str]:
    english = need("whisper_normalizer.english", "the text normaliser", "whisper-normalizer")
    normalise_english: Callable[[str], str] = english.EnglishTextNormalizer()
    return normalise_english


def normalise(text: str) -> str:
    """`"It's Dr. Grey's colour!"` -> `"it is doctor gray is color"`, words separated by one space."""
    return " ".join(_normaliser()(text).split())
