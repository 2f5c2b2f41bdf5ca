"""What is no clean speech at all: never a confident answer from nothing, from Python and on the command line."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import voxproof as vp
from voxproof.audio import Audio, speech_segments, write_audio
from voxproof.detection.condition import UNJUDGED, believed

Run = Callable[..., Any]
Samples = Any
RATE = 16_000


def noise(seconds: float, seed: int = 0) -> Samples:
    return np.random.default_rng(seed).standard_normal(round(seconds * RATE)).astype(np.float32)


def pink(seconds: float) -> Samples:
    spectrum = np.fft.rfft(noise(seconds))
    return np.fft.irfft(spectrum / np.sqrt(np.arange(len(spectrum)) + 1), round(seconds * RATE)).astype(np.float32)


def music(seconds: float) -> Samples:
    """Chords that change every second, with overtones."""
    time = np.arange(round(seconds * RATE)) / RATE
    root = 220 * 2 ** (np.array([0, 5, 7, 3])[time.astype(int) % 4] / 12)
    phase = 2 * np.pi * np.cumsum(root) / RATE
    chord = sum(np.sin(k * 2 ** (step / 12) * phase) / k for step in (0, 4, 7) for k in (1, 2, 3))
    return np.asarray(0.05 * chord, np.float32)


def under(speech: Audio, other: Samples, decibels: float) -> Samples:
    """Speech with something else, so many dB under its loud half."""
    loud = np.sqrt(np.mean(np.sort(speech.samples**2)[len(speech.samples) // 2 :]))
    mixed = speech.samples + np.resize(other, len(speech.samples)) * loud / other.std() * 10 ** (-decibels / 20)
    return 0.5 * mixed / np.abs(mixed).max()


def word(speech: Audio, seconds: float) -> Samples:
    start = round((speech_segments(speech)[0][0] + 0.1) * RATE)
    return speech.samples[start : start + round(seconds * RATE)]


def clipped(speech: Audio) -> Samples:
    return 0.9 * np.clip(12 * speech.samples, -1, 1)


def coarse(speech: Audio) -> Samples:
    """So quiet that 16 bits leave 40 steps."""
    return np.round(40 * speech.samples / np.abs(speech.samples).max()) / 32_768


@dataclass(frozen=True)
class Case:
    """Samples of a voice, the rate at which they are written, and the warnings of which there must be one."""

    name: str
    make: Callable[[Audio], Samples]
    codes: tuple[str, ...]
    rate: int = RATE


CASES = [
    Case("silence", lambda speech: np.zeros(3 * RATE), ("silent",)),
    Case("the noise of a sound card", lambda speech: 1e-5 * noise(3), ("silent",)),
    Case("white noise", lambda speech: 0.1 * noise(4), ("no-speech",)),
    Case("pink noise", lambda speech: 0.1 * pink(4) / pink(4).std(), ("no-speech",)),
    Case("faint noise", lambda speech: 1e-3 * noise(4), ("no-speech",)),
    Case("a tone", lambda speech: 0.3 * np.sin(0.2 * np.arange(4 * RATE)), ("no-speech",)),
    Case("music", lambda speech: music(5), ("no-speech",)),
    Case("clicks", lambda speech: np.where(np.arange(4 * RATE) % 4000 == 0, 0.8, 0.0), ("no-speech",)),
    Case("an offset alone", lambda speech: np.full(3 * RATE, 0.4), ("no-speech", "silent")),
    Case("one sample", lambda speech: np.full(1, 0.5), ("no-speech",)),
    Case("0.2 s of speech", lambda speech: word(speech, 0.2), ("too-short", "no-speech")),
    Case("0.7 s of speech", lambda speech: word(speech, 0.7), ("too-short", "no-speech")),
    Case("1.6 s of speech", lambda speech: word(speech, 1.6), ("short",)),
    Case("a telephone", lambda speech: speech.resampled(8_000).samples, ("narrow-band",), 8_000),
    Case("a telephone as 44.1 kHz", lambda s: s.resampled(8_000).resampled(44_100).samples, ("narrow-band",), 44_100),
    Case("clipped speech", clipped, ("clipped",)),
    Case("quiet speech", coarse, ("quiet",)),
    Case("speech in noise", lambda speech: under(speech, noise(4), 9), ("noisy", "loud-noise")),
    Case("speech in loud noise", lambda speech: under(speech, noise(4), 1), ("loud-noise", "no-speech", "too-short")),
    Case("tones under speech", lambda speech: under(speech, music(8), 12), ("music",)),
    Case("music before speech", lambda speech: np.concatenate([music(4), speech.samples]), ("music",)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_warning_or_uncertain(case: Case, speech: Audio, run: Run, tmp_path: Path) -> None:
    audio = Audio(np.asarray(case.make(speech), np.float32), case.rate)
    path = tmp_path / "hard.wav"
    write_audio(path, audio)
    verdict = vp.detect(path)
    codes = {warning.code for warning in verdict.warnings}
    assert codes & set(case.codes)
    assert 0.0 <= verdict.probability <= 1.0
    if codes & set(UNJUDGED):
        assert verdict.label == "uncertain"
        assert str(verdict).startswith("This cannot be judged. Note: ")
    else:
        assert believed(list(verdict.warnings)) < 1.0, "a warning that leaves the answer as sure as it was"
    if verdict.label == "uncertain":
        assert "What to do: " in str(verdict)

    done = run("detect", path, "--json")
    facts = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert facts["label"] == verdict.label
    assert {warning["code"] for warning in facts["warnings"]} == codes
    assert facts["sentence"] == str(verdict)


def test_an_offset_changes_nothing(speech: Audio) -> None:
    plain, moved = vp.detect(Audio(0.5 * speech.samples, RATE)), vp.detect(Audio(0.5 * speech.samples + 0.4, RATE))
    assert moved.label == plain.label
    assert moved.llr == pytest.approx(plain.llr, abs=0.3)


def test_a_telephone_is_believed_less_than_the_detector_says(speech: Audio) -> None:
    from voxproof.detection import load_detector

    phone = speech.resampled(8_000)
    said = load_detector().score(phone.resampled(RATE), speech_segments(phone)).clip_llr
    verdict = vp.detect(phone)
    assert verdict.llr == pytest.approx(believed(list(verdict.warnings)) * said, abs=1e-6)
    assert abs(verdict.llr) < abs(said)


def test_nothing_is_explained_where_nothing_was_heard(speech: Audio, run: Run, tmp_path: Path) -> None:
    write_audio(tmp_path / "silence.wav", Audio(np.zeros(3 * RATE, np.float32), RATE))
    page = tmp_path / "report.html"
    done = run("detect", tmp_path / "silence.wav", "--explain", "--report", page)
    assert done.code == 0
    assert len(done.out.splitlines()) == 1
    text = page.read_text("utf-8")
    assert "Uncertain means" in text
    assert "most suspicious" not in text
