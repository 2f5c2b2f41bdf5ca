"""Trains GE2E (arXiv 1710.10467), the speaker encoder whose loss compares each utterance with everybody's centroid.

The paper's network, batches, losses and scales of gradients on our speech, and what is ours: the project's mel, frames
in pairs (40 a second, which halves the cost), every utterance recoloured and made noisy on its own, and Adam if wanted.
Some speakers are never learned from; the equal error rate on them is told every few minutes and at the end.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from torch import Tensor, nn
from torch.nn import functional as F

from voxproof.errors import CorpusError
from voxproof.features import MEL
from voxproof.networks.ge2e import SMALLEST_WEIGHT, Ge2e, Ge2eConfig
from voxproof.networks.student_encoder import LOG_MEL_DEVIATION, LOG_MEL_MEAN
from voxproof.training.export_encoder import export_encoder
from voxproof.training.held_out_speakers import HeldOutSpeakers
from voxproof.training.loop import Loop, Rate
from voxproof.training.partial_utterances import PartialUtterances, split_speakers
from voxproof.training.recipe import Run, recipe
from voxproof.training.speech_pack import SpeechPack, clips_by_speaker

PARTIAL_SECONDS = 1.6  # of an utterance that is judged; those of a batch are 1.4 to 1.8 s
CLIP = 3.0  # norm of the gradient
PROJECTION_SCALE, SIMILARITY_SCALE = 0.5, 0.01  # of the gradients of the projection, and of w and b
_HELD_OUT_SEED = 7
_WARM_UP = 60  # steps


class Sizes(BaseModel):
    """`network` of a recipe; the paper's 768 cells, projected to 256, are for a GPU."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hidden: int = Field(default=256, gt=0)
    layers: int = Field(default=3, gt=0)
    dim: int = Field(default=256, gt=1)


class Ge2eRecipe(BaseModel):
    """The YAML; an unknown key is an error, so a typo cannot hide."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    recipe: str
    minutes: float = 60
    packs: list[Path] = Field(min_length=1)
    leave_out: list[str] = Field(default=[], description="prefixes of speakers of unsure ids")
    loss: Literal["softmax", "contrast"] = "softmax"
    softmax_steps: int = Field(default=1500, ge=0, description="first steps of a contrast training, see `loss_at`")
    speakers: int = Field(default=64, ge=2, description="N of a batch")
    utterances: int = Field(default=10, ge=2, description="M of a speaker")
    seconds: tuple[float, float] = Field(default=(1.4, 1.8), description="shortest and longest partial utterance")
    optimiser: Literal["adam", "sgd"] = "adam"
    learning_rate: float = Field(default=1e-3, gt=0)
    held_out: int = Field(default=60, ge=2, description="speakers to judge by")
    judge_every: float = Field(default=3.0, gt=0, description="minutes between two equal error rates")
    network: Sizes = Sizes()


def read_settings(config: Mapping[str, Any]) -> Ge2eRecipe:
    """The recipe with its defaults; `CorpusError` says in one line what is wrong with it."""
    try:
        settings = Ge2eRecipe.model_validate(dict(config))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        keys = f" (keys: {', '.join(Ge2eRecipe.model_fields)})" if first["type"] == "extra_forbidden" else ""
        raise CorpusError(f"recipe: {place}: {first['msg']}{keys}") from None
    if not 0.2 <= settings.seconds[0] <= settings.seconds[1]:
        raise CorpusError(f"recipe: seconds: from {settings.seconds[0]} to {settings.seconds[1]} s is no range")
    return settings


class LogMelGe2e(nn.Module):
    """GE2E on the project's log-mel, frames in pairs: what is trained and exported."""

    def __init__(self, encoder: Ge2e) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, log_mel: Tensor) -> Tensor:
        """`(batch, n_mels, frames)` -> `(batch, dim)`, each of length one."""
        pairs = F.avg_pool1d((log_mel - LOG_MEL_MEAN) / LOG_MEL_DEVIATION, 2)
        out: Tensor = self.encoder(pairs.transpose(1, 2))
        return out


def optimiser_of(encoder: Ge2e, kind: Literal["adam", "sgd"]) -> torch.optim.Optimizer:
    """The paper's stochastic gradient descent, or Adam, which gets there in far fewer steps.

    The paper's scales of gradients are scales of the rate here: for SGD that is the same (but for the clipping), and
    Adam would divide a factor of the gradient out again.
    """
    groups = [
        {"params": list(encoder.lstm.parameters())},
        {"params": list(encoder.linear.parameters()), "rate_scale": PROJECTION_SCALE},
        {"params": [encoder.similarity_weight, encoder.similarity_bias], "rate_scale": SIMILARITY_SCALE},
    ]
    return torch.optim.Adam(groups) if kind == "adam" else torch.optim.SGD(groups)


def loss_at(step: int, settings: Ge2eRecipe) -> Literal["softmax", "contrast"]:
    """The loss of a step: a contrast training begins with the softmax loss.

    One point for all speakers has a contrast loss of 1, and an utterance has less only once it is nearer to its own
    centroid than to all others. A fresh network is far from that, fell into the point and stayed; with 24 speakers so
    did one after 200 steps of the softmax loss.
    """
    return "softmax" if step < settings.softmax_steps else settings.loss


def _frames(seconds: float) -> int:
    return round(seconds * MEL.frame_rate)


def speech_of(settings: Ge2eRecipe, seed: int) -> tuple[PartialUtterances, HeldOutSpeakers]:
    """What is trained on and what judges; `CorpusError` where the packs hold too few speakers."""
    everybody = clips_by_speaker([SpeechPack(folder) for folder in settings.packs], settings.leave_out)
    shortest, longest = (_frames(seconds) for seconds in settings.seconds)
    partial = _frames(PARTIAL_SECONDS)
    training, judging = split_speakers(everybody, settings.held_out, partial, _HELD_OUT_SEED)
    partials = PartialUtterances(training, settings.utterances, shortest, longest, seed)
    if len(partials.clips) < settings.speakers:
        raise CorpusError(
            f"recipe: speakers: {settings.speakers} in a batch, but only {len(partials.clips)} in the packs have room "
            f"for {settings.utterances} utterances of {settings.seconds[1]} s: ask for fewer, or give other packs"
        )
    counts = {"speakers": len(partials.clips), "clips": sum(map(len, partials.clips)), "held_out": len(judging)}
    print(json.dumps(counts), flush=True)
    return partials, HeldOutSpeakers(judging, partial)


@recipe("ge2e")
def train_ge2e(run: Run) -> None:
    """See the module, and `Ge2eRecipe` for the keys."""
    settings = read_settings(run.config)
    torch.set_num_threads(run.threads)
    torch.manual_seed(0)
    encoder = Ge2e(Ge2eConfig(n_mels=MEL.n_mels, **settings.network.model_dump()))
    net = LogMelGe2e(encoder)
    rate = Rate(settings.learning_rate, _WARM_UP, hold=1.5)
    loop = Loop(run, net, optimiser_of(encoder, settings.optimiser), rate, asdict(encoder.config), clip=CLIP)
    partials, held_out = speech_of(settings, seed=loop.step)
    losses_of = {"softmax": encoder.loss, "contrast": encoder.contrast_loss}
    judge_at = loop.minutes + settings.judge_every

    def judge() -> None:
        figures = {"step": loop.step, "minutes": round(loop.minutes, 2), "held_out_eer": round(held_out.eer(net), 4)}
        print(json.dumps(figures), flush=True)

    def losses(progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        nonlocal judge_at
        if loop.minutes >= judge_at:
            judge()
            judge_at = loop.minutes + settings.judge_every
        mel = partials.batch(settings.speakers)
        loop.hours += len(mel) * mel.shape[2] / MEL.frame_rate / 3600
        with torch.no_grad():
            encoder.similarity_weight.clamp_(min=SMALLEST_WEIGHT)
        kind = loss_at(loop.step, settings)
        loss = losses_of[kind](net(mel).unflatten(0, (settings.speakers, settings.utterances)))
        return loss, {kind: loss.detach(), "weight": encoder.similarity_weight.detach()}

    loop.train(losses)
    judge()
    export_encoder(
        net,
        run.folder,
        f"ge2e-{settings.loss}",
        f"GE2E (arXiv 1710.10467, {settings.loss} loss) on pairs of mel frames, trained by the recipe ge2e.",
        dim=settings.network.dim,
        crop_seconds=PARTIAL_SECONDS,
        limits=("16 kHz. Compare cosines with each other, never read one alone.",),
    )
