"""Trains the detector: pairs of real and fake clips of one page, degraded alike, through `SpectralDetector`.

A share of the training pages is held out whole: it picks the checkpoint and calibrates the scores. The convolutions
start from those of DistillMOS (package `distillmos`, MIT); first the output alone is fitted, then the upper
convolutions with it, slowly, and at the end the output anew in closed form. What is kept is the running average of the
weights, which generalises better to pages never seen than the last weights do (arXiv:2102.08604).
"""

import copy
import importlib.util
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from voxproof.errors import CorpusError, ModelError
from voxproof.evaluation.detection_metrics import Trials, eer
from voxproof.features.spectrogram import RATE, compressed_spectrogram
from voxproof.models.torch_zip import read_torch_tensors
from voxproof.networks.spectral_detector import SpectralDetector
from voxproof.training.augment import Augmenter
from voxproof.training.checkpoint import load_checkpoint, save_checkpoint
from voxproof.training.detector_data import (
    WIDE_HELD_OUT,
    Clip,
    PackedClips,
    PairSampler,
    held_out_pages,
    pack_clips,
    read_manifest,
    read_real,
    refuse_overlap,
)
from voxproof.training.detector_output import candidates, set_output, statistics_of
from voxproof.training.recipe import Run, recipe

HELD_OUT_SECONDS = 3.0  # of each clip that is heard when held-out pages are scored
HELD_OUT_CLIPS = 12  # of each class, page and coding, at most


def read_clips(config: Mapping[str, Any]) -> list[Clip]:
    """All clips that a recipe names: `speech` and `extra_fakes` (manifests with labels), `real` (real speech alone).

    With `judged_on`, none of them may be of a page or recording of that corpus's development split.
    """
    clips: list[Clip] = []
    for folder in [*config["speech"], *config.get("extra_fakes", [])]:
        clips += read_manifest(folder)
    for folder in config.get("real", []):
        clips += read_real(folder)
    if config.get("judged_on"):
        refuse_overlap(clips, config["judged_on"])
    return clips


def distillmos_weights() -> dict[str, Tensor]:
    """The tensors of the checkpoint inside the package `distillmos`, read without running its pickle."""
    spec = importlib.util.find_spec("distillmos")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError("the package distillmos is not installed: pip install --no-deps distillmos==0.9.1")
    path = Path(spec.submodule_search_locations[0]) / "weights" / "distill_mos_v7.pt"
    arrays = read_torch_tensors(path)
    return {name.removeprefix("model."): torch.from_numpy(array.copy()) for name, array in arrays.items()}


class Average:
    """The running average of a module's weights, slower the longer it runs."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.module = copy.deepcopy(module).eval()
        self.decay = decay
        self.updates = 0

    @torch.no_grad()
    def update(self, module: nn.Module) -> None:
        """Take the weights as they are now into the average."""
        self.updates += 1
        decay = min(self.decay, self.updates / (self.updates + 9))
        for kept, new in zip(self.module.state_dict().values(), module.state_dict().values(), strict=True):
            if kept.is_floating_point():
                kept.lerp_(new, 1 - decay)
            else:
                kept.copy_(new)


def pair_loss(logits: Tensor, fake: Tensor, smoothing: float, ranking: float) -> Tensor:
    """Cross-entropy of each clip, and of each pair's order; `logits` alternate real, fake.

    The order within a pair (same page, same coding) asks for what tells the classes apart there, whatever the page's
    own level of scores is.
    """
    target = fake * (1 - smoothing) + smoothing / 2
    crossed = functional.binary_cross_entropy_with_logits(logits, target)
    return crossed + ranking * functional.softplus(logits[0::2] - logits[1::2]).mean()


class Batches:
    """Batches of spectrograms `(batch, 2, 161, frames)`, real and fake by turns, and their labels."""

    def __init__(
        self, pack: PackedClips, sampler: PairSampler, augmenter: Augmenter, config: Mapping[str, Any]
    ) -> None:
        self.pack = pack
        self.sampler = sampler
        self.augmenter = augmenter
        self.pairs = int(config["batch"]) // 2
        self.shortest, self.longest = (float(s) for s in config["seconds"])

    def draw(self, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """The next batch; one length of crop for all of it."""
        samples = int(rng.uniform(self.shortest, self.longest) * RATE) // 320 * 320
        spectrograms = []
        for pair in self.sampler.pairs(self.pairs, rng):
            for place in pair:
                # A little more than needed, so that what fills the gap of a change of speed is cut off.
                clip = self.augmenter(self.pack.crop(place, samples + RATE // 4, rng), rng)[:samples]
                spectrograms.append(compressed_spectrogram(clip))
        fake = torch.tensor([0.0, 1.0]).repeat(self.pairs)
        return torch.from_numpy(np.stack(spectrograms)), fake


def held_out_places(pack: PackedClips, pages: set[str], seed: int = 0) -> list[int]:
    """Which clips judge the training: some of each class, page and coding of the held-out pages."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for place, clip in enumerate(pack.clips):
        if clip.page in pages:
            groups.setdefault((clip.page, clip.coding, clip.label), []).append(place)
    rng = np.random.default_rng(seed)
    kept = [
        rng.permutation(group)[: HELD_OUT_CLIPS * (5 if page == WIDE_HELD_OUT else 1)]
        for (page, _, _), group in groups.items()
    ]
    return sorted(int(place) for group in kept for place in group)


@torch.no_grad()
def score_held_out(module: nn.Module, pack: PackedClips, places: list[int]) -> NDArray[np.float64]:
    """One logit a clip, on its first seconds, undegraded."""
    module.eval()
    scores = []
    for place in places:
        scores.append(float(module(_heard(pack, place))[0, 0]))
    return np.array(scores)


def _heard(pack: PackedClips, place: int) -> Tensor:
    """What is judged of a held-out clip: `(1, 2, 161, frames)`."""
    samples = pack[place][: int(HELD_OUT_SECONDS * RATE)]
    return torch.from_numpy(compressed_spectrogram(np.resize(samples, max(len(samples), RATE))))[None]


def held_out_eer(pack: PackedClips, places: list[int], scores: NDArray[np.float64]) -> dict[str, float]:
    """EER in percent on held-out clips: all of them, and matched pages without neural codecs."""
    clips = [pack.clips[place] for place in places]
    fake = np.array([clip.fake for clip in clips])
    counts = np.array([clip.matched and clip.family != "codec" for clip in clips])
    figures = {"eer": 100 * float(eer(Trials(scores, fake))[0])}
    if fake[counts].any() and not fake[counts].all():
        figures["eer_matched"] = 100 * float(eer(Trials(scores[counts], fake[counts]))[0])
    return {name: round(value, 2) for name, value in figures.items()}


@recipe("detector")
def train_detector(run: Run) -> None:
    """Config keys: speech, real, extra_fakes, cache, held_out, mixed, batch, seconds, augment, start, frozen, ..."""
    config = run.config
    torch.set_num_threads(run.threads)
    torch.manual_seed(0)
    pack = pack_clips(read_clips(config), config["cache"])
    held_out = held_out_pages(pack.clips, float(config["held_out"]), int(config.get("held_out_seed", 0)))
    training = {clip.page for clip in pack.clips} - held_out
    places = held_out_places(pack, held_out)
    if not places:
        raise CorpusError("no page is held out: raise held_out, or name more data")
    sampler = PairSampler(pack.clips, training, float(config.get("mixed", 0.0)))
    batches = Batches(pack, sampler, Augmenter(config["augment"]), config)

    module = SpectralDetector(dropout=float(config.get("dropout", 0.3)))
    if config.get("start") == "distillmos":
        module.start_from_distillmos(distillmos_weights())
    frozen = module.convolutions[: int(config.get("frozen", 0))]
    for parameter in frozen.parameters():
        parameter.requires_grad_(False)
    module = module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    convolutions = [p for p in module.convolutions.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": module.output.parameters(), "peak": float(config["rate_output"]), "weight_decay": 0.05},
            {"params": convolutions, "peak": float(config["rate_convolutions"]), "weight_decay": 1e-4},
        ]
    )
    average = Average(module, float(config.get("average", 0.99)))
    checkpoint = run.folder / "checkpoint.safetensors"
    step, spent, best = 0, 0.0, 100.0
    if run.resume and checkpoint.is_file():
        facts = load_checkpoint(checkpoint, nn.ModuleList([module, average.module]), optimiser)
        step, spent, best, average.updates = facts["step"], facts["minutes"], facts["best"], facts["step"]
    _log(
        run, {"clips": len(pack), "domains": len(sampler.domains), "held_out": sorted(held_out), "judging": len(places)}
    )

    warm = int(config["output_alone"])
    began = saved = judged = time.monotonic()
    losses: list[float] = []
    while (minutes := spent + (time.monotonic() - began) / 60) < run.minutes:
        progress = minutes / run.minutes
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * min(1.0, (step + 1) / 30) * (0.02 + 0.98 * np.cos(np.pi / 2 * progress) ** 2)
        for parameter in convolutions:
            parameter.requires_grad_(step >= warm)
        # Batches depend on the step alone, so a run that is resumed goes on with what it would have seen.
        spectrograms, fake = batches.draw(np.random.default_rng([7, step]))
        module.train()
        logits = module(spectrograms.contiguous(memory_format=torch.channels_last))[:, 0]
        loss = pair_loss(logits, fake, float(config["smoothing"]), float(config["ranking"]))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(module.parameters(), 5.0)
        optimiser.step()
        average.update(module)
        losses.append(float(loss.detach()))
        step += 1
        if step % 20 == 0:
            _log(run, {"step": step, "minutes": round(minutes, 2), "loss": round(float(np.mean(losses)), 3)})
            losses = []
        if time.monotonic() - judged > 60 * float(config["judge_minutes"]):
            best = _judge(run, average, pack, places, step, best)
            judged = time.monotonic()
        if time.monotonic() - saved > 120:
            minutes = spent + (time.monotonic() - began) / 60
            both = nn.ModuleList([module, average.module])
            save_checkpoint(checkpoint, both, optimiser, step=step, minutes=minutes, best=best)
            saved = time.monotonic()
    minutes = spent + (time.monotonic() - began) / 60
    best = _judge(run, average, pack, places, step, best)
    both = nn.ModuleList([module, average.module])
    save_checkpoint(checkpoint, both, optimiser, step=step, minutes=minutes, best=best)
    if config.get("refit_clips"):
        kept = SpectralDetector()
        load_checkpoint(run.folder / "best.safetensors", kept)
        refit_output(run, kept, pack, places, batches, step, best)


def refit_output(
    run: Run, module: SpectralDetector, pack: PackedClips, places: list[int], batches: Batches, step: int, best: float
) -> float:
    """Fit the last layer anew in closed form; keep the result if it beats what was kept so far."""
    inputs = np.concatenate([statistics_of(module, _heard(pack, place)) for place in places])
    for name, (weights, offset) in candidates(module, batches, int(run.config["refit_clips"])).items():
        figures = held_out_eer(pack, places, inputs @ weights + offset)
        figure = figures.get("eer_matched", figures["eer"])
        _log(run, {"output": name, **figures})
        if figure < best:
            best = figure
            set_output(module, weights, offset)
            save_checkpoint(run.folder / "best.safetensors", module, None, step=step, output=name, **figures)
    return best


def _judge(run: Run, average: Average, pack: PackedClips, places: list[int], step: int, best: float) -> float:
    """Score the held-out pages with the averaged weights; keep the weights if they are the best so far."""
    figures = held_out_eer(pack, places, score_held_out(average.module, pack, places))
    figure = figures.get("eer_matched", figures["eer"])
    _log(run, {"step": step, **figures})
    if figure <= best:
        save_checkpoint(run.folder / "best.safetensors", average.module, None, step=step, **figures)
    return min(best, figure)


def _log(run: Run, facts: Mapping[str, Any]) -> None:
    line = json.dumps(dict(facts))
    print(line, flush=True)
    with (run.folder / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
