"""SSML as it sounds in our own cloner: slower, higher, softer, silent for as long as asked, and only where asked."""

import warnings

import numpy as np
import pytest

from voxproof.audio.loudness import loudness
from voxproof.cloners import load_cloner
from voxproof.cloners.delivery import Delivery, levelled, warn_of_what_is_not_done
from voxproof.features import f0
from voxproof.features.level import SPEECH_LEVEL
from voxproof.speakers import enroll_voice
from voxproof.synthesis import SpokenMel
from voxproof.text import Prosody, Utterance, plan

SENTENCE = "The ferry leaves the harbour just before the sun comes up."


@pytest.fixture(scope="module")
def say(voice_path):
    cloner, voice = load_cloner("native"), enroll_voice(voice_path("ben"), "ben")
    return lambda text, **how: cloner.clone(text, voice, **how)


@pytest.fixture(scope="module")
def usual(say):
    return say(SENTENCE)


def median_pitch(audio):
    pitch = f0(audio.samples, audio.rate)
    return float(np.median(pitch[pitch > 0]))


def marked(attributes):
    return f"<speak><prosody {attributes}>{SENTENCE}</prosody></speak>"


def test_rate(say, usual):
    assert say(marked("rate='80%'")).duration == pytest.approx(usual.duration / 0.8, rel=0.06)
    assert say(marked("rate='150%'"), speed=0.8).duration == pytest.approx(usual.duration / 1.2, rel=0.06)


def test_pitch(say, usual):
    for semitones in (-3, 4):
        moved = say(marked(f"pitch='{semitones:+}st'"))
        assert moved.duration == pytest.approx(usual.duration, rel=0.03)
        assert median_pitch(moved) / median_pitch(usual) == pytest.approx(2 ** (semitones / 12), rel=0.05)


def test_volume_is_kept_though_all_is_levelled(say, usual):
    for decibels in (-12, 3):
        moved = say(marked(f"volume='{decibels:+}dB'"))
        assert loudness(moved) - loudness(usual) == pytest.approx(decibels, abs=0.3)
    assert np.abs(say(marked("volume='silent'")).samples).max() < 1e-6
    assert np.abs(say(marked("volume='x-loud'")).samples).max() < 1.0


def test_emphasis_changes_its_word_and_leaves_the_rest(say, usual):
    strong = say(f"<speak>{SENTENCE.replace('just', '<emphasis level=' + repr('strong') + '>just</emphasis>')}</speak>")
    assert usual.duration < strong.duration < usual.duration + 0.4
    begin = round(0.6 * 16_000)
    levels = [float(np.sqrt((one.samples[:begin] ** 2).mean())) for one in (usual, strong)]
    assert levels[1] == pytest.approx(levels[0], rel=0.1)


def test_a_break_is_as_long_as_asked_at_any_speed(say):
    def break_of(seconds, speed):
        cut, waiting = (
            say(f"<speak>The ferry leaves. <break time='{time}'/> It is late.</speak>", speed=speed)
            for time in ("0.5s", seconds)
        )
        return waiting.duration - cut.duration

    for speed in (0.7, 1.5):
        assert break_of("2.5s", speed) == pytest.approx(2.0, abs=0.02)


def test_a_break_by_strength_goes_with_the_speed(say):
    def pause(speed):
        weak, strong = (
            say(f"<speak>It leaves. <break strength='{one}'/> It is late.</speak>", speed=speed).duration
            for one in ("none", "strong")
        )
        return strong - weak

    assert pause(0.5) == pytest.approx(1.4, abs=0.03)
    assert pause(2.0) == pytest.approx(0.35, abs=0.03)


def test_a_short_and_a_long_utterance_have_one_level(say):
    assert loudness(say("No.")) == pytest.approx(loudness(say(SENTENCE)), abs=2.0)


def test_the_volume_follows_the_symbols():
    hop, frames = 200, 80
    noise = np.random.default_rng(0).normal(0, 0.1, hop * frames).astype(np.float32)
    symbols = np.arange(frames) // 40
    spoken = SpokenMel(np.zeros((80, frames), np.float32), np.zeros(frames, np.float32), symbols)
    out = levelled(noise, spoken, np.float32([1.0, 0.1]), hop)
    halves = [float(np.sqrt((part**2).mean())) for part in (out[: 38 * hop], out[42 * hop :])]
    assert halves[0] == pytest.approx(SPEECH_LEVEL, rel=0.1)
    assert halves[1] / halves[0] == pytest.approx(0.1, rel=0.1)
    unknown = levelled(noise, SpokenMel(spoken.mel, spoken.f0), np.float32([1.0, 0.1]), hop)
    assert float(np.sqrt((unknown**2).mean())) == pytest.approx(0.55 * SPEECH_LEVEL, rel=0.1)


class Plain:
    """A synthesizer that cannot change pitch, nor anything within an utterance."""

    name, changes_pitch, changes_within = "plain", False, False


def test_what_a_synthesizer_cannot_do_is_told_and_its_mean_holds():
    utterances = plan("<speak>One <prosody pitch='high' rate='50%'>two</prosody> three.</speak>")
    with pytest.warns(UserWarning, match=r"plain cannot .*pitch; a change within a sentence") as caught:
        warn_of_what_is_not_done(utterances, Plain())
    assert len(caught) == 1
    how = Delivery.of(utterances[0], 1.0, Plain())
    assert isinstance(how.speed, float)
    assert 0.5 < how.speed < 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_what_is_not_done(plan("One. Two."), Plain())
        warn_of_what_is_not_done(plan("<speak><prosody rate='slow'>One. Two.</prosody></speak>"), Plain())


def test_the_rate_stays_within_bounds_and_pauses_follow_it():
    slow = Utterance("", "ab", 0.4, (Prosody(rate=0.5),) * 2)
    how = Delivery.of(slow, 0.5, Plain())
    assert (how.speed, how.pause) == (0.5, 0.8)
    exact = Utterance("", "ab", 0.4, (), pause_is_exact=True)
    assert Delivery.of(exact, 0.5, Plain()).pause == 0.4
