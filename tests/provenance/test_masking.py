"""What masking allows, on spectra whose answer is plain."""

import numpy as np

from voxproof.audio import Audio
from voxproof.provenance.grid import BINS, power_spectra
from voxproof.provenance.masking import LEAST, MOST, allowed_change


def test_valleys_beside_a_peak_may_move_more_than_the_peak() -> None:
    power = np.full((1, BINS), 1e-6, np.float32)
    power[0, 64] = 1.0  # 2 kHz
    change = allowed_change(power, 3.0)[0]
    assert change[66] > change[64]
    assert change[66] == np.float32(MOST * 3)


def test_masking_reaches_further_up_than_down() -> None:
    power = np.full((1, BINS), 1e-9, np.float32)
    power[0, 64] = 1e-5
    change = allowed_change(power, 3.0)[0]
    assert np.count_nonzero(change[65:] > 4.9) > np.count_nonzero(change[:64] > 4.9)


def test_speech_moves_by_about_the_strength_and_within_bounds(voices: dict[str, Audio]) -> None:
    for strength in (3.0, 5.5):
        change = allowed_change(power_spectra(voices["carl"].samples), strength)
        assert change.min() >= np.float32(LEAST * strength)
        assert change.max() <= np.float32(MOST * strength)
        assert 0.6 * strength < change[:, 10:115].mean() < 1.4 * strength


def test_loudness_plays_no_part(voices: dict[str, Audio]) -> None:
    power = power_spectra(voices["ben"].samples[:32_000])
    assert np.allclose(allowed_change(power, 3.0), allowed_change(power * 1e-4, 3.0), atol=0.05)


def test_silence_is_no_division_by_zero() -> None:
    assert np.isfinite(allowed_change(np.zeros((4, BINS), np.float32), 3.0)).all()
