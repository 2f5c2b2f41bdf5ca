import tracemalloc

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.detection.texture import TextureDetector
from voxproof.detection.windowed import WINDOWS_AT_ONCE
from voxproof.errors import ModelError
from voxproof.models import load_card


def test_chunks_do_not_show(detector, voices):
    # 20 s are cut into three groups of windows; each window must score as in a group of its own.
    samples = np.resize(np.concatenate([voice.samples for voice in voices.values()]), 20 * 16_000)
    times, scores = detector.raw_scores(samples)
    assert len(scores) > 2 * WINDOWS_AT_ONCE
    for place in (0, WINDOWS_AT_ONCE - 1, WINDOWS_AT_ONCE, len(scores) - 1):
        start = round(times[place, 0] * 16_000)
        alone = detector.raw_scores(samples[start : start + detector.window])[1]
        # Levels are told against what is heard at once, so they are close, not equal.
        assert scores[place] == pytest.approx(alone[0], abs=0.5)


def test_windows_without_speech_do_not_count_for_the_clip(detector):
    times = np.array([[0.0, 2.0], [2.0, 4.0], [4.0, 6.0]])
    scores = np.array([5.0, -1.0, -3.0])
    assert detector.clip_score(times, scores, [(2.2, 5.9)]) == -2.0
    assert detector.clip_score(times, scores, None) == pytest.approx(1 / 3)
    assert detector.clip_score(times, scores, []) == pytest.approx(1 / 3)
    assert detector.clip_score(times, np.array([np.nan, -1.0, np.inf]), None) == -1.0
    assert np.isnan(detector.clip_score(times, np.full(3, np.nan), None))


def test_memory_does_not_grow_with_the_length(detector, speech):
    def peak(seconds):
        audio = Audio(np.resize(speech.samples, seconds * 16_000), 16_000)
        tracemalloc.start()
        scores = detector.score(audio)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(scores.llr) > seconds
        return used

    # NumPy's memory, above that of the samples themselves: a few floats for each window.
    assert peak(40) < peak(20) + 8 * 2**20


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"window": 0}, "config.window"),
        ({"windw": 200}, "config.windw"),
        ({"calibration": {"clip": {"slope": -1, "offset": 0}}}, "config.calibration"),
    ],
)
def test_a_broken_card_is_named(change, named):
    card = load_card("detector-fast")
    with pytest.raises(ModelError, match=named):
        TextureDetector(card.model_copy(update={"config": {**card.config, **change}}))
