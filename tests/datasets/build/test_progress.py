"""Progress: what is counted, and the line that people read."""

import pytest

from voxproof.datasets.build import progress
from voxproof.datasets.build.progress import Meter, shown


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_a_meter_says() -> None:
    clock = Clock()
    meter = Meter(100, 20, clock)
    assert "nobody knows" in meter.line()
    for _ in range(9):
        meter.add(40.0, False)
    meter.add(7.0, True)
    clock.now = 60.0
    assert (meter.done, meter.made, meter.failed, meter.seconds) == (30, 9, 1, 360.0)
    assert meter.left() == pytest.approx(420.0)
    assert meter.line() == "30 of 100 rows, 1 failed, 0.10 h made, 6.0 times real time, 0:07:00 left"


def test_a_line_now_and_then_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    with shown(Meter(100, 0, clock), lines=True) as tell:
        for _ in range(70):
            clock.now += 1.0
            tell(1.0, False)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in lines] == ["30", "60", "70"]
    with shown(Meter(100, 0, clock), lines=False) as tell:
        for _ in range(70):
            clock.now += 1.0
            tell(1.0, False)
    assert capsys.readouterr().err == ""
    assert progress.EVERY == 30
