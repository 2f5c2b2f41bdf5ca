"""What every detector must do, whatever runs it: each shipped card of the kind goes through all of it."""

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.detection import detect_audio, detectors, load_detector
from voxproof.errors import ModelError
from voxproof.models import cards, verify

NAMES = [card.name for card in cards("detector")]


@pytest.fixture(params=NAMES)
def engine(request):
    return load_detector(request.param)


def test_one_ships():
    assert "detector-fast" in NAMES
    assert "spectral" in detectors.names()


def test_scores_have_times_and_finite_ratios(engine, speech):
    scores = engine.score(speech)
    assert scores.times.shape == (len(scores.llr), 2)
    assert len(scores.llr) >= (2 if speech.duration * engine.rate >= engine.window + engine.hop else 1)
    assert np.isfinite(scores.llr).all()
    assert np.isfinite(scores.clip_llr)
    assert (np.diff(scores.times[:, 0]) > 0).all()
    assert scores.times[0, 0] == 0.0
    assert scores.times[-1, 1] == pytest.approx(speech.duration, abs=0.02)
    lengths = scores.times[:, 1] - scores.times[:, 0]
    assert (lengths >= 1.0).all()
    assert (lengths <= max(4.1, engine.window / engine.rate)).all()


def test_the_same_sound_gets_the_same_scores(engine, speech):
    assert np.array_equal(engine.score(speech).llr, engine.score(speech).llr)


@pytest.mark.parametrize("samples", [0, 1, 100, 1599, 1600, 8000, 31_999, 32_000, 32_001])
def test_any_length_is_scored_or_has_no_window(engine, speech, samples):
    scores = engine.score(Audio(speech.samples[16_000 : 16_000 + samples], 16_000))
    assert len(scores.llr) == (0 if samples < engine.shortest_seconds * 16_000 else len(scores.times))
    assert np.isfinite(scores.clip_llr)
    if len(scores.times):
        assert scores.times[-1, 1] == pytest.approx(samples / 16_000, abs=0.02)


def test_another_rate_is_heard_alike(engine, speech):
    ours = detect_audio(speech, engine).llr
    theirs = detect_audio(speech.resampled(44_100), engine).llr
    assert abs(ours - theirs) < 0.5


def test_the_level_hardly_matters(engine, speech):
    quiet = Audio(0.1 * speech.samples, speech.rate)
    assert abs(detect_audio(quiet, engine).llr - detect_audio(speech, engine).llr) < 0.1


def test_files_are_what_the_card_says(engine):
    assert all(state.state == "ok" for state in verify(engine.card))


def test_other_kinds_are_refused():
    with pytest.raises(ModelError, match="not a detector"):
        load_detector("silero-vad") if "silero-vad" in [card.name for card in cards()] else load_detector("distillmos")
    with pytest.raises(ModelError, match="no model is called"):
        load_detector("nothing-of-the-kind")
