import pytest

pytest.importorskip("whisper_normalizer")

from voxproof.evaluation.normaliser import normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It's Dr. Grey's colour!", "it is doctor gray is color"),
        ("  MAKE one,\tknit TWO  ", "make one knit 2"),
        ("Twenty-one thousand and five dollars", "$21005"),
        ("He won't, um, say; I'd gone.", "he will not say i had gone"),
        ("[music] the end (applause)", "the end"),
        ("the cause of it", "the cause of it"),  # later releases of the package make "because" of it
        ("", ""),
    ],
)
def test_rules_of_whisper(text: str, expected: str) -> None:
    assert normalise(text) == expected
