import numpy as np
import pytest

from voxproof.degradation.bandwidth import band_limit, telephone_band, through_rate


def level_at(samples, hz):
    heard = samples[4000:-4000]
    return 20 * np.log10(np.sqrt((heard**2).mean()) * np.sqrt(2) + 1e-12), hz


@pytest.mark.parametrize(("hz", "least", "most"), [(150, -200, -45), (300, -8, 0), (1000, -0.1, 0.1), (3000, -0.1, 0.1),
                                                   (3400, -8, 0), (3600, -200, -45), (6000, -200, -45)])  # fmt: skip
def test_the_telephone_s_band(hz, least, most):
    tone = np.sin(2 * np.pi * hz * np.arange(32_000) / 16_000).astype(np.float32)
    assert least <= level_at(telephone_band(tone), hz)[0] <= most


def test_the_telephone_s_band_has_no_delay(speech):
    samples = speech.samples[16_000:48_000]
    lags = np.correlate(telephone_band(samples)[4000:12_000], samples[4200:11_800], "valid")
    assert int(np.argmax(lags)) == 200


def test_a_low_rate_takes_what_lies_above_its_half(speech):
    narrow = through_rate(speech.samples[16_000:48_000], 8000)
    power = np.abs(np.fft.rfft(narrow * np.hanning(len(narrow)))) ** 2
    assert power[int(4.1 / 8 * len(power)) :].sum() < 1e-6 * power.sum()


def test_limits_take_something_away(speech):
    samples = speech.samples[16_000:48_000]
    for seed in range(8):
        before, after = (
            np.abs(np.fft.rfft(x)) ** 2 for x in (samples, band_limit(samples, np.random.default_rng(seed)))
        )
        lost = 10 * np.log10((after + 1e-9) / (before + 1e-9))
        assert np.median(lost[:20]) < -3 or np.median(lost[-20:]) < -3
