"""What holds for every bandwidth extension, ours and those of other packages."""

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.bandwidth_extension import extension_names, load_extension
from voxproof.errors import AudioError, ModelError

QUIET = 2e-5  # half a step of 16 bits, uniform: what dither is


@pytest.fixture(scope="module", params=extension_names())
def extension(request):
    return load_extension(request.param)


@pytest.fixture(scope="module")
def plain():
    return load_extension("resampled")


def level(samples, low, high, rate=24_000):
    """Energy between two frequencies in Hz, in dB."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    hertz = np.linspace(0, rate / 2, len(power))
    return 10 * np.log10(power[(hertz >= low) & (hertz < high)].sum() + 1e-20)


@pytest.mark.parametrize("length", [0, 1, 2, 3, 5, 159, 7_999, 8_000, 8_001, 40_001])
def test_any_length(extension, speech, length):
    made = extension.extend(speech.samples[:length])
    assert made.shape == (round(length * 3 / 2),)
    assert made.dtype == np.float32
    assert np.isfinite(made).all()
    assert np.abs(made).max(initial=0) <= 1


@pytest.mark.parametrize("pieces", [1, 3, 50, 700])
def test_streams_give_the_very_samples_of_the_whole(extension, speech, pieces):
    samples = speech.samples[:50_001]
    cuts = np.sort(np.random.default_rng(pieces).integers(0, len(samples), pieces))
    made = list(extension.stream(np.split(samples, cuts)))
    assert np.array_equal(np.concatenate(made), extension.extend(samples))


def test_a_stream_begins_before_its_source_has_ended(extension, speech):
    drawn = []

    def source():
        for piece in np.array_split(speech.samples[:64_000], 40):
            drawn.append(len(piece))
            yield piece

    next(iter(extension.stream(source())))
    assert sum(drawn) <= 16_000


def test_the_lower_band_is_that_of_the_input(extension, plain, speech):
    """What is added lies above 8 kHz; what the input was at 24 kHz is there unchanged."""
    samples = speech.samples[:48_000]
    made, low = extension.extend(samples), plain.extend(samples)
    assert level(made - low, 0, 7_800) < level(low, 0, 7_800) - 70
    assert level(low, 8_200, 12_000) < level(low, 0, 8_000) - 75


@pytest.mark.parametrize("hertz", [50, 1_000, 4_000, 7_700])
def test_tones_keep_level_and_phase(extension, hertz):
    def tone(rate):
        return (0.3 * np.sin(2 * np.pi * hertz * np.arange(rate) / rate)).astype(np.float32)

    made, wanted = extension.extend(tone(16_000)), tone(24_000)
    spectra = [np.fft.rfft(x[4_000:20_000] * np.hanning(16_000)) for x in (made, wanted)]
    peak = int(np.abs(spectra[1]).argmax())
    assert abs(spectra[0][peak] / spectra[1][peak] - 1) < 1e-3


def test_digital_silence_stays_digital_silence(extension, speech):
    assert not extension.extend(np.zeros(40_000, np.float32)).any()
    samples = np.concatenate([speech.samples[:16_000], np.zeros(32_000, np.float32), speech.samples[:16_000]])
    made = extension.extend(samples)
    assert not made[28_000:68_000].any()
    assert made[:24_000].any()


def test_hardly_a_sound_gets_no_hiss(extension):
    noise = np.random.default_rng(0).uniform(-QUIET, QUIET, 40_000).astype(np.float32)
    assert np.abs(extension.extend(noise)).max() < 10 * QUIET


def test_the_loudest_input_stays_within_bounds(extension):
    noise = np.sign(np.random.default_rng(0).standard_normal(20_000)).astype(np.float32)
    assert np.abs(extension.extend(noise)).max() <= 1


def test_speech_keeps_its_manifest_and_length(extension, speech):
    made = extension.extended(Audio(speech.samples, 16_000, {"kind": "clone"}))
    assert (made.rate, made.manifest) == (24_000, {"kind": "clone"})
    assert made.duration == pytest.approx(speech.duration, abs=1e-4)
    with pytest.raises(AudioError, match="not at 24000 Hz"):
        extension.extended(made)


def test_unknown_name_lists_those_there_are():
    with pytest.raises(ModelError, match="mean-envelope"):
        load_extension("no-such-extension")


def test_fricatives_get_more_than_vowels(plain, speech):
    """Of the network: where 5 to 8 kHz outweighs what is below, much lies above 8 kHz; elsewhere next to nothing."""
    halo = load_extension("halo")
    added = halo.extend(speech.samples) - plain.extend(speech.samples)
    steps = len(speech.samples) // 1_600
    narrow = speech.samples[: steps * 1_600].reshape(steps, -1)
    made = added[: steps * 2_400].reshape(steps, -1)
    whole = np.array([level(one, 0, 8_000, 16_000) for one in narrow])
    share = np.array([level(one, 5_000, 8_000, 16_000) for one in narrow]) - whole
    above = np.array([level(one, 8_000, 12_000) for one in made]) - whole
    loud = whole > np.percentile(whole, 40)
    hissing, voiced = loud & (share > -20), loud & (share < -30)
    assert min(hissing.sum(), voiced.sum()) >= 3
    assert above[hissing].mean() > above[voiced].mean() + 15
