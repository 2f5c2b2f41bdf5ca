"""What holds for every vocoder, ours and those of other packages."""

import numpy as np
import pytest

from voxproof.audio import read_audio
from voxproof.errors import ModelError
from voxproof.features import f0, log_mel
from voxproof.features.level import normalise_level
from voxproof.vocoders import load_vocoder, stream, vocoder_names

TINY = ("tiny-melgan", "tiny-hifigan")  # they owe all but what only a trained one can do


@pytest.fixture(scope="module", params=vocoder_names())
def trained(request):
    return load_vocoder(request.param)


@pytest.fixture(scope="module", params=[*vocoder_names(), *TINY])
def vocoder(request, tiny_vocoder):
    return tiny_vocoder(request.param) if request.param in TINY else load_vocoder(request.param)


@pytest.fixture(scope="module")
def speech():
    return normalise_level(read_audio("examples/voices/ben.flac", rate=16_000).samples[:48_000])


def test_length_and_type(vocoder, speech):
    mel = log_mel(speech)
    samples = vocoder.vocode(mel, f0(speech))
    assert samples.dtype == np.float32
    assert samples.shape == ((mel.shape[1] - 1) * vocoder.spec.hop,)
    assert np.isfinite(samples).all()


def test_copy_has_the_mel_of_the_original(trained, speech):
    mel = log_mel(speech)
    samples = trained.vocode(mel, f0(speech))
    assert 0.05 < np.abs(samples).max() < 1.5
    again = log_mel(samples)
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


def test_silence_stays_quiet(trained):
    samples = trained.vocode(np.full((80, 80), np.log(1e-5), np.float32), np.zeros(80, np.float32))
    assert np.abs(samples).max() < 1e-3


def test_needs_no_pitch(vocoder, speech):
    assert np.isfinite(vocoder.vocode(log_mel(speech[:16_000]), None)).all()


@pytest.mark.parametrize("frames", [7, 80])
def test_pieces_have_no_seams(vocoder, speech, frames):
    mel, pitch = log_mel(speech[:32_000]), f0(speech[:32_000])
    whole = vocoder.vocode(mel, pitch, seed=2)
    pieces = list(stream(vocoder, mel, pitch, frames=frames, seed=2))
    assert np.abs(np.concatenate(pieces) - whole).max() < 1e-4
    if vocoder.context is not None:
        assert {len(piece) for piece in pieces[:-1]} == {frames * vocoder.spec.hop}


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
