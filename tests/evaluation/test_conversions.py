from pathlib import Path

import numpy as np
import pytest

from voxproof.audio import Audio, resample
from voxproof.evaluation.bank import Bank
from voxproof.evaluation.conversions import pitch_correlation, planned_conversions


def test_every_target_gets_two_sources_in_all_their_utterances(bank: Bank) -> None:
    planned = planned_conversions(bank, Path("run"))
    assert len(planned) == 4 * 2 * 2
    assert [str(one.path) for one in planned[:4]] == [
        "run/anna/dora-real00.wav", "run/anna/dora-real01.wav", "run/anna/ben-real00.wav", "run/anna/ben-real01.wav",
    ]  # fmt: skip
    assert [one.same_gender for one in planned[:4]] == [True, True, False, False]
    assert len(planned_conversions(bank, Path("run"), limit=1)) == 4


def test_pitch_of_the_same_melody_correlates_in_another_register(speech: Audio) -> None:
    assert pitch_correlation(speech, speech) == pytest.approx(1.0)
    clip = speech.samples[:64_000]
    slower = Audio(resample(clip, 16_000, 16_320), 16_000)  # 2 % longer and lower
    assert pitch_correlation(Audio(clip, 16_000), slower) > 0.3


def test_other_speech_does_not_correlate_and_silence_has_no_pitch(voices: dict[str, Audio]) -> None:
    assert abs(pitch_correlation(voices["anna"], voices["dora"])) < 0.35
    assert np.isnan(pitch_correlation(voices["anna"], Audio(np.zeros(16_000, np.float32), 16_000)))
