"""Processes and workers share the cores: what they are told is what a model computes with."""

import pytest

from voxproof import cores
from voxproof.models import thread_count


def test_cores_are_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cores.THREADS, "")
    monkeypatch.delenv(cores.THREADS)
    monkeypatch.setattr(cores, "cores", lambda: 6)
    cores.share_cores(2)
    assert thread_count() == 3


@pytest.mark.parametrize("among", [6, 40])
def test_everybody_computes(among: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cores.THREADS, "")
    monkeypatch.delenv(cores.THREADS)
    monkeypatch.setattr(cores, "cores", lambda: 6)
    cores.share_cores(among)
    assert thread_count() == 1


def test_what_the_user_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXPROOF_THREADS", "5")
    cores.share_cores(2)
    assert thread_count() == 5
