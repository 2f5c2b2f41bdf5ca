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


@pytest.mark.parametrize("pitch", [0.8, 1.25])
def test_pitch_is_a_factor_on_f0(synthesizer, embedding, pitch):
    if not synthesizer.changes_pitch:
        pytest.skip(f"{synthesizer.name} says that it cannot")
    usual, moved = (
        synthesizer.synthesize(phonemes(TEXT), embedding, register=120.0, pitch=factor) for factor in (1.0, pitch)
    )
    assert len(usual.f0) == len(moved.f0)
    voiced = (usual.f0 > 0) & (moved.f0 > 0)
    assert np.median(moved.f0[voiced] / usual.f0[voiced]) == pytest.approx(pitch, rel=0.03)
    assert not np.allclose(usual.mel, moved.mel)


def test_factors_for_each_symbol_hold_where_it_is(synthesizer, embedding):
    if not synthesizer.changes_within:
        pytest.skip(f"{synthesizer.name} says that it cannot")
    symbols = phonemes(TEXT)
    first = np.arange(len(symbols)) < len(symbols) // 2
    usual = synthesizer.synthesize(symbols, embedding, register=120.0)
    made = synthesizer.synthesize(
        symbols,
        embedding,
        register=120.0,
        speed=np.where(first, 0.5, 1.0).astype(np.float32),
        pitch=np.where(first, 1.0, 1.3).astype(np.float32),
    )
    for one in (usual, made):
        assert one.symbols is not None
        assert one.symbols.shape == one.f0.shape
        assert set(one.symbols) == set(range(len(symbols)))
        assert (np.diff(one.symbols) >= 0).all()
    frames = [np.array([first[one.symbols].sum(), (~first)[one.symbols].sum()]) for one in (usual, made)]
    assert 1.8 < frames[1][0] / frames[0][0] < 2.2
    assert 0.95 < frames[1][1] / frames[0][1] < 1.05
    pitches = [
        [np.median(one.f0[where[one.symbols] & (one.f0 > 0)]) for where in (first, ~first)] for one in (usual, made)
    ]
    assert pitches[1][0] / pitches[0][0] == pytest.approx(1.0, rel=0.1)
    assert pitches[1][1] / pitches[0][1] == pytest.approx(1.3, rel=0.1)


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
