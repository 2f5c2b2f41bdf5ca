"""The README's code runs as it stands: the Python block, and the commands that it shows."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path, voice_path):
    """Where a reader of the README would be: with a recording of her own and one of somebody else."""
    shutil.copy(voice_path("anna"), tmp_path / "me.wav")  # the content tells the format, not the name
    shutil.copy(voice_path("ben"), tmp_path / "somebody.wav")
    command = tmp_path / "bin" / "voxproof"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m voxproof "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    home = {"VOXPROOF_HOME": str(folder / "home"), "VOXPROOF_CACHE": str(folder / "cache"), "VOXPROOF_OFFLINE": "1"}
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env={**os.environ, **home, "PATH": path}, check=False
    )


@pytest.mark.parametrize("code", blocks("python"))
def test_python_runs(code, folder):
    assert len([line for line in code.splitlines() if line and not line.startswith("import")]) == 5
    shown = "import sys\nprint(moved.duration, audio.manifest['payload'], 'torch' in sys.modules)\n"
    done = run(folder, sys.executable, "-c", code + shown)
    assert done.returncode == 0, done.stderr
    verdict, last = done.stdout.strip().splitlines()[0], done.stdout.strip().splitlines()[-1]
    assert "made by a machine" in verdict
    duration, payload, torch = last.split()
    assert float(duration) == pytest.approx(10.0, abs=0.5)  # the same words at the same pace as somebody.wav
    assert 0 <= int(payload) < 2**16
    assert torch == "False"
    assert (folder / "hello.wav").is_file()
    assert (folder / "hello.wav.json").is_file()


@pytest.mark.parametrize("block", blocks("sh"))
def test_commands_run(block, folder):
    done = run(folder, "bash", "-euo", "pipefail", "-c", block)
    assert done.returncode == 0, done.stderr
    assert (folder / "hello.wav.json").is_file()
    assert (folder / "report.html").stat().st_size > 10_000
    about_clone, about_real = (line for line in done.stdout.splitlines() if "%" in line)
    assert "machine" in about_clone
    assert "made by a machine" not in about_real


def test_there_is_something_to_run():
    assert len(blocks("python")) == 1
    assert len(blocks("sh")) == 1
