"""Against the signals of EBU Tech 3341, table 1, and the tone of ITU-R BS.1770.

Those signals are stereo with the same sound in both channels, which counts 3.01 LU more than the same sound in mono.
"""

import numpy as np
import pytest
import scipy.signal

from voxproof.audio import Audio, loudness, normalise_loudness, resample
from voxproof.audio.loudness import k_filters, k_weighted
from voxproof.errors import AudioError

STEREO = 10 * np.log10(2)


def tones(*parts: tuple[float, float], rate: int = 48_000) -> Audio:
    """1 kHz at (dBFS, seconds) one after the other."""
    samples = [10 ** (level / 20) * np.sin(2 * np.pi * 1000 * np.arange(int(s * rate)) / rate) for level, s in parts]
    return Audio(np.concatenate(samples).astype(np.float32), rate)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([(-23, 20)], -23.0),  # 1
        ([(-33, 20)], -33.0),  # 2
        ([(-36, 10), (-23, 60), (-36, 10)], -23.0),  # 3: the relative gate
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),  # 4: both gates
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),  # 5: no gate closes
    ],
)
def test_minimum_requirements_of_ebu_tech_3341(parts: list[tuple[float, float]], expected: float) -> None:
    assert loudness(tones(*parts)) + STEREO == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_full_scale_tone_of_997_hz(rate: int) -> None:
    time = np.arange(rate * 5) / rate
    assert loudness(Audio(np.sin(2 * np.pi * 997 * time), rate)) == pytest.approx(-3.01, abs=0.05)


def test_coefficients_of_the_standard_at_48_khz() -> None:
    (shelf_b, shelf_a), (high_b, high_a) = k_filters(48_000)
    np.testing.assert_allclose(shelf_b, [1.53512485958697, -2.69169618940638, 1.19839281085285], atol=1e-8)
    np.testing.assert_allclose(shelf_a, [1.0, -1.69065929318241, 0.73248077421585], atol=1e-8)
    np.testing.assert_allclose(high_b, [1.0, -2.0, 1.0])
    np.testing.assert_allclose(high_a, [1.0, -1.99004745483398, 0.99007225036621], atol=1e-8)


def test_the_filter_is_the_recursive_one(speech: Audio) -> None:
    expected = speech.samples.astype(np.float64)
    for b, a in k_filters(speech.rate):
        expected = scipy.signal.lfilter(b, a, expected)
    np.testing.assert_allclose(k_weighted(speech.samples, speech.rate), expected, atol=1e-9)


def test_speech_measures_the_same_at_every_rate(speech: Audio) -> None:
    higher = Audio(resample(speech.samples, speech.rate, 48_000), 48_000)
    assert loudness(higher) == pytest.approx(loudness(speech), abs=0.1)


def test_silence_and_very_short_sound() -> None:
    assert loudness(Audio(np.zeros(48_000), 48_000)) == float("-inf")
    assert loudness(Audio(np.zeros(0), 48_000)) == float("-inf")
    assert loudness(tones((-20, 0.1))) == pytest.approx(-20 - STEREO, abs=1.5)


def test_normalised(voices: dict[str, Audio]) -> None:
    for voice in voices.values():
        assert loudness(normalise_loudness(voice, -27)) == pytest.approx(-27, abs=0.05)


def test_peaks_stay_under_their_limit(speech: Audio) -> None:
    loud = normalise_loudness(speech, -5.0, peak_db=-2.0)
    assert np.abs(loud.samples).max() == pytest.approx(10 ** (-2 / 20), rel=1e-4)
    assert loudness(loud) < -5


def test_silence_cannot_be_normalised() -> None:
    with pytest.raises(AudioError, match="silent"):
        normalise_loudness(Audio(np.zeros(16_000), 16_000))
