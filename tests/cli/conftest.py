"""Runs the real command line in this process, or as a process of its own."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voxproof.audio import Audio, write_audio
from voxproof.cli import main


@dataclass(frozen=True)
class Done:
    """What a run left behind."""

    code: int
    out: str
    err: str

    @property
    def refusal(self) -> str:
        """The one line on stderr of a run that failed, notes aside; fails if there is more, or anything on stdout."""
        lines = [line for line in self.err.splitlines() if not line.startswith("voxproof: note: ")]
        assert len(lines) == 1, self.err
        assert lines[0].startswith("voxproof: ")
        assert lines[0].isprintable()
        assert self.out == ""
        return lines[0].removeprefix("voxproof: ")


Run = Callable[..., Done]


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test sees or touches the voices and models of whoever runs it."""
    folder = tmp_path_factory.mktemp("own")
    monkeypatch.setenv("VOXPROOF_HOME", str(folder / "home"))
    monkeypatch.setenv("VOXPROOF_CACHE", str(folder / "cache"))
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("clone", "Hello.", ..., stdin=b"")`: `voxproof` with these arguments, in this process."""

    def call(*arguments: str | Path, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return call


@pytest.fixture
def process() -> Run:
    """The same as a process of its own, which is what limits, signals and pipes need."""

    def call(*arguments: str | Path, **options: object) -> Done:
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        child = subprocess.run(_command(*arguments), env=os.environ, timeout=120, check=False, **options)  # type: ignore[call-overload]
        return Done(child.returncode, (child.stdout or b"").decode(), (child.stderr or b"").decode())

    return call


def _command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "voxproof", *map(str, arguments)]


@pytest.fixture
def command() -> Callable[..., list[str]]:
    """The command line that starts `voxproof` with this Python."""
    return _command


@pytest.fixture
def listing() -> Callable[[Path], list[str]]:
    """All names below a folder, hidden ones too."""
    return lambda folder: sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.fixture(scope="session")
def bad_recordings(tmp_path_factory: pytest.TempPathFactory, speech: Audio) -> dict[str, tuple[Path, str]]:
    """Recordings that no voice can be learned from -> what the refusal must mention."""
    folder = tmp_path_factory.mktemp("bad")
    random = np.random.default_rng(0)
    seconds = np.arange(4 * 16_000) / 16_000
    chord = sum(np.sin(2 * np.pi * pitch * seconds) for pitch in (220.0, 277.2, 329.6))
    (folder / "empty.wav").write_bytes(b"")
    (folder / "letter.wav").write_text("Dear reader, this is a letter.\n" * 20)
    (folder / "picture.wav").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000))
    write_audio(folder / "silence.wav", Audio(np.zeros(64_000, np.float32), 16_000))
    write_audio(folder / "music.wav", Audio(np.float32(0.1) * chord.astype(np.float32), 16_000))
    write_audio(folder / "noise.wav", Audio(random.normal(0, 0.05, 64_000).astype(np.float32), 16_000))
    write_audio(folder / "word.wav", Audio(speech.samples[16_000:24_000], 16_000))
    spoilt = speech.samples.copy()
    spoilt[8_000] = np.nan
    soundfile.write(folder / "nan.wav", spoilt, 16_000, subtype="FLOAT")
    write_audio(folder / "whole.wav", speech)
    (folder / "cut.wav").write_bytes((folder / "whole.wav").read_bytes()[:100_000])
    mentions = {
        "missing.wav": "no such file",
        "empty.wav": "empty",
        "letter.wav": "text",
        "picture.wav": "PNG",
        "silence.wav": "silence",
        "music.wav": "no speech",
        "noise.wav": "no speech",
        "word.wav": "s of speech",
        "nan.wav": "NaN",
        "cut.wav": "truncated",
    }
    return {name.removesuffix(".wav"): (folder / name, said) for name, said in mentions.items()}
