"""What holds for every converter."""

import numpy as np
import pytest

from voxproof.audio import read_audio
from voxproof.conversion import converters, load_converter
from voxproof.features import f0


@pytest.fixture(scope="module", params=converters.names())
def converter(request):
    return load_converter(request.param)


@pytest.fixture(scope="module")
def speech():
    return read_audio("examples/voices/ben.flac", rate=16_000).samples[:64_000]


@pytest.fixture(scope="module")
def embedding():
    vector = np.random.default_rng(0).random(256).astype(np.float32)
    return vector / np.linalg.norm(vector)


def test_timing_is_the_source_s(converter, speech, embedding):
    made = converter.convert(speech, embedding, register=200.0)
    assert made.mel.shape == (converter.spec.n_mels, 1 + len(speech) // converter.spec.hop)
    assert np.isfinite(made.mel).all()


def test_melody_moves_to_the_target_s_register(converter, speech, embedding):
    made = converter.convert(speech, embedding, register=200.0)
    own = f0(speech)
    both = (own > 0) & (made.f0 > 0)
    assert both.mean() > 0.3
    assert np.median(made.f0[made.f0 > 0]) == pytest.approx(200.0, rel=0.05)
    assert np.corrcoef(np.log(own[both]), np.log(made.f0[both]))[0, 1] > 0.9


def test_level_of_the_source_does_not_matter(converter, speech, embedding):
    loud = converter.convert(speech, embedding, register=120.0).mel
    quiet = converter.convert(speech * np.float32(0.1), embedding, register=120.0).mel
    assert np.abs(loud - quiet).mean() < 0.05


@pytest.mark.parametrize("n", [1_600, 3_333, 16_000])
def test_any_length(converter, embedding, n):
    noise = np.random.default_rng(0).standard_normal(n).astype(np.float32) * 0.05
    assert converter.convert(noise, embedding, register=120.0).mel.shape[1] == 1 + n // 200


def test_pieces_of_long_speech_join_without_a_seam(converter, speech, embedding):
    long = np.tile(speech, 8)  # 32 s, more than one piece
    mel = converter.convert(long, embedding, register=120.0).mel
    step = np.abs(np.diff(mel, axis=1)).mean(0)
    assert step[1_590:1_610].max() < 1.5 * np.percentile(step, 99.5)
