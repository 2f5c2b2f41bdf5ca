"""Trains a detector: pairs of real and fake clips of one page, degraded alike, through the network of the recipe.

A share of the training pages is held out whole: it picks the checkpoint and calibrates the scores. What is kept is the
running average of the weights. Parameters under the recipe's `head` have a rate of their own and learn alone at first.
"""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from voxproof.detection.front_ends import front_end
from voxproof.errors import CorpusError
from voxproof.networks.spectral_detector import SpectralDetector
from voxproof.training.augment import Augmenter
from voxproof.training.averaging import Average
from voxproof.training.checkpoint import load_checkpoint, save_checkpoint
from voxproof.training.detector_batches import Batches
from voxproof.training.detector_data import (
    Clip,
    PackedClips,
    PairSampler,
    held_out_pages,
    pack_clips,
    read_manifest,
    read_real,
    refuse_overlap,
)
from voxproof.training.detector_draws import DrawnBatches, make_draws
from voxproof.training.detector_held_out import heard, held_out_eer, held_out_places, score_held_out
from voxproof.training.detector_joined import JoinedClips
from voxproof.training.detector_networks import DetectorNetwork, find_network
from voxproof.training.detector_output import candidates, set_output, statistics_of
from voxproof.training.recipe import Run, recipe

_SAVE_EVERY = 120.0  # seconds


def read_clips(config: Mapping[str, Any]) -> list[Clip]:
    """All clips that a recipe names: `speech` and `extra_fakes` (manifests with labels), `real` (real speech alone).

    With `judged_on`, none of them may be of a page or recording of that corpus's development split.
    """
    clips: list[Clip] = []
    for folder in [*config["speech"], *config.get("extra_fakes", [])]:
        clips += read_manifest(folder)
    for folder in config.get("real", []):
        clips += read_real(folder, share=float(config.get("real_share", 1.0)))
    if config.get("judged_on"):
        refuse_overlap(clips, config["judged_on"])
    return clips


def pair_loss(logits: Tensor, fake: Tensor, smoothing: float, ranking: float) -> Tensor:
    """Cross-entropy of each clip, and of each pair's order; `logits` alternate real, fake.

    The order within a pair (same page, same coding) asks for what tells the classes apart there, whatever the page's
    own level of scores is.
    """
    target = fake * (1 - smoothing) + smoothing / 2
    crossed = functional.binary_cross_entropy_with_logits(logits, target)
    return crossed + ranking * functional.softplus(logits[0::2] - logits[1::2]).mean()


class Detectors:
    """A network in training, its running average, its optimiser and its checkpoints."""

    def __init__(self, run: Run, kind: DetectorNetwork) -> None:
        config = run.config
        self.run, self.kind = run, kind
        self.front_end = front_end(str(config.get("front_end", kind.front_end)))
        self.module = kind.build(config).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        frozen = tuple(config.get("frozen", ()))
        for name, parameter in self.module.named_parameters():
            parameter.requires_grad_(not (frozen and name.startswith(frozen)))
        head = str(config.get("head", ""))
        free = [(name, p) for name, p in self.module.named_parameters() if p.requires_grad]
        self.body = [p for name, p in free if not (head and name.startswith(head))]
        groups = [{"params": self.body, "peak": float(config["rate"]), "weight_decay": float(config.get("decay", 0))}]
        if head:
            heads = [p for name, p in free if name.startswith(head)]
            decay = float(config.get("decay_head", 0.05))
            groups.append({"params": heads, "peak": float(config["rate_head"]), "weight_decay": decay})
        kinds = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
        name = str(config.get("optimiser", "adamw"))
        if name not in kinds:
            raise CorpusError(f"there is no optimiser {name!r}; there are {', '.join(kinds)}")
        self.optimiser: torch.optim.Optimizer = kinds[name](groups)
        self.average = Average(self.module, float(config.get("average", 0.99)))
        self.checkpoint = run.folder / "checkpoint.safetensors"
        self.step, self.minutes, self.best = 0, 0.0, 100.0
        if run.resume and self.checkpoint.is_file():
            facts = load_checkpoint(self.checkpoint, self._both, self.optimiser)
            self.step, self.minutes, self.best = facts["step"], facts["minutes"], facts["best"]
            self.average.updates = facts["step"]

    @property
    def _both(self) -> nn.Module:
        return nn.ModuleList([self.module, self.average.module])

    def save(self) -> None:
        """Write the checkpoint from which a run goes on."""
        facts = {"step": self.step, "minutes": self.minutes, "best": self.best}
        save_checkpoint(self.checkpoint, self._both, self.optimiser, **facts)

    def learn(self, features: Tensor, fake: Tensor) -> float:
        """One step; the loss comes back."""
        config = self.run.config
        progress = self.minutes / self.run.minutes
        for group in self.optimiser.param_groups:
            group["lr"] = (
                group["peak"] * min(1.0, (self.step + 1) / 30) * (0.02 + 0.98 * np.cos(np.pi / 2 * progress) ** 2)
            )
        for parameter in self.body:
            parameter.requires_grad_(self.step >= int(config.get("head_alone", 0)))
        self.module.train()
        if features.ndim == 4:
            features = features.contiguous(memory_format=torch.channels_last)
        logits = self.module(features)
        logits = logits.mean(1) if logits.ndim == 2 else logits
        loss = pair_loss(logits, fake, float(config.get("smoothing", 0)), float(config.get("ranking", 0)))
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.module.parameters(), float(config.get("clip", 5.0)))
        self.optimiser.step()
        self.average.update(self.module)
        self.step += 1
        return float(loss.detach())

    def judge(self, pack: PackedClips, places: list[int]) -> None:
        """Score the held-out pages with the averaged weights; keep the weights if they are the best so far."""
        scores = score_held_out(self.average.module, pack, places, self.front_end, self.kind.window)
        figures = held_out_eer(pack, places, scores)
        log(self.run, {"step": self.step, **figures})
        self.keep(self.average.module, figures)

    def keep(self, module: nn.Module, figures: Mapping[str, float], **facts: Any) -> None:
        """Save a module as the best if its held-out figure is the lowest so far."""
        figure = figures.get("eer_matched", figures["eer"])
        if figure <= self.best:
            save_checkpoint(self.run.folder / "best.safetensors", module, None, step=self.step, **facts, **figures)
        self.best = min(self.best, figure)


@recipe("detector")
def train_detector(run: Run) -> None:
    """Config keys: network, speech, real, extra_fakes, cache, held_out, mixed, batch, seconds, augment, join, rate."""
    config = run.config
    torch.set_num_threads(run.threads)
    torch.manual_seed(0)
    kind = find_network(config)
    pack = pack_clips(read_clips(config), config["cache"])
    held_out = held_out_pages(pack.clips, float(config["held_out"]), int(config.get("held_out_seed", 0)))
    places = held_out_places(pack, held_out)
    if not places:
        raise CorpusError("no page is held out: raise held_out, or name more data")
    sampler = PairSampler(pack.clips, {clip.page for clip in pack.clips} - held_out, float(config.get("mixed", 0.0)))
    training = Detectors(run, kind)
    batches: Batches | DrawnBatches
    if config.get("draws"):
        batches = DrawnBatches(make_draws(pack, config, Path(config["cache"])), sampler, config)
    else:
        augmenter = Augmenter(config.get("augment", {}))
        drawn = JoinedClips(pack) if config.get("join") else pack
        batches = Batches(drawn, sampler, augmenter, training.front_end, config, kind.window)
    log(
        run, {"clips": len(pack), "domains": len(sampler.domains), "held_out": sorted(held_out), "judging": len(places)}
    )
    before = training.minutes
    began = saved = judged = time.monotonic()
    losses: list[float] = []
    while training.minutes < run.minutes:
        # Batches depend on the step alone, so a run that is resumed goes on with what it would have seen.
        losses.append(training.learn(*batches.draw(np.random.default_rng([7, training.step]))))
        training.minutes = before + (time.monotonic() - began) / 60
        if training.step % 20 == 0:
            facts = {"step": training.step, "minutes": round(training.minutes, 2)}
            log(run, {**facts, "loss": round(float(np.mean(losses)), 3)})
            losses = []
        if time.monotonic() - judged > 60 * float(config.get("judge_minutes", 8)):
            training.judge(pack, places)
            judged = time.monotonic()
        if time.monotonic() - saved > _SAVE_EVERY:
            training.save()
            saved = time.monotonic()
    training.judge(pack, places)
    training.save()
    if config.get("refit_clips") and isinstance(batches, Batches):
        refit_output(training, pack, places, batches)


def refit_output(training: Detectors, pack: PackedClips, places: list[int], batches: Batches) -> None:
    """Fit a spectral network's last layer anew in closed form; keep the result if it beats what was kept so far."""
    run = training.run
    module = SpectralDetector()
    load_checkpoint(run.folder / "best.safetensors", module)
    inputs = np.concatenate(
        [statistics_of(module, heard(pack, place, training.front_end, training.kind.window)) for place in places]
    )
    for name, (weights, offset) in candidates(module, batches, int(run.config["refit_clips"])).items():
        figures = held_out_eer(pack, places, inputs @ weights + offset)
        log(run, {"output": name, **figures})
        set_output(module, weights, offset)
        training.keep(module, figures, output=name)


def log(run: Run, facts: Mapping[str, Any]) -> None:
    """A line of JSON on stdout and in the run's `log.jsonl`."""
    line = json.dumps(dict(facts))
    print(line, flush=True)
    with (run.folder / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
