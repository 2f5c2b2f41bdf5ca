import numpy as np
import pytest
import soxr

from voxproof.degradation import CODECS
from voxproof.degradation.codecs import linear_prediction as lp
from voxproof.degradation.codecs.coding import aligned
from voxproof.degradation.codecs.ffmpeg import AMR_NB_RATES, Coder, aac, amr_nb, mp3, opus
from voxproof.errors import AudioError


def noise_ratio(given, coded):
    return 10 * np.log10((given**2).sum() / ((coded - given) ** 2).sum())


def share_above(samples, hz):
    power = np.abs(np.fft.rfft(samples)) ** 2
    return power[int(hz / 8000 * len(power)) :].sum() / power.sum()


@pytest.fixture(scope="module")
def three_seconds(voices):
    return voices["anna"].samples[16_000:64_000]


@pytest.mark.parametrize("name", CODECS)
def test_no_codec_shifts_the_sound(name, three_seconds):
    for seed in range(1 if name == "amr-wb-like" else 3):
        coded = CODECS[name](three_seconds, np.random.default_rng(seed))
        lags = np.correlate(coded[4000:12_000], three_seconds[4200:11_800], "valid")
        assert abs(int(np.argmax(lags)) - 200) <= 2  # samples, an eighth of a millisecond


@pytest.mark.parametrize("name", CODECS)
def test_the_end_is_not_lost(name, three_seconds):
    loud_end = three_seconds[: int(np.abs(three_seconds[20_000:30_000]).argmax()) + 20_200]
    coded = CODECS[name](loud_end, np.random.default_rng(0))
    assert np.sqrt((coded[-400:] ** 2).mean() / (loud_end[-400:] ** 2).mean()) > 0.4


@pytest.mark.parametrize(("code", "low", "high"), [(mp3, 16_000, 96_000), (aac, 16_000, 64_000), (opus, 8000, 48_000)])
def test_more_bits_leave_less_noise(code, low, high, three_seconds):
    coarse, fine = (noise_ratio(three_seconds, code(three_seconds, bits)) for bits in (low, high))
    assert fine > coarse + 3


@pytest.mark.parametrize("name", ["g711-mu", "g711-a", "gsm", "amr-nb"])
def test_old_telephones_carry_nothing_above_4_kHz(name, three_seconds):
    assert share_above(three_seconds, 4200) > 1e-3
    assert share_above(CODECS[name](three_seconds, np.random.default_rng(0)), 4200) < 1e-4


def test_modes_of_amr_differ(three_seconds):
    coded = {rate: amr_nb(three_seconds[:16_000], rate) for rate in (AMR_NB_RATES[0], AMR_NB_RATES[-1])}
    assert not np.array_equal(*coded.values())


def test_what_is_louder_than_full_scale_comes_back_as_loud(three_seconds):
    loud = three_seconds * (4 / np.abs(three_seconds).max())
    assert np.abs(mp3(loud, 64_000)).max() == pytest.approx(4, rel=0.1)


def test_a_missing_encoder_is_named():
    with pytest.raises(AudioError, match="has no encoder nothing-like-it"):
        Coder("nothing-like-it", "aac", "fltp").code(np.zeros(1600, np.float32), 16_000, 32_000)


@pytest.mark.parametrize("delay", [0, 1, 312, 1105, 4000])
def test_delays_are_found_to_the_sample(delay, three_seconds):
    late = np.concatenate([np.zeros(delay, np.float32), three_seconds, np.zeros(500, np.float32)])
    assert np.array_equal(aligned(late, three_seconds), three_seconds)


def test_line_spectral_frequencies_hold_the_whole_filter(three_seconds):
    filters = lp.predictors(soxr.resample(three_seconds, 16_000, lp.LP_RATE).astype(np.float64))
    angles = lp.line_spectral_frequencies(filters)
    assert angles.shape == (150, lp.ORDER)
    assert (np.diff(angles, axis=1) > 0).all()
    assert 0 < angles.min() < angles.max() < np.pi
    np.testing.assert_allclose(lp.from_line_spectral_frequencies(angles), filters, atol=1e-9)


def test_line_spectral_frequencies_of_a_flat_spectrum():
    # A(z) = 1: P and Q are 1 + z^-17 and 1 - z^-17, whose roots are evenly spread.
    flat = np.zeros((1, lp.ORDER + 1))
    flat[0, 0] = 1
    expected = np.pi * np.arange(1, lp.ORDER + 1) / (lp.ORDER + 1)
    np.testing.assert_allclose(lp.line_spectral_frequencies(flat)[0], expected, atol=1e-9)


def test_analysis_and_synthesis_undo_each_other(three_seconds):
    narrow = soxr.resample(three_seconds, 16_000, lp.LP_RATE)
    np.testing.assert_allclose(lp.analysis_synthesis(narrow, None), narrow, atol=1e-5)


def test_more_pulses_leave_less_noise(three_seconds):
    narrow = soxr.resample(three_seconds[:24_000], 16_000, lp.LP_RATE)
    ratios = [noise_ratio(narrow, lp.analysis_synthesis(narrow, count)) for count in (2, 6, 12)]
    assert ratios == sorted(ratios)
    assert ratios[0] > 3
    assert ratios[-1] > 10
