"""What holds for every maker, on real speech; a maker whose engine is not installed is skipped."""

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.datasets.fakes import Source, load_maker, makers
from voxproof.datasets.fakes.maker import RATE
from voxproof.errors import ModelError
from voxproof.features import log_mel
from voxproof.features.mel import Floats
from voxproof.provenance import read_mark

TEXT = "The ferry leaves the harbour just before the sun comes up."
ITALIAN = "Il traghetto lascia il porto poco prima che sorga il sole."


@pytest.fixture(params=list(makers()))
def maker(request):
    one = makers()[request.param]
    if one.missing():
        pytest.skip(one.missing())
    return one


def source_for(maker, clip: Floats, other: Floats) -> Source:
    target = {"": (), "own": (clip,), "other": (other,)}[maker.voices]
    if maker.speaks is not None and "en" not in maker.speaks:
        return Source(clip, ITALIAN, min(maker.speaks), target)
    return Source(clip, TEXT, "en", target)


def test_makes_speech_of_its_own(maker, clip, other):
    made = maker(source_for(maker, clip, other), seed=3)
    assert made.dtype == np.float32
    assert np.isfinite(made).all()
    assert np.abs(made).max() > 0.01
    if maker.aligned:
        assert abs(len(made) - len(clip)) <= RATE // 20
        n = min(len(made), len(clip))
        was, now = log_mel(clip[:n]), log_mel(made[:n])
        assert not np.allclose(made[:n], clip[:n], atol=1e-3)
        # The same words at the same times: loud frames stay loud and soft ones soft.
        assert np.corrcoef(was.mean(0), now.mean(0))[0, 1] > 0.7
    else:
        assert 0.4 < len(made) / len(clip) < 2.5


@pytest.mark.parametrize("name", ["own-pulsar-noisy", "own-griffinlim-mel40", "own-lpc", "own-native", "own-minphase"])
def test_the_same_seed_makes_the_same(name, clip, other):
    maker = load_maker(name)
    source = source_for(maker, clip, other)
    assert np.array_equal(maker(source, 5), maker(source, 5))
    assert not np.array_equal(maker(source, 5), maker(source, 6))


@pytest.mark.parametrize("name", ["own-native", "own-convert"])
def test_nothing_is_marked(name, clip, other):
    maker = load_maker(name)
    made = maker(source_for(maker, clip, other), 1)
    assert not read_mark(Audio(made, RATE)).present


def test_names_are_own_and_every_vocoder_has_one():
    assert all(name == one.name and name.startswith("own-") for name, one in makers().items())
    assert {"own-pulsar", "own-griffinlim", "own-world", "own-lpc", "own-espeak"} <= set(makers())


def test_an_unknown_maker_is_refused():
    with pytest.raises(ModelError, match="own-world"):
        load_maker("nothing")


def test_a_maker_says_what_it_lacks(clip, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ModelError, match="flite is not installed"):
        load_maker("own-flite-slt")(Source(clip, TEXT, "en"))
