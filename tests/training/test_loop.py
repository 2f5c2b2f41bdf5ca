"""The loop that recipes share: the running average of the weights and its way through a resumed training."""

import itertools
from types import SimpleNamespace

import pytest

torch = pytest.importorskip("torch")

from voxproof.training import loop as loop_file  # noqa: E402
from voxproof.training.checkpoint import load_checkpoint  # noqa: E402
from voxproof.training.loop import Loop, Rate  # noqa: E402
from voxproof.training.recipe import Run  # noqa: E402


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A step takes a minute of a clock of ours."""
    ticks = itertools.count(step=30)
    monkeypatch.setattr(loop_file, "time", SimpleNamespace(monotonic=lambda: next(ticks)))


def made(folder, minutes, resume=False, average=0.5):
    module = torch.nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        module.weight.fill_(1.0)
    run = Run({}, folder, float(minutes), resume, 1)
    return Loop(run, module, torch.optim.SGD(module.parameters(), lr=1.0), Rate(1.0), {}, clip=1.0, average=average)


def weights_of(loop):
    """The weight after each step of a training whose loss is the weight itself."""
    seen = []

    def losses(progress):
        seen.append(loop.module.weight.item())
        return loop.module.weight.sum(), {}

    loop.train(losses)
    return [*seen[1:], loop.module.weight.item()]


def averaged(weights, decay, average=1.0, updates=0):
    for weight in weights:
        updates += 1
        kept = min(decay, updates / (updates + 9))
        average = kept * average + (1 - kept) * weight
    return average


def test_the_result_is_the_running_average(tmp_path):
    loop = made(tmp_path, 5)
    weights = weights_of(loop)
    assert len(set(weights)) == len(weights) >= 4
    assert loop.result is not loop.module
    assert loop.result.weight.item() == pytest.approx(averaged(weights, 0.5), rel=1e-6)
    last = torch.nn.Linear(1, 1, bias=False)
    load_checkpoint(tmp_path / "checkpoint.safetensors", last)
    assert last.weight.item() == pytest.approx(weights[-1])  # a training goes on from the last weights


def test_a_resumed_average_goes_on(tmp_path):
    first = weights_of(made(tmp_path, 4))
    again = made(tmp_path, 8, resume=True)
    second = weights_of(again)
    assert second
    assert again.average.updates == len(first) + len(second)
    assert again.result.weight.item() == pytest.approx(averaged(first + second, 0.5), rel=1e-6)


def test_without_an_average_the_result_is_the_module(tmp_path):
    loop = made(tmp_path, 3, average=0.0)
    weights_of(loop)
    assert loop.result is loop.module
    assert not (tmp_path / "average.safetensors").exists()
