"""Where phonemes lie: by hand, and in speech."""

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.cloners import TimedPhoneme, TimedPiece, load_cloner
from voxproof.cloners.timing import joined, timed_phonemes
from voxproof.features.mel import MEL
from voxproof.speakers import enroll_voice
from voxproof.synthesis import SpokenMel

HOP = MEL.hop / MEL.rate


def spoken(symbols):
    frames = 0 if symbols is None else len(symbols)
    given = None if symbols is None else np.array(symbols)
    return SpokenMel(np.zeros((80, frames), np.float32), np.zeros(frames, np.float32), given)


def test_borders_lie_between_the_centres_of_frames():
    found = timed_phonemes(spoken([0, 0, 1, 2, 2, 2]), "aab", MEL)
    assert [one.symbol for one in found] == ["a", "a", "b"]
    assert [(one.start / HOP, one.end / HOP) for one in found] == [
        (0.0, pytest.approx(1.5)), (pytest.approx(1.5), pytest.approx(2.5)), (pytest.approx(2.5), pytest.approx(5.0)),
    ]  # fmt: skip


def test_frames_that_were_cut_off_and_symbols_that_nobody_knows():
    found = timed_phonemes(spoken([1, 1, 2]), "a☃bd", MEL)  # the snowman was never spoken, nor were a's frames kept
    assert [one.symbol for one in found] == ["b", "d"]


def test_an_engine_that_does_not_know():
    assert timed_phonemes(spoken(None), "ab", MEL) == ()


def test_pieces_are_put_behind_each_other():
    piece = TimedPiece(Audio(np.zeros(8_000, np.float32), 16_000), (TimedPhoneme("a", 0.1, 0.5),))
    seconds, found = joined([piece, piece])
    assert seconds == 1.0
    assert [(one.start, one.end) for one in found] == [(0.1, 0.5), (0.6, 1.0)]


def test_vowels_are_louder_than_the_pause_behind(voice_path):
    voice = enroll_voice(voice_path("ben"), "ben")
    (piece,) = load_cloner().timed_stream("Nobody saw the ferry go.", voice)
    level = {"vowel": [], "rest": []}
    for one in piece.phonemes:
        part = piece.audio.samples[round(one.start * 16_000) : round(one.end * 16_000)]
        kind = "vowel" if one.symbol in "oʊɑɔɛi" else "rest" if one.symbol in " ." else ""
        if kind and len(part):
            level[kind].append(float(np.sqrt((part**2).mean())))
    assert len(level["vowel"]) >= 4
    assert np.median(level["vowel"]) > 2 * np.median(level["rest"])
