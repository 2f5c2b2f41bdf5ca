"""`voxproof enroll` and `voxproof voices`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from voxproof.speakers import Voice, list_voices, load_voice

Run = Callable[..., Any]
Voices = Callable[[str], Path]


def test_enroll_and_show(run: Run, voice_path: Voices) -> None:
    done = run("enroll", voice_path("anna"), voice_path("anna"), "--name", "Anna B.", "--consent", "she said yes")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Anna B.: ")
    assert "--voice 'Anna B.'" in done.out
    voice = load_voice("Anna B.")
    assert voice.seconds > 10
    assert voice.consent is not None
    facts = json.loads(run("voices", "show", "Anna B.", "--json").out)
    assert facts["consent"]["note"] == "she said yes"
    assert facts["dim"] == len(voice.embedding)
    assert "she said yes" in run("voices", "show", "Anna B.").out


def test_enroll_says_what_may_spoil_it(run: Run, voice_path: Voices, tmp_path: Path) -> None:
    from voxproof.audio import Audio, read_audio, write_audio

    write_audio(tmp_path / "short.wav", Audio(read_audio(voice_path("ben")).samples[:48_000], 16_000))
    done = run("enroll", tmp_path / "short.wav", "--name", "ben", "--json")
    assert done.code == 0
    assert "s of speech" in done.err
    assert "consent" in done.err
    assert json.loads(done.out)["notes"]


@pytest.mark.parametrize("kind", ["missing", "letter", "silence", "music", "word"])
def test_bad_references(kind: str, run: Run, bad_recordings: dict[str, tuple[Path, str]]) -> None:
    path, mentions = bad_recordings[kind]
    done = run("enroll", path, "--name", "nobody")
    assert done.code == 2
    assert mentions in done.refusal
    assert list_voices() == []


def test_names(run: Run, voice_path: Voices) -> None:
    for name in ("", "../up", "a/b", ".hidden", "x" * 81, "a\nb"):
        assert run("enroll", voice_path("ben"), "--name", name).code == 2
    run("enroll", voice_path("ben"), "--name", "ben")
    again = run("enroll", voice_path("anna"), "--name", "ben")
    assert (again.code, "already" in again.refusal) == (2, True)
    pitch = load_voice("ben").f0
    assert run("enroll", voice_path("anna"), "--name", "ben", "--replace").code == 0
    assert load_voice("ben").f0 > 1.5 * pitch


def test_where_voices_cannot_be_kept(
    run: Run, voice_path: Voices, own_folders: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    voice = Voice("ben", [0.6, 0.8], "voice-encoder", 3.0)  # type: ignore[arg-type]
    voice.save(tmp_path / "ben.voice")
    monkeypatch.setenv("VOXPROOF_HOME", str(tmp_path / "file"))
    done = run("voices", "rename", "ben", "bob")
    assert (done.code, str(tmp_path / "file") in done.refusal) == (2, True)


def test_list_rename_export_delete(run: Run, tmp_path: Path, own_folders: Path) -> None:
    empty = run("voices")
    assert (empty.code, empty.out, "enroll" in empty.err) == (0, "", True)
    assert run("voices", "list", "--json").out == "[]\n"
    folder = own_folders / "home" / "voices"
    folder.mkdir(parents=True)
    Voice("ben", [0.6, 0.8], "voice-encoder", 3.0, f0=101.0).save(folder / "ben.voice")  # type: ignore[arg-type]
    (folder / "broken.voice").write_bytes(b"no voice")
    listed = run("voices", "list").out.splitlines()
    assert listed[0] == "ben     3.0 s of speech, pitch 101 Hz, no consent recorded"
    assert listed[1].startswith("broken  broken: ")
    assert [entry["name"] for entry in json.loads(run("voices", "--json").out)] == ["ben", "broken"]
    assert run("voices", "rename", "ben", "bob").code == 0
    assert load_voice("bob").name == "bob"
    assert run("voices", "export", "bob", "-o", tmp_path / "bob.voice").code == 0
    assert Voice.load(tmp_path / "bob.voice").f0 == 101.0
    for wrong in (("export", "bob", "-o", tmp_path / "bob.wav"), ("export", "ben"), ("show", "ben"), ("delete", "ben")):
        assert run("voices", *wrong).code == 2
    assert "--yes" in run("voices", "delete", "bob").refusal, "nobody is there to be asked"
    assert run("voices", "delete", "bob", "--yes").code == 0
    assert run("voices", "delete", "broken", "--yes").code == 0
    assert list_voices() == []
