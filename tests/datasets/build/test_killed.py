"""Runs that are killed at any moment, and what comes of the set when they go on."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from voxproof.datasets.build import build_set

Start = Callable[..., Any]
Read = Callable[[Path], Any]
DEADLINE = 60.0  # seconds


def wait_for(there: Callable[[], bool], process: Any) -> None:
    end = time.monotonic() + DEADLINE
    while not there():
        assert process.poll() is None, process.stderr.read().decode()
        assert time.monotonic() < end
        time.sleep(0.002)


def lines(out: Path) -> int:
    return sum(file.read_bytes().count(b"\n") for file in (out / "rows").glob("*.jsonl"))


def begun(out: Path) -> Callable[[], bool]:
    return lambda: (out / "begun.json").is_file()


def at_least(out: Path, count: int) -> Callable[[], bool]:
    return lambda: lines(out) >= count


def a_sound_is_half_written(out: Path) -> Callable[[], bool]:
    """Or nearly all is made: such moments are short, and nobody waits for one for ever."""
    return lambda: any((out / "audio").glob("*/.*")) or lines(out) >= 10


def test_a_run_that_is_killed_again_and_again_ends_as_if_it_had_not_been(
    corpus: Path, whole: Path, tmp_path: Path, start: Start, content: Read, entries: Read
) -> None:
    plan, out = corpus / "plan.yaml", tmp_path / "set"
    # All processes at once, as when the power goes: before the first row, in the middle of a sound, between rows.
    for moment in (begun(out), at_least(out, 1), a_sound_is_half_written(out)):
        process = start(plan, out, workers=1)
        wait_for(moment, process)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    before = {entry["n"] for entry in entries(out)}
    assert 0 < len(before) < 16
    assert not (out / "manifest.tsv").exists()
    torn = next((out / "rows").glob("*.jsonl"))
    torn.write_bytes(torn.read_bytes()[:-7])  # the last line of a journal that never came to the disk
    done = build_set(plan, out)
    assert done.made >= 16 - len(before)
    assert done.merged.missing == done.failed == 0
    assert content(out) == content(whole)
    assert set(Counter(entry["n"] for entry in entries(out))) == set(range(16))


def test_only_the_parent_is_killed(
    corpus: Path, whole: Path, tmp_path: Path, start: Start, content: Read, entries: Read
) -> None:
    """Its processes end their unit and then themselves; the next run waits for them."""
    plan, out = corpus / "plan.yaml", tmp_path / "set"
    process = start(plan, out, workers=2)
    wait_for(at_least(out, 3), process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    done = build_set(plan, out)
    assert done.made < 14
    assert content(out) == content(whole)
    counts = Counter(entry["n"] for entry in entries(out))
    assert set(counts.values()) == {1}
    assert set(counts) == set(range(16))


def test_a_run_that_is_interrupted_leaves_nothing_half_written(corpus: Path, tmp_path: Path, start: Start) -> None:
    """Ctrl-C at a terminal goes to all processes at once."""
    out = tmp_path / "set"
    process = start(corpus / "plan.yaml", out, workers=2)
    wait_for(at_least(out, 1), process)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=DEADLINE)
    assert process.returncode != 0
    assert not list(out.glob("audio/*/.*"))
    assert lines(out) < 16


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks /proc for children")
def test_a_process_of_the_crew_that_is_killed_is_replaced(
    corpus: Path, whole: Path, tmp_path: Path, start: Start, content: Read
) -> None:
    out = tmp_path / "set"
    process = start(corpus / "plan.yaml", out, workers=2)
    wait_for(lambda: sum(b"\n" in file.read_bytes() for file in out.glob("rows/*.jsonl")) == 2, process)
    for child in children(process.pid):
        command = Path(f"/proc/{child}/cmdline").read_bytes()
        if b"spawn_main" in command:
            os.kill(child, signal.SIGKILL)
            break
    _, said = process.communicate(timeout=DEADLINE)
    assert process.returncode == 0, said.decode()
    assert content(out) == content(whole)
