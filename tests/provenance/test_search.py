"""The statistic: its distribution without a mark, its threshold, and what it is blind to."""

from math import exp

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.provenance.grid import BANDS, PERIOD, RATE, SLOT, SLOTS, keying, power_spectra
from voxproof.provenance.search import FALSE_ALARMS, MAX_DRIFT, power_sums, search, speeds, threshold, whitened_cells


def test_a_pattern_scores_like_a_standard_normal_over_keys(voices: dict[str, Audio]) -> None:
    """Whatever the sound is: here loud, uneven speech."""
    for name in ("anna", "carl"):
        cells = whitened_cells(power_sums(power_spectra(voices[name].samples)), 1.0)
        count = len(cells) // PERIOD * PERIOD
        table = cells[:count].reshape(-1, PERIOD, BANDS).sum(0)[::SLOT]
        assert table.shape == (SLOTS, BANDS)
        norm = np.sqrt(np.square(table).sum())
        scores = np.array([(keying(b"%d" % key).signs * table).sum() / norm for key in range(400)])
        assert abs(scores.mean()) < 0.2
        assert 0.88 < scores.std() < 1.12


def test_no_key_finds_a_mark_in_real_speech(voices: dict[str, Audio]) -> None:
    scores = []
    for name, voice in voices.items():
        for key in range(8):
            match = search(voice.samples, f"{name} {key}".encode())
            assert match.score < 0.95 * threshold(match.tried)
            scores.append(match.score)
    assert np.mean(scores) > 4.0  # the best of millions of patterns is never near 0


def test_the_threshold_bounds_the_false_alarms() -> None:
    tried = 123_456_789
    assert tried * exp(-(threshold(tried) ** 2) / 2) == pytest.approx(FALSE_ALARMS)
    assert threshold(2 * tried) > threshold(tried)


def test_speeds_lie_denser_in_longer_sound() -> None:
    short, long = speeds(2.0), speeds(10.0)
    assert len(short) < len(long)
    for tries in (short, long, speeds(0.1)):
        assert 1.0 in tries
        assert np.abs(tries - 1).max() <= MAX_DRIFT + 1e-9
        assert np.allclose(tries + tries[::-1], 2)


def test_cells_know_nothing_of_loudness(voices: dict[str, Audio]) -> None:
    power = power_spectra(voices["dora"].samples[: 4 * RATE])
    assert np.allclose(whitened_cells(power_sums(power), 1.0), whitened_cells(power_sums(power * 1e-3), 1.0), atol=0.02)


@pytest.mark.parametrize("length", [0, 1, 100, 512, 16_127])
@pytest.mark.parametrize("value", [0.0, 0.5])
def test_nothing_and_constants_are_no_marks(length: int, value: float) -> None:
    match = search(np.full(length, value, np.float32), b"voxproof")
    assert match.score < threshold(match.tried)
