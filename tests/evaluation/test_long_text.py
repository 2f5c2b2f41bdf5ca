"""Long texts: cutting, drift, and a small one end to end."""

from pathlib import Path

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.errors import TextError
from voxproof.evaluation.bootstrap import Interval
from voxproof.evaluation.long_text import (
    Drift,
    LongClone,
    Spoken,
    at_pauses,
    drift_of,
    evaluate_long_text,
    semitones,
    sentences_of,
)
from voxproof.evaluation.long_text_report import long_text_report
from voxproof.evaluation.passage import follow
from voxproof.speakers import enroll_voice

RATE = 16_000
TEXT = Path(__file__).parents[2] / "benchmarks" / "long_text.txt"


def test_the_text_of_the_benchmark_is_long_and_says_nothing_twice() -> None:
    text = TEXT.read_text(encoding="utf-8")
    assert len(text) >= 10_000
    said = sentences_of(text)
    assert len(said) == len(set(said)) > 100
    assert text.isascii()
    assert not any(character.isdigit() for character in text)


def test_a_text_without_a_sentence_is_refused() -> None:
    with pytest.raises(TextError, match="no sentence"):
        sentences_of(" \n\n ")


def test_pieces_are_the_whole_cut_in_pauses(voices: dict[str, Audio]) -> None:
    speech = np.concatenate([voices[name].samples for name in ("anna", "ben", "carl", "dora")] * 2)
    pieces = at_pauses(Audio(speech, RATE))
    assert np.array_equal(np.concatenate([piece.samples for piece in pieces]), speech)
    assert len(pieces) > 2
    assert all(15 <= piece.duration <= 28 for piece in pieces[:-1])
    assert pieces[-1].duration <= 28
    for piece in pieces[:-1]:
        assert np.abs(piece.samples[-800:]).max() < 0.1 * np.abs(piece.samples).max()


def test_short_sound_is_one_piece(speech: Audio) -> None:
    short = Audio(speech.samples[: 5 * RATE], RATE)
    assert [len(piece.samples) for piece in at_pauses(short)] == [5 * RATE]


def test_drift_is_seen(speech: Audio) -> None:
    same = drift_of(Audio(np.tile(speech.samples, 10), RATE))
    assert same.louder == pytest.approx(0.0, abs=0.1)
    assert same.higher == pytest.approx(0.0, abs=0.1)
    fading = np.concatenate([speech.samples * 10 ** (-place / 20) for place in range(10)]).astype(np.float32)
    assert drift_of(Audio(fading, RATE)).louder == pytest.approx(-9.0, abs=0.2)
    assert semitones(220.0, 110.0) == pytest.approx(12.0)


def test_silence_has_no_pitch() -> None:
    assert np.isnan(drift_of(Audio(np.zeros(RATE, np.float32), RATE)).f0).all()


def long_clone(heard: str) -> LongClone:
    said = follow(["the ferry leaves the harbour", "nobody saw it go", "they counted eleven men"], heard)
    rate = Interval(0.5, 0.25, 0.75, 3)
    return LongClone("ann", said, rate, (rate, rate, rate), Drift((-23.0, -24.0), (200.0, 100.0)), Spoken(60, 6, 1, 1))


def test_the_report_counts_and_names_sentences() -> None:
    found = long_clone("the ferry leaves the harbour the ferry leaves the harbour they counted eleven men")
    report = long_text_report("x" * 12_345, [found], command="c")
    page = report.markdown()
    assert "| ann | 3 | 1 | 1 | 0 |" in page
    assert "| ann | 2 | skipped | nobody saw it go | 0 of 4 |" in page
    assert "| ann | 1 | doubled | the ferry leaves the harbour | 5 of 5 |" in page
    assert "-1.00 LU" in page
    assert "-12.00 semitones" in page
    assert "12,345 characters" in page
    figures = report.as_dict()["figures"]
    assert figures["skipped_or_doubled"] == 2
    assert figures["voices"]["ann"]["rtf"] == pytest.approx(0.1)


def test_a_report_without_a_lost_sentence_lists_none() -> None:
    found = long_clone("the ferry leaves the harbour nobody saw it go they counted eleven men")
    assert "These sentences" not in long_text_report("x", [found]).markdown()


def test_a_small_text_end_to_end(voice_path, tmp_path: Path) -> None:
    text = "The ferry leaves the harbour before the sun comes up. Nobody saw it go.\n\nWho was missing on that morning?"
    voice = enroll_voice(voice_path("ben"), "ben")
    (found,) = evaluate_long_text(text, [voice], keep=tmp_path / "kept")
    assert [found.count(what) for what in ("skipped", "doubled")] == [0, 0]
    assert len(found.sentences) == 3
    assert sum(one.words for one in found.sentences) == len(text.split())
    assert found.wer.value < 0.4
    assert 4 < found.spoken.seconds < 12
    assert found.spoken.peak_memory > 50 << 20
    assert (tmp_path / "kept" / "ben.wav").is_file()
