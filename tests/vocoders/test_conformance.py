"""What holds for every vocoder, ours and those of other packages."""

import numpy as np
import pytest

from voxproof.audio import read_audio
from voxproof.errors import ModelError
from voxproof.features import f0, log_mel
from voxproof.features.level import normalise_level
from voxproof.vocoders import load_vocoder, vocoder_names


@pytest.fixture(scope="module", params=vocoder_names())
def vocoder(request):
    return load_vocoder(request.param)


@pytest.fixture(scope="module")
def speech():
    return normalise_level(read_audio("examples/voices/ben.flac", rate=16_000).samples[:48_000])


def test_length_type_and_range(vocoder, speech):
    mel = log_mel(speech)
    samples = vocoder.vocode(mel, f0(speech))
    assert samples.dtype == np.float32
    assert samples.shape == ((mel.shape[1] - 1) * vocoder.spec.hop,)
    assert np.isfinite(samples).all()
    assert 0.05 < np.abs(samples).max() < 1.5


def test_copy_has_the_mel_of_the_original(vocoder, speech):
    mel = log_mel(speech)
    again = log_mel(vocoder.vocode(mel, f0(speech)))
    loud = mel > -6
    n = min(mel.shape[1], again.shape[1])
    assert np.abs(mel[:, :n] - again[:, :n])[loud[:, :n]].mean() < 0.4


def test_same_seed_same_samples(vocoder, speech):
    mel, pitch = log_mel(speech[:16_000]), f0(speech[:16_000])
    assert np.array_equal(vocoder.vocode(mel, pitch, seed=3), vocoder.vocode(mel, pitch, seed=3))


@pytest.mark.parametrize("frames", [1, 2, 3, 5])
def test_short_input(vocoder, frames):
    samples = vocoder.vocode(np.full((80, frames), -5.0, np.float32), np.full(frames, 120.0, np.float32))
    assert samples.shape == ((frames - 1) * 200,)


def test_silence_stays_quiet(vocoder):
    samples = vocoder.vocode(np.full((80, 80), np.log(1e-5), np.float32), np.zeros(80, np.float32))
    assert np.abs(samples).max() < 1e-3


def test_needs_no_pitch(vocoder, speech):
    assert np.isfinite(vocoder.vocode(log_mel(speech[:16_000]), None)).all()


def test_unknown_name_lists_those_there_are():
    with pytest.raises(ModelError, match="pulsar"):
        load_vocoder("no-such-vocoder")


def test_ours_is_nearer_to_the_original_than_the_floor(speech):
    pesq = pytest.importorskip("pesq").pesq
    mel, pitch = log_mel(speech), f0(speech)
    scores = {}
    for name in ("griffinlim", "pulsar"):
        samples = load_vocoder(name).vocode(mel, pitch)
        n = min(len(samples), len(speech))
        scores[name] = pesq(16_000, speech[:n], samples[:n], "wb")
    assert scores["pulsar"] > scores["griffinlim"]
    assert scores["pulsar"] > 2.2
