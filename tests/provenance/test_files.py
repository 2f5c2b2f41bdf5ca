"""Marked files with their manifests, in every format, and what is written when something is wrong: nothing."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from voxproof.audio import Audio, limits, read_audio, write_audio
from voxproof.errors import AudioError, VoxproofError
from voxproof.provenance import Manifest, check, consent_note, mark, read_manifest, read_mark, seal, write_marked


@pytest.fixture
def short(speech: Audio) -> Audio:
    return Audio(speech.samples[:48_000], 16_000)


@pytest.fixture
def manifest() -> Manifest:
    return Manifest(
        kind="clone", engine="native", voice="anna", text="Grüß Gott, “world”.", seed=3, consent=consent_note("mine")
    )


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".mp3", ".ogg", ".opus"])
def test_every_format_keeps_mark_and_manifest(short: Audio, manifest: Manifest, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"clone{suffix}"
    written = write_marked(path, short, manifest)
    assert sorted(file.name for file in tmp_path.iterdir()) == [path.name, path.name + ".json"]
    found = read_manifest(path)
    assert found is not None
    assert found.mapping() == written.manifest
    assert found.text == manifest.text
    assert read_mark(path).payload == found.payload == manifest.own_payload()
    assert check(path, found) == ("unchanged" if suffix in (".wav", ".flac") else "recoded")
    # The comment tag alone is enough.
    path.with_name(path.name + ".json").unlink()
    assert read_manifest(path) == found


def test_a_long_text_stays_beside_the_file_and_leaves_its_hash_in_the_tag(short: Audio, tmp_path: Path) -> None:
    long = Manifest(kind="clone", engine="native", text="Once upon a time. " * 500)
    path = tmp_path / "long.wav"
    write_marked(path, short, long)
    beside = read_manifest(path)
    assert beside is not None
    assert beside.text == long.text
    (tmp_path / "long.wav.json").unlink()
    inside = read_manifest(path)
    assert inside is not None
    assert inside.text is None
    assert inside.text_sha256 == long.text_sha256
    assert inside.payload == beside.payload
    assert check(path, inside) == "unchanged"


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".opus", ".mp3"])
def test_what_was_made_is_written_however_long_it_is(
    short: Audio, manifest: Manifest, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour of speech is more than the reader lets in from others, and must not be lost when it is read back."""
    monkeypatch.setattr(limits, "MAX_SECONDS", short.duration / 3)
    path = tmp_path / f"long{suffix}"
    sealed = write_marked(path, short, manifest)
    assert path.is_file()
    assert path.with_name(path.name + ".json").is_file()
    with pytest.raises(AudioError, match="too long"):
        read_audio(path)
    monkeypatch.undo()
    assert read_mark(read_audio(path)).payload == sealed.manifest["payload"]


def test_altered_samples_are_seen(short: Audio, manifest: Manifest, tmp_path: Path) -> None:
    path = tmp_path / "clone.wav"
    write_marked(path, short, manifest)
    found = read_manifest(path)
    assert found is not None
    samples = read_audio(path).samples.copy()
    samples[1000] += 1 / 32_768
    write_audio(path, Audio(samples, 16_000))
    assert read_mark(path).present
    assert check(path, found) == "altered"
    # Coded anew it is a recoded file of that manifest; another sound under its name is not.
    write_audio(tmp_path / "copy.mp3", Audio(samples, 16_000))
    assert check(tmp_path / "copy.mp3", found) == "recoded"
    write_audio(tmp_path / "other.mp3", short)
    assert check(tmp_path / "other.mp3", found) == "altered"


def test_a_mark_that_is_there_is_not_made_twice(short: Audio, manifest: Manifest) -> None:
    once = seal(short, manifest)
    again = seal(once, manifest)
    assert np.array_equal(once.samples, again.samples)
    assert again.manifest == once.manifest
    foreign = seal(mark(short, manifest.own_payload() ^ 1), manifest)
    assert read_mark(foreign).payload == manifest.own_payload()


def test_saving_a_sealed_sound_is_writing_it_marked(short: Audio, manifest: Manifest, tmp_path: Path) -> None:
    seal(short, manifest).save(tmp_path / "saved.flac")
    found = read_manifest(tmp_path / "saved.flac")
    assert found is not None
    assert check(tmp_path / "saved.flac", found) == "unchanged"


def test_no_mark_no_file(short: Audio, manifest: Manifest, tmp_path: Path) -> None:
    """Sound at the edge of silence holds a mark in 16 bits, and none behind an MP3 encoder, which drops it."""
    whisper = Audio(short.samples * 3e-4, 16_000)
    with pytest.raises(AudioError, match=r"the watermark does not survive in a \.mp3 file"):
        write_marked(tmp_path / "whisper.mp3", whisper, manifest)
    assert list(tmp_path.iterdir()) == []
    write_marked(tmp_path / "whisper.wav", whisper, manifest)
    assert read_mark(tmp_path / "whisper.wav").present


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_gets_nothing(short: Audio, manifest: Manifest, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(AudioError, match="read-only"):
            write_marked(tmp_path / "clone.wav", short, manifest)
    finally:
        tmp_path.chmod(0o700)
    assert list(tmp_path.iterdir()) == []


def test_a_manifest_that_cannot_be_written_keeps_the_old_files(
    short: Audio, manifest: Manifest, tmp_path: Path
) -> None:
    path = tmp_path / "clone.wav"
    write_marked(path, short, manifest)
    before = path.read_bytes()
    (tmp_path / "clone.wav.json").unlink()
    (tmp_path / "clone.wav.json").mkdir()
    with pytest.raises(AudioError, match="folder"):
        write_marked(path, short, manifest.model_copy(update={"seed": 4}))
    assert path.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["clone.wav", "clone.wav.json"]


def test_files_without_a_manifest_have_none(short: Audio, voice_path: object, tmp_path: Path) -> None:
    path = tmp_path / "plain.wav"
    write_audio(path, short)
    assert read_manifest(path) is None
    for text in ("", "{", "[1]", '{"tool": "other"}', "[" * 100_000):
        (tmp_path / "plain.wav.json").write_text(text)
        assert read_manifest(path) is None
    (tmp_path / "plain.wav.json").write_bytes(b"\xff\xfe\x00")
    assert read_manifest(path) is None
    assert read_manifest(tmp_path / "missing.wav") is None


def test_a_broken_manifest_of_ours_is_said(short: Audio, manifest: Manifest, tmp_path: Path) -> None:
    path = tmp_path / "clone.wav"
    write_marked(path, short, manifest)
    beside = tmp_path / "clone.wav.json"
    facts = json.loads(beside.read_text())
    facts["knid"] = facts.pop("kind")
    beside.write_text(json.dumps(facts))
    with pytest.raises(VoxproofError, match=r"the manifest in clone\.wav\.json is not valid \(kind: "):
        read_manifest(path)


def test_a_moved_file_keeps_what_it_carries(short: Audio, manifest: Manifest, tmp_path: Path) -> None:
    write_marked(tmp_path / "one.flac", short, manifest)
    shutil.move(tmp_path / "one.flac", tmp_path / "two.flac")
    found = read_manifest(tmp_path / "two.flac")
    assert found is not None
    assert found.voice == "anna"
