"""Commands on addresses: `detect` says what it says of files of this computer; what cannot be reached is one line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from voxproof.audio import Audio, write_audio
from voxproof.places import Address
from voxproof.provenance import Manifest, write_marked

Run = Callable[..., Any]


@pytest.fixture
def folder(voice_path: Callable[[str], Path], speech: Audio, tmp_path: Path, bucket: str) -> tuple[Path, Address]:
    """The same recordings here and at an address."""
    here, there = tmp_path / "set", Address(f"{bucket}/set")
    (here / "deep").mkdir(parents=True)
    (here / "deep" / "ben.flac").write_bytes(voice_path("ben").read_bytes())
    (here / "b é.flac").write_bytes(voice_path("dora").read_bytes())
    (here / "letter.wav").write_text("Dear reader, this is no sound.")
    (here / ".hidden.wav").write_text("nor is this")
    write_audio(here / "short.flac", Audio(speech.samples[:32_000], speech.rate))
    write_marked(here / "made.wav", speech, Manifest(kind="clone", engine="native", voice="anna"))
    broken = json.loads((here / "made.wav.json").read_text()) | {"kind": "nonsense"}
    (here / "odd.flac").write_bytes(voice_path("anna").read_bytes())
    (here / "odd.flac.json").write_text(json.dumps(broken))
    for file in here.rglob("*"):
        if file.is_file():
            (there / file.relative_to(here).as_posix()).put(file)
    return here, there


def test_detect_says_the_same_of_both(run: Run, folder: tuple[Path, Address], tmp_path: Path) -> None:
    here, there = folder
    local, remote = run("detect", here, "--json"), run("detect", there, "--json")
    assert (local.code, remote.code) == (2, 2)
    assert remote.out.replace("S3://", "s3://") == local.out.replace(str(here), str(there))  # where a sentence begins
    assert remote.err == local.err.replace(str(here), str(there))
    assert len(remote.out.splitlines()) == 6
    assert f"{there}/odd.flac: the manifest in odd.flac.json is not valid" in remote.out
    one = run("detect", there / "short.flac", "--report", tmp_path / "page.html")
    assert one.code == 0
    assert f"{there}/short.flac: " in one.out
    page = (tmp_path / "page.html").read_text()
    assert f"{there}/short.flac" in page
    assert "<audio" in page


def test_what_is_not_there(run: Run, bucket: str) -> None:
    done = run("detect", f"{bucket}/none.wav", "--json")
    assert done.code == 2
    assert json.loads(done.out)["error"] == f"{bucket}/none.wav: there is no such file, folder or bucket"
    assert "there is no such file, folder or bucket" in run("detect", "s3://no-such-bucket/x").err


@pytest.fixture
def plan(tmp_path: Path) -> Callable[[str], Path]:
    def write(manifest: str) -> Path:
        (tmp_path / "plan.yaml").write_text(json.dumps({"manifest": manifest, "make": ["null"]}))
        return tmp_path / "plan.yaml"

    return write


def test_build_and_merge_on_what_is_not_there(run: Run, plan: Callable[[str], Path], bucket: str) -> None:
    Address(f"{bucket}/m.tsv").write_bytes(b"path\na.wav\n")
    done = run("dataset", "build", plan(f"{bucket}/m.tsv"), "-o", "s3://no-such-bucket/set")
    assert (done.code, done.refusal.endswith("there is no such file, folder or bucket")) == (2, True)
    done = run("dataset", "build", plan(f"{bucket}/none.tsv"), "-o", f"{bucket}/set")
    assert (done.code, done.refusal.startswith(f"{bucket}/none.tsv: there is no such manifest")) == (2, True)
    done = run("dataset", "merge", f"{bucket}/one", "-o", f"{bucket}/two")
    assert (done.code, done.refusal) == (2, f"{bucket}/one: there is no set of voxproof dataset build in it")


def test_nobody_answers(run: Run, plan: Callable[[str], Path], bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import fsspec

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    done = run("dataset", "build", plan(f"{bucket}/m.tsv"), "-o", f"{bucket}/set")
    assert done.code == 2
    assert done.refusal.startswith(f"{bucket}/m.tsv: cannot be reached (Could not connect")
    assert "s3cret" not in done.refusal
    assert "cannot be reached" in run("detect", f"{bucket}/a.wav").refusal


def test_fsspec_is_not_there(run: Run, plan: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fsspec.core", None)
    for arguments in (("detect", "s3://b/x"), ("dataset", "build", plan("s3://b/m.tsv"), "-o", "set")):
        done = run(*arguments)
        assert (done.code, "pip install 'voxproof[remote]'" in done.refusal) == (2, True)
