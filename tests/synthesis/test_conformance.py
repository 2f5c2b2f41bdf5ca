"""What holds for every synthesizer."""

import numpy as np
import pytest

from voxproof.errors import ModelError, TextError
from voxproof.synthesis import load_synthesizer, synthesizers
from voxproof.text import phonemes

TEXT = "The ferry leaves the harbour just before the sun comes up."


@pytest.fixture(scope="module", params=[*synthesizers.names(), "matcha"])
def synthesizer(request, make_synthesizer):
    return make_synthesizer(request.param)


@pytest.fixture(scope="module")
def embedding():
    vector = np.random.default_rng(0).random(256).astype(np.float32)
    return vector / np.linalg.norm(vector)


def test_shapes_and_a_natural_length(synthesizer, embedding):
    made = synthesizer.synthesize(phonemes(TEXT), embedding, register=120.0)
    assert made.mel.shape == (synthesizer.spec.n_mels, len(made.f0))
    assert made.mel.dtype == made.f0.dtype == np.float32
    assert np.isfinite(made.mel).all()
    seconds = len(made.f0) / synthesizer.spec.frame_rate
    assert 2.0 < seconds < 6.0


def test_speed_scales_the_length(synthesizer, embedding):
    made = {
        speed: synthesizer.synthesize(phonemes(TEXT), embedding, register=120.0, speed=speed)
        for speed in (0.5, 1.0, 2.0)
    }
    lengths = {speed: len(spoken.f0) for speed, spoken in made.items()}
    assert 1.8 < lengths[0.5] / lengths[1.0] < 2.2
    assert 0.45 < lengths[2.0] / lengths[1.0] < 0.65
    assert all(spoken.mel.shape[1] == lengths[speed] for speed, spoken in made.items())


@pytest.mark.parametrize("register", [90.0, 220.0])
def test_speaks_in_the_register_that_is_asked_for(synthesizer, embedding, register):
    made = synthesizer.synthesize(phonemes(TEXT), embedding, register=register)
    voiced = made.f0[made.f0 > 0]
    assert len(voiced) > 20
    assert 0.75 < np.median(voiced) / register < 1.3


def test_longer_text_is_longer(synthesizer, embedding):
    short = synthesizer.synthesize(phonemes("No."), embedding, register=120.0)
    long = synthesizer.synthesize(phonemes(TEXT), embedding, register=120.0)
    assert 10 < len(short.f0) < len(long.f0) / 3


def test_same_seed_same_mel(synthesizer, embedding):
    once, again = (synthesizer.synthesize(phonemes(TEXT), embedding, register=120.0, seed=7) for _ in range(2))
    assert np.array_equal(once.mel, again.mel)


def test_nothing_to_say_is_an_error(synthesizer, embedding):
    with pytest.raises(TextError):
        synthesizer.synthesize("", embedding, register=120.0)


def test_more_than_one_utterance_is_an_error(synthesizer, embedding):
    with pytest.raises(TextError, match="split the text"):
        synthesizer.synthesize(phonemes(TEXT) * 20, embedding, register=120.0)


def test_an_engine_without_weights_says_so():
    with pytest.raises(ModelError, match="no model is called 'tacotron2'"):
        load_synthesizer("tacotron2")
