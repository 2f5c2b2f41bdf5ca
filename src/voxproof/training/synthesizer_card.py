"""The card beside a synthesizer's graphs, with which `runs/NAME` is a synthesizer like any other."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import nn

from voxproof.models import Card, describe_file, save_card
from voxproof.networks.cantor import MEL_MEAN, MEL_SCALE
from voxproof.synthesis.cantor import AVERAGE

ENCODERS = ("voice-encoder",)


def save_synthesizer_card(
    folder: Path, engine: str, net: nn.Module, recipe: Mapping[str, Any], *, minutes: float, hours: float
) -> Card:
    """Write `folder/card.yaml` for the graphs in it; the card comes back.

    `encoders` of the recipe are those whose embeddings the network learned to understand; `minutes` it was trained and
    heard so many `hours` of speech. What it was trained on is for whoever ships it to say. The recipe's `guidance` goes
    into the card where an average speaker stands beside the graphs (`voxproof.training.average_speaker`).
    """
    guidance = float(recipe.get("guidance", 0.0)) if (folder / AVERAGE).is_file() else 0.0
    card = Card(
        name=engine,
        kind="synthesizer",
        engine=engine,
        summary=f"A synthesizer of recipe {recipe['recipe']}, trained by us.",
        licence="Apache-2.0",
        files=tuple(describe_file(path) for path in sorted([*folder.glob("*.onnx"), *folder.glob(AVERAGE)])),
        config={
            "encoders": list(recipe.get("encoders", ENCODERS)),
            "mel_mean": MEL_MEAN,
            "mel_scale": MEL_SCALE,
            "parameters": sum(p.numel() for p in net.parameters()),
            "minutes": round(minutes, 1),
            "hours": round(hours, 1),
        }
        | ({"guidance": guidance} if guidance else {}),
        limits=("16 kHz.",),
    )
    save_card(card, folder)
    return card
