"""The loop that recipes share: so many minutes, resumable, with a rate that rises, holds and falls to nothing."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from voxproof.training.averaging import Average
from voxproof.training.checkpoint import load_checkpoint, save_checkpoint
from voxproof.training.recipe import Run

_SAVE_EVERY = 120.0  # seconds
_LOWEST_RATE = 1e-5

Step = Callable[[float], tuple[Tensor, Mapping[str, float | Tensor]]]


@dataclass(frozen=True)
class Rate:
    """Learning rate: up to `peak` in `warm_up` steps; `min(1, hold * (1 - progress)) ** power` of it from there on."""

    peak: float
    warm_up: int = 100
    hold: float = 1.6
    power: float = 1.0

    def at(self, step: int, progress: float) -> float:
        """The rate of a step when `progress` (0 to 1) of the minutes is over."""
        falling = min(1.0, self.hold * (1.0 - progress)) ** self.power
        return self.peak * min(1.0, (step + 1) / self.warm_up) * falling + _LOWEST_RATE


class Loop:
    """One training. `step`, `minutes` and `hours` (of speech, where the recipe counts it) go on from the checkpoint.

    What the recipe trains itself inside a step (the discriminator of a GAN) stands in `beside` by name, with its
    optimiser: it is saved and resumed with the module, in a file NAME.safetensors of its own, since nobody needs it
    after the training. A group of the optimiser's parameters with the key `rate_scale` has so many times the rate.
    With `average`, the decay of a running average of the weights, that average stands in `average.safetensors`, and
    `result` is the module with it.
    """

    def __init__(
        self,
        run: Run,
        module: nn.Module,
        optimiser: torch.optim.Optimizer,
        rate: Rate,
        config: Mapping[str, Any],
        *,
        clip: float = 1.0,
        report_every: int = 25,
        beside: Mapping[str, tuple[nn.Module, torch.optim.Optimizer]] | None = None,
        average: float = 0.0,
    ) -> None:
        self.run = run
        self.module = module
        self.optimiser = optimiser
        self.rate = rate
        self.config = dict(config)
        self.clip = clip
        self.report_every = report_every
        self.beside = dict(beside or {})
        self.checkpoint = run.folder / "checkpoint.safetensors"
        averaged = run.folder / "average.safetensors"
        self.step, self.minutes, self.hours = 0, 0.0, 0.0
        if run.resume and self.checkpoint.exists():
            facts = load_checkpoint(self.checkpoint, module, optimiser)
            self.step, self.minutes, self.hours = facts["step"], facts["minutes"], facts.get("hours", 0.0)
            for name, (other, its_optimiser) in self.beside.items():
                # Without a file of its own it joins a training that began without it.
                if (file := run.folder / f"{name}.safetensors").exists():
                    load_checkpoint(file, other, its_optimiser)
        self.average = Average(module, average) if average else None
        if self.average and self.step and averaged.exists():
            self.average.updates = load_checkpoint(averaged, self.average.module)["updates"]

    @property
    def result(self) -> nn.Module:
        """What the training is for: the module, or its running average."""
        return self.average.module if self.average else self.module

    def train(self, losses: Step) -> None:
        """Call `losses(progress)` for the loss of one step and the figures to report, until the minutes are over.

        A line of JSON tells the figures' means every `report_every` steps; a checkpoint is written every two minutes
        and at the end.
        """
        began = saved = time.monotonic()
        before = self.minutes
        recent: dict[str, list[float]] = {}
        while self.minutes < self.run.minutes:
            progress = self.minutes / self.run.minutes
            for group in self.optimiser.param_groups:
                group["lr"] = self.rate.at(self.step, progress) * group.get("rate_scale", 1.0)
            loss, figures = losses(progress)
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.module.parameters(), self.clip)
            self.optimiser.step()
            if self.average:
                self.average.update(self.module)
            self.step += 1
            self.minutes = before + (time.monotonic() - began) / 60
            for name, value in figures.items():
                recent.setdefault(name, []).append(float(value))
            if self.step % self.report_every == 0:
                self._report(recent)
                recent = {}
            if time.monotonic() - saved > _SAVE_EVERY:
                self._save()
                saved = time.monotonic()
        self._save()

    def _report(self, recent: Mapping[str, list[float]]) -> None:
        means = {name: round(float(np.mean(values)), 4) for name, values in recent.items()}
        heard = {"hours": round(self.hours, 2)} if self.hours else {}
        print(json.dumps({"step": self.step, "minutes": round(self.minutes, 2)} | heard | means), flush=True)

    def _save(self) -> None:
        for name, (other, its_optimiser) in self.beside.items():
            save_checkpoint(self.run.folder / f"{name}.safetensors", other, its_optimiser, step=self.step)
        if self.average:
            averaged = self.run.folder / "average.safetensors"
            save_checkpoint(averaged, self.average.module, None, updates=self.average.updates)
        save_checkpoint(
            self.checkpoint,
            self.module,
            self.optimiser,
            step=self.step,
            minutes=self.minutes,
            hours=self.hours,
            config=self.config,
        )
