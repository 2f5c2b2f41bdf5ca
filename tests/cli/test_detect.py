"""`voxproof detect`: one line a recording, folders, bad files among good ones, reports, exit codes."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voxproof.audio import Audio, write_audio
from voxproof.cli.judging import WORTH_A_PROCESS
from voxproof.cli.recordings import recordings
from voxproof.provenance import Manifest, write_marked

Run = Callable[..., Any]
Voices = Callable[[str], Path]


@pytest.fixture
def marked(speech: Audio, tmp_path: Path) -> Path:
    """A recording that says of itself that a machine made it."""
    folder = tmp_path / "marked"
    folder.mkdir()
    write_marked(folder / "made.wav", speech, Manifest(kind="clone", engine="native", voice="anna"))
    return folder / "made.wav"


def test_real_voices(run: Run, voice_path: Voices) -> None:
    done = run("detect", voice_path("anna"), voice_path("dora"))
    assert done.code == 0
    lines = done.out.splitlines()
    assert len(lines) == 2
    for line, name in zip(lines, ("anna", "dora"), strict=True):
        label, rest = line.split(maxsplit=1)
        assert label == "real"
        assert rest.startswith(f"{voice_path(name)}: ")
        assert "likely to be synthetic" in rest
    assert done.err == "voxproof: 2 recordings: 2 real\n"


def test_mark_and_manifest_are_read(run: Run, marked: Path) -> None:
    done = run("detect", marked)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("fake ")
    for said in ("By the sound alone", "watermark", "manifest", "unchanged"):
        assert said in done.out
    facts = json.loads(run("detect", marked, "--json").out)
    assert [finding["kind"] for finding in facts["findings"]] == ["watermark", "manifest"]
    assert facts["label"] == "fake"


def test_json_lines(run: Run, voice_path: Voices, marked: Path) -> None:
    done = run("detect", voice_path("carl"), marked, "--json")
    first, second = (json.loads(line) for line in done.out.splitlines())
    assert (first["path"], second["path"]) == (str(voice_path("carl")), str(marked))
    assert 0 <= first["probability"] <= 1
    assert first["windows"][0].keys() == {"start", "end", "llr", "probability"}


def test_no_bundled_voice_is_called_fake(run: Run, voice_path: Voices) -> None:
    """Speakers that no detector learned from: `ben` is a hard one, and unsure is no accusation."""
    done = run("detect", *(voice_path(name) for name in ("anna", "ben", "carl", "dora")))
    labels = [line.split()[0] for line in done.out.splitlines()]
    assert labels.count("real") >= 3
    assert "fake" not in labels


def test_bad_files_do_not_stop_the_others(
    run: Run, voice_path: Voices, bad_recordings: dict[str, tuple[Path, str]]
) -> None:
    unreadable = ["missing", "empty", "letter", "picture", "nan", "cut"]
    paths = [bad_recordings[kind][0] for kind in unreadable]
    done = run("detect", *paths, voice_path("dora"), "--json")
    assert done.code == 2
    answers = [json.loads(line) for line in done.out.splitlines()]
    said = done.err.splitlines()
    for kind, answer, line in zip(unreadable, answers, said, strict=False):
        assert bad_recordings[kind][1] in answer["error"]
        assert line == f"voxproof: {answer['error']}"
    assert answers[-1]["label"] == "real"
    assert said[-1] == "voxproof: 7 recordings: 1 real, 6 unreadable"


@pytest.mark.parametrize(("kind", "code"), [("silence", "silent"), ("music", "no-speech"), ("word", "too-short")])
def test_what_cannot_be_judged_is_uncertain(
    kind: str, code: str, run: Run, bad_recordings: dict[str, tuple[Path, str]]
) -> None:
    done = run("detect", bad_recordings[kind][0], "--json")
    facts = json.loads(done.out)
    assert (done.code, facts["label"]) == (0, "uncertain")
    assert code in [warning["code"] for warning in facts["warnings"]]


def test_threshold(run: Run, voice_path: Voices, marked: Path) -> None:
    assert run("detect", voice_path("ben"), "--threshold", "0.999").code == 0
    assert run("detect", voice_path("ben"), "--threshold", "0").code == 1
    assert run("detect", marked, "--threshold", "1").code == 1, "the mark proves it whatever the sound says"
    assert run("detect", voice_path("ben"), "missing.wav", "--threshold", "0").code == 2


def test_folders(tmp_path: Path, voice_path: Voices) -> None:
    for name in ("b.WAV", "a/z.flac", "a/y.mp3", ".hidden/x.wav", ".x.wav", "notes.txt", "b.wav.json", "a/é 1.opus"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "loop").symlink_to(tmp_path)
    found = [str(path.relative_to(tmp_path)) for path in recordings([tmp_path])]
    assert found == ["b.WAV", "a/y.mp3", "a/z.flac", "a/é 1.opus"]
    named = [tmp_path / "notes.txt", tmp_path / ".x.wav", tmp_path / "gone"]
    assert list(recordings(named)) == named


def test_nothing_to_look_at(run: Run, tmp_path: Path) -> None:
    done = run("detect", tmp_path)
    assert done.code == 1
    assert str(tmp_path) in done.refusal


def test_report(run: Run, voice_path: Voices, marked: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    (tmp_path / "bad<b>.wav").write_text("no sound")
    done = run("detect", marked, tmp_path / "bad<b>.wav", "--report", page)
    assert done.code == 2
    text = page.read_text("utf-8")
    assert text.count("<audio ") == 4, "all of it, and its three most suspicious seconds"
    assert "bad&lt;b&gt;.wav" in text
    assert "://" not in text  # no address; the four letters alone may stand in the base64 of a sound
    refused = run("detect", voice_path("anna"), "--report", tmp_path / "missing" / "report.html")
    assert (refused.code, "no folder" in refused.refusal) == (2, True)


def test_explain(run: Run, voice_path: Voices) -> None:
    done = run("detect", voice_path("dora"), "--explain")
    verdict, why = done.out.splitlines()
    assert verdict.startswith("real ")
    assert why.strip().startswith("Most suspicious: ")
    told = json.loads(run("detect", voice_path("dora"), "--explain", "--json").out)["explanation"]
    assert len(told["suspicious"]) == 3
    assert told["sentence"] == why.strip()


def test_results_go_where_they_are_sent_while_a_bar_is_shown(command: Run, voice_path: Voices, tmp_path: Path) -> None:
    """Stderr is a terminal and stdout is a file, as in `voxproof detect folder > results`."""
    watched, terminal = pty.openpty()
    with (tmp_path / "results").open("wb") as results:
        child = subprocess.Popen(
            command("detect", voice_path("anna"), voice_path("dora")),
            stdin=subprocess.DEVNULL,
            stdout=results,
            stderr=terminal,
            env=os.environ | {"NO_COLOR": "1"},
        )
    os.close(terminal)
    shown = b""
    try:
        while more := os.read(watched, 4096):
            shown += more
    except OSError:  # the other end is closed
        pass
    os.close(watched)
    assert child.wait(60) == 0
    assert b"1 of 2" in shown
    assert b"\x1b[3" not in shown, "no colour with NO_COLOR"
    lines = (tmp_path / "results").read_text("utf-8").splitlines()
    assert [line.split()[0] for line in lines] == ["real", "real"]


def test_many_recordings_in_several_processes_come_in_order(run: Run, tmp_path: Path, speech: Audio) -> None:
    """The same lines as from one process, a bad file among them."""
    for number in range(2 * WORTH_A_PROCESS):
        write_audio(tmp_path / f"{number:02}.wav", Audio(np.roll(speech.samples, 900 * number)[:20_000], 16_000))
    (tmp_path / "07.wav").write_text("no sound")
    together, alone = run("detect", tmp_path, "--jobs", "2", "--json"), run("detect", tmp_path, "--jobs", "1", "--json")
    assert together.code == alone.code == 2
    assert together.err == alone.err
    pairs = list(zip(map(json.loads, together.out.splitlines()), map(json.loads, alone.out.splitlines()), strict=True))
    assert [Path(one["path"]).name for one, _ in pairs] == [f"{number:02}.wav" for number in range(2 * WORTH_A_PROCESS)]
    for one, other in pairs:
        assert one.get("error") == other.get("error")
        assert one.get("llr", 0.0) == pytest.approx(other.get("llr", 0.0), abs=1e-4)
    refused = run("detect", tmp_path, "--jobs", "2", "--model", "nobody")
    assert refused.code == 3
    assert "nobody" in refused.refusal


def running(group: int) -> list[str]:
    """Processes of a group; one that has ended and that nobody asks about (a zombie) runs no more."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, of = stat.read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state != "Z":
                found.append(stat.parent.name)
    return found


def test_ctrl_c_ends_all_processes_with_one_line(command: Run, tmp_path: Path, speech: Audio) -> None:
    for number in range(20 * WORTH_A_PROCESS):  # more than are judged before the stop, however busy the machine
        write_audio(tmp_path / f"{number:03}.wav", Audio(speech.samples[:64_000], 16_000))
    child = subprocess.Popen(
        command("detect", tmp_path, "--jobs", "2"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline().startswith("real")
    os.killpg(child.pid, signal.SIGINT)  # what a terminal does: everybody of the group hears it
    _, said = child.communicate(timeout=60)
    assert child.returncode == 130
    assert said == "voxproof: stopped; nothing half-written is left\n"
    end = time.monotonic() + 20
    while running(child.pid) and time.monotonic() < end:
        time.sleep(0.1)
    assert running(child.pid) == []


def test_memory_is_flat(tmp_path: Path, speech: Audio) -> None:
    """Twenty-four recordings need what four need; torch is never imported.

    The peak is VmHWM: `ru_maxrss` also remembers that of the process that started this one.
    """
    for number in range(24):
        write_audio(tmp_path / f"{number:02}.wav", Audio(np.roll(speech.samples, 700 * number)[:32_000], 16_000))
    code = (
        "import sys; from voxproof.cli import main\n"
        "code = main(['detect', *sys.argv[1:]])\n"
        "assert 'torch' not in sys.modules\n"
        "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(code, int(peak.split()[1]) // 1024)"
    )
    peaks = []
    for paths in ([tmp_path / f"{number:02}.wav" for number in range(4)], [tmp_path]):
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, paths)], capture_output=True, text=True, check=True
        )
        exit_code, peak = done.stdout.splitlines()[-1].split()
        assert exit_code == "0"
        peaks.append(int(peak))
    assert peaks[1] - peaks[0] < 30, peaks
    assert peaks[1] < 400, peaks
