"""What only one of the engines does."""

import numpy as np
import pytest

from voxproof.errors import TextError
from voxproof.synthesis.controls import Controls
from voxproof.text import encode, phonemes

TEXT = phonemes("The ferry leaves the harbour just before the sun comes up.")


@pytest.fixture(scope="module")
def embedding():
    vector = np.random.default_rng(0).random(256).astype(np.float32)
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize(
    ("name", "moves"), [("cantor", False), ("fastspeech2", False), ("matcha", True), ("tacotron2", True)]
)
def test_the_seed_moves_what_is_random(make_synthesizer, embedding, name, moves):
    engine = make_synthesizer(name)
    one, other = (engine.synthesize(TEXT, embedding, register=120.0, seed=seed).mel for seed in (1, 2))
    n = min(one.shape[1], other.shape[1])
    assert np.array_equal(one[:, :n], other[:, :n]) != moves


@pytest.mark.parametrize("name", ["fastspeech2", "matcha", "tacotron2"])
def test_the_speaker_is_heard(make_synthesizer, embedding, name):
    engine = make_synthesizer(name)
    one, other = (engine.synthesize(TEXT, e, register=120.0).mel.mean(1) for e in (embedding, np.roll(embedding, 7)))
    assert np.abs(one - other).max() > 1e-3


def test_tacotron_stays_between_bounds_though_its_attention_learned_nothing(tmp_path, embedding):
    from .conftest import engine_of, export_tacotron2

    export_tacotron2(tmp_path / "lost", walks=False)
    engine = engine_of(tmp_path / "lost", "tacotron2")
    frames = len(engine.synthesize(TEXT, embedding, register=120.0).f0)
    sounds = sum(symbol not in " .ˈˌː" for symbol in TEXT)
    assert 2 * sounds <= frames <= 40 * len(TEXT)


@pytest.fixture
def say(make_synthesizer, embedding):
    engine = make_synthesizer("fastspeech2")
    return lambda **controls: engine.synthesize(TEXT, embedding, register=120.0, controls=Controls(**controls))


def test_semitones_move_the_pitch(say):
    plain, high = say(), say(semitones=12.0)
    voiced = plain.f0 > 0
    assert high.f0[voiced] == pytest.approx(2 * plain.f0[voiced], rel=1e-4)
    assert np.abs(high.mel - plain.mel).max() > 1e-3  # the mel hears of it


def test_melody_of_zero_is_monotonous(say):
    made = say(melody=0.0)
    assert made.f0[made.f0 > 0] == pytest.approx(120.0)
    assert say().f0.std() > made.f0[made.f0 > 0].std()


def test_durations_and_energy_can_be_changed(say):
    plain = say()
    assert say(duration=2.0).f0.shape[0] == pytest.approx(2 * len(plain.f0), rel=0.03)
    louder = say(decibels=6.0)
    assert len(louder.f0) == len(plain.f0)
    assert np.abs(louder.mel - plain.mel).max() > 1e-3


def test_one_phoneme_alone_can_be_changed(say):
    count = len(encode(TEXT))
    stress = np.zeros(count, np.float32)
    stress[4] = 7.0
    plain, made = say(), say(semitones=stress)
    moved = np.flatnonzero(plain.f0 != made.f0)
    assert 0 < len(moved) <= 40
    assert (np.diff(moved) <= 2).all()


def test_a_wrong_number_of_controls_is_one_line(say):
    with pytest.raises(TextError, match="'semitones' has 3 values"):
        say(semitones=np.zeros(3, np.float32))


def test_a_straight_flow_arrives_in_few_steps(make_synthesizer, monkeypatch):
    """On straight lines Euler's method makes no error, however few its steps."""
    engine = make_synthesizer("matcha")
    goal = np.random.default_rng(0).standard_normal((1, 10, 80)).astype(np.float32)

    class Straight:
        def run(self, names, feeds):
            return [(goal - feeds["mel"]) / (1.0 - feeds["time"])]

    monkeypatch.setattr(engine, "_velocity", Straight())
    assert np.abs(engine._flow(np.zeros((1, 10, 16), np.float32), seed=0) - goal).max() < 1e-4
