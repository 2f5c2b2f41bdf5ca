"""`voxproof convert`: what it writes, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import voxproof
from voxproof.audio import read_audio
from voxproof.features import f0
from voxproof.provenance import read_manifest, read_mark

Run = Callable[..., Any]
Voices = Callable[[str], Path]


def test_a_conversion_is_written_marked_and_told(run: Run, voice_path: Voices, tmp_path: Path) -> None:
    out = tmp_path / "moved.wav"
    done = run("convert", voice_path("ben"), "--voice", voice_path("anna"), "-o", out, "--json")
    assert done.code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["moved.wav", "moved.wav.json"]
    source, moved, manifest = read_audio(voice_path("ben")), read_audio(out), read_manifest(out)
    assert manifest is not None
    assert json.loads(done.out)["manifest"] == manifest.mapping()
    assert (manifest.kind, manifest.voice) == ("conversion", "anna")
    assert [(one.role, one.name) for one in manifest.sources] == [("speech", "ben.flac"), ("reference", "anna.flac")]
    assert read_mark(moved).payload == manifest.payload
    assert moved.duration == pytest.approx(source.duration, abs=0.05), "timing stays"
    pitches = [f0(audio.samples, audio.rate) for audio in (source, moved)]
    low, high = (float(np.median(pitch[pitch > 0])) for pitch in pitches)
    assert high > 1.4 * low, "a man's speech moves to a woman's register"
    assert voxproof.detect(out).label == "fake"


@pytest.mark.parametrize("kind", ["missing", "empty", "letter", "silence", "music", "nan"])
def test_bad_sources(
    kind: str, bad_recordings: dict[str, tuple[Path, str]], run: Run, voice_path: Voices, tmp_path: Path
) -> None:
    path, mentions = bad_recordings[kind]
    done = run("convert", path, "--voice", voice_path("anna"), "-o", tmp_path / "out.wav")
    assert done.code == 2
    assert path.name in done.refusal
    assert mentions in done.refusal or "no speech" in done.refusal
    assert list(tmp_path.iterdir()) == []


def test_bad_targets(run: Run, voice_path: Voices, tmp_path: Path) -> None:
    source = tmp_path / "ben.flac"
    source.write_bytes(voice_path("ben").read_bytes())
    for target, mentions in (("ben.flac", "one of the recordings"), ("a/b.wav", "no folder"), ("b.aac", "suffix")):
        done = run("convert", source, "--voice", voice_path("anna"), "-o", tmp_path / target)
        assert (done.code, mentions in done.refusal) == (2, True)
    assert list(tmp_path.iterdir()) == [source]
