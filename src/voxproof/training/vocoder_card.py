"""The card beside a vocoder's graphs, with which `runs/NAME` is a vocoder like any other."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from voxproof.models import Card, describe_file, save_card


def save_vocoder_card(folder: Path, name: str, engine: str, summary: str, config: Mapping[str, Any]) -> Card:
    """Write `folder/card.yaml` for the graphs in it; the card comes back.

    `config` is what the engine reads, with `parameters`, and `minutes` of training where they are known. What it was
    trained on is for whoever ships it to say.
    """
    card = Card(
        name=name,
        kind="vocoder",
        engine=engine,
        summary=summary,
        licence="Apache-2.0",
        files=tuple(describe_file(path) for path in sorted(folder.glob("*.onnx"))),
        config=dict(config),
        limits=("16 kHz.",),
    )
    save_card(card, folder)
    return card
