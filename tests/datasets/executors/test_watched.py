"""Work in a process of its own: what comes of its answers, its errors and its end."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from voxproof.datasets.executors import Actors, Cluster, Ended, Watched, connection
from voxproof.errors import CorpusError, VoxproofError


@pytest.fixture
def doubling(work_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(work_folder))
    from rigged_work import Doubling

    return Doubling


def test_tasks_are_answered_by_one_process_with_its_own_environment(doubling: Any) -> None:
    watched = Watched(doubling(), {"VOXPROOF_THREADS": "3"})
    first, second = watched(1), watched(2)
    assert first == (2, second[1], "3")
    assert first[1] != os.getpid()
    assert watched.close() == 0


def test_a_task_that_ends_its_process_twice_is_told_and_the_next_one_is_answered(doubling: Any) -> None:
    watched = Watched(doubling(), {})
    assert watched(13) == Ended(2, 9)
    assert str(Ended(2, -11)) == "the process that made it ended 2 times (signal 11)"
    assert watched(4)[0] == 8


def test_a_process_that_is_killed_between_tasks_is_replaced(doubling: Any) -> None:
    watched = Watched(doubling(), {})
    before = watched(1)[1]
    os.kill(before, signal.SIGKILL)
    assert watched(5)[0] == 10
    assert watched(5)[1] != before


def test_errors_of_the_work_are_raised_in_one_line_and_its_process_goes_on(doubling: Any) -> None:
    watched = Watched(doubling(), {})
    process = watched(1)[1]
    with pytest.raises(CorpusError, match="out of stock"):
        watched(14)
    with pytest.raises(VoxproofError, match="ZeroDivisionError: by zero"):
        watched(15)
    assert watched(1)[1] == process


def test_work_that_cannot_be_loaded_is_no_fault_of_a_task(doubling: Any) -> None:
    with pytest.raises(VoxproofError, match=r"before it had loaded its models \(exit code 7\)"):
        Watched(doubling(loads=False), {})(1)


def test_actors_share_the_graphics_cards() -> None:
    assert Cluster(16, 2.0).actors() == Actors(16, 0.125)
    assert Cluster(16, 4.0).actors(3) == Actors(3, 1.0)
    assert Cluster(4, 0.0).actors() == Actors(4, 0.0)


@pytest.mark.parametrize(
    ("executor", "address", "said"),
    [
        ("rai", None, "there is no executor 'rai'; there are local and ray"),
        ("local", "auto", "--address is for clusters"),
        ("ray", "somewhere", "give local, auto, HOST:PORT or ray://HOST:PORT"),
        ("ray", "127.0.0.1:1", "cannot reach Ray at 127.0.0.1:1 (Connection refused)"),
        ("ray", "ray://127.0.0.1:1", "cannot reach Ray at ray://127.0.0.1:1"),
    ],
)
def test_what_is_no_cluster_is_told_in_one_line(executor: str, address: str | None, said: str) -> None:
    with pytest.raises(VoxproofError) as refusal, connection(executor, address):
        pass
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert refusal.value.exit_code == 2


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(VoxproofError, match=r"needs Ray: pip install 'voxproof\[ray\]'"), connection("ray", None):
        pass
