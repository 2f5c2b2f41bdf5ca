import math
import os

import pytest

from voxproof.errors import VoxproofError
from voxproof.evaluation.tasks import progress_bar, run_tasks


def process_of(_: int) -> int:
    return os.getpid()


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_keep_their_order_and_progress_is_told(jobs: int) -> None:
    told: list[tuple[str, int, int]] = []
    found = run_tasks(math.sqrt, [16, 9, 4], what="roots", jobs=jobs, advance=lambda *state: told.append(state))
    assert found == [4, 3, 2]
    assert told == [("roots", 0, 3), ("roots", 1, 3), ("roots", 2, 3), ("roots", 3, 3)]


def test_one_job_stays_in_this_process_and_two_leave_it() -> None:
    assert set(run_tasks(process_of, [1, 2], what="here")) == {os.getpid()}
    assert os.getpid() not in run_tasks(process_of, [1, 2], what="there", jobs=2)


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_first_error_comes_through(jobs: int) -> None:
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        run_tasks(math.sqrt, [4, -1], what="roots", jobs=jobs)


def test_a_process_that_dies_is_one_line() -> None:
    with pytest.raises(VoxproofError, match="fewer jobs"):
        run_tasks(os._exit, [3, 3], what="deaths", jobs=2)


def test_the_bar_is_silent_when_nobody_watches(capfd: pytest.CaptureFixture[str]) -> None:
    with progress_bar() as advance:
        advance("work", 0, 2)
        advance("work", 2, 2)
    assert capfd.readouterr() == ("", "")
