"""What holds for every command: help, errors in one line, exit codes, signals, pipes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import voxproof
from voxproof.audio import Audio
from voxproof.cli.root import app
from voxproof.cloners import Cloner, cloners
from voxproof.speakers import Voice
from voxproof.text import Pronunciations

Run = Callable[..., Any]

COMMANDS = "demo clone convert detect enroll voices models serve doctor evaluate train".split()
GROUPS = ("voices", "models", "evaluate")


def leaves() -> list[tuple[str, ...]]:
    """Every command that can be called, with its group."""
    from typer.main import get_command

    table = get_command(app).table  # type: ignore[attr-defined]
    found: list[tuple[str, ...]] = []
    for name, lazy in table.items():
        command = lazy.load(name)
        inner = getattr(command, "commands", None)
        found += [(name, below) for below in inner] if inner else [(name,)]
    return found


def test_no_arguments_print_the_help(run: Run) -> None:
    bare, asked = run(), run("--help")
    assert bare.code == asked.code == 0
    assert "Usage: voxproof" in bare.out
    assert bare.out.split() == asked.out.split()
    for command in COMMANDS:
        assert f" {command} " in bare.out


@pytest.mark.parametrize("path", leaves(), ids=" ".join)
def test_every_command_has_json_and_an_example(path: tuple[str, ...], run: Run) -> None:
    help_ = run(*path, "--help")
    assert help_.code == 0
    shown = " ".join(help_.out.split())
    assert f"Example: voxproof {' '.join(path)}" in shown
    assert "--json" in shown


@pytest.mark.parametrize("group", GROUPS)
def test_groups_print_their_help(group: str, run: Run) -> None:
    assert f"voxproof {group}" in run(group, "--help").out


def test_version(run: Run) -> None:
    assert run("--version").out == f"voxproof {voxproof.__version__}\n"


def test_help_imports_nothing_but_the_command_line() -> None:
    """What makes help slow is what it imports; how many milliseconds that is, benchmarks/speed.py measures."""
    code = (
        "import sys; bare = set(sys.modules); from voxproof.cli import main; main(['--help'])\n"
        "print(*sorted(set(sys.modules) - bare), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stderr.split()
    # Rich looks whether attrs is there.
    allowed = {"annotated_doc", "attr", "markdown_it", "mdurl", "pygments", "rich", "shellingham", "typer", "voxproof"}
    assert {name.split(".")[0] for name in loaded} - set(sys.stdlib_module_names) <= allowed
    ours = {name for name in loaded if name.startswith("voxproof.")}
    assert {name.split(".")[1] for name in ours} == {"cli", "errors", "notes"}
    assert not {"asyncio", "multiprocessing", "sqlite3", "unittest", "xml"} & set(loaded)


@pytest.mark.parametrize(
    ("arguments", "mentions"),
    [
        (("clonee",), "did you mean 'clone'"),
        (("--clone",), "--clone"),
        (("sing", "la"), "no command 'sing'"),
        (("models", "lst"), "lst"),
        (("detect",), "PATH"),
        (("detect", "a.wav", "--threshold", "2"), "--threshold"),
        (("clone", "Hello."), "--voice"),
        (("clone", "Hello.", "--voice", "a.wav"), "--out"),
        (("clone", "Hello.", "--voice", "a.wav", "-o", "b.wav", "--speed", "fast"), "--speed"),
        (("clone", "Hello.", "--voice", "a.wav", "-o", "b.wav", "--seed", "-1"), "--seed"),
        (("clone", "Hello.", "there", "--voice", "a.wav", "-o", "b.wav"), "there"),
    ],
)
def test_wrong_arguments_get_one_line(arguments: tuple[str, ...], mentions: str, run: Run) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert mentions in done.refusal


def test_exit_codes_of_errors(run: Run, voice_path: Callable[[str], Path]) -> None:
    assert run("detect", "missing.wav").code == 2
    absent = run("models", "show", "nothing")
    assert (absent.code, "nothing" in absent.refusal) == (3, True)
    assert run("detect", voice_path("anna"), "--model", "nothing").code == 3


def test_debug_shows_the_trace_wherever_it_stands(run: Run) -> None:
    for arguments in (("--debug", "voices", "show", "nobody"), ("voices", "show", "nobody", "--debug")):
        done = run(*arguments)
        assert done.code == 2
        assert done.err.startswith("Traceback")
        assert done.err.splitlines()[-1].startswith("voxproof: ")
    assert "Traceback" not in run("voices", "show", "--", "--debug").err


class _Broken(Cloner):
    name, rate = "broken-for-tests", 16_000

    def stream(
        self,
        text: str,
        voice: Voice,
        *,
        speed: float = 1.0,
        seed: int = 0,
        pronunciations: Pronunciations | None = None,
    ) -> Iterator[Audio]:
        raise {"stop": KeyboardInterrupt(), "memory": MemoryError()}.get(text, ZeroDivisionError("one\nby zero"))


@pytest.mark.parametrize(
    ("text", "code", "mentions"),
    [("break", 70, "ZeroDivisionError: one by zero"), ("stop", 130, "stopped"), ("memory", 2, "not enough memory")],
)
def test_nothing_ends_in_a_trace(
    text: str,
    code: int,
    mentions: str,
    run: Run,
    voice_path: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Out again after the test: whatever is registered has to pass the tests of all cloners.
    monkeypatch.setitem(cloners._classes, "broken-for-tests", _Broken)
    out = tmp_path / "out.wav"
    done = run("clone", text, "--voice", voice_path("anna"), "-o", out, "--engine", "broken-for-tests")
    assert done.code == code
    assert mentions in done.refusal
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_went_away(process: Run) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = process("models", "list", "--json", stdout=writing)
    finally:
        os.close(writing)
    assert (done.code, done.err) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_results_that_have_no_room(process: Run) -> None:
    with Path("/dev/full").open("wb") as full:
        done = process("voices", "--json", stdout=full)
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert "No space left" in done.err


def test_output_of_another_encoding(
    process: Run, voice_path: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal that shows ASCII alone gets escapes, and JSON stays JSON."""
    (tmp_path / "Grüße 😀.wav").symlink_to(voice_path("anna"))
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = process("detect", "--json", tmp_path)
    assert done.out.isascii()
    assert json.loads(done.out)["path"] == str(tmp_path / "Grüße 😀.wav")
