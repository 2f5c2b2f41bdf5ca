"""A checkpoint of Cantor as graphs with a card, in the precision that is asked for.

    python -m voxproof.training.export_cantor runs/cantor/checkpoint.safetensors runs/cantor-float --precision float

A training ends with that on its own; this is for what it looked like before it ended, and for other precisions.
"""

import argparse
import sys
from pathlib import Path
from typing import get_args

from voxproof.errors import VoxproofError
from voxproof.networks.cantor import Cantor, CantorConfig
from voxproof.text import SYMBOLS
from voxproof.training.cantor_graphs import Precision, export
from voxproof.training.checkpoint import load_checkpoint
from voxproof.training.synthesizer_card import save_synthesizer_card


def export_cantor(
    checkpoint: Path, folder: Path, precision: Precision = "int8", *, minutes: float = 0.0, hours: float = 0.0
) -> dict[str, float]:
    """Write the graphs and the card; the minutes and hours of speech that the checkpoint has behind it come back.

    `minutes` and `hours` are those of the trainings that its own began with (key `start` of the recipe).
    """
    net = Cantor(CantorConfig(symbols=len(SYMBOLS)))
    facts = load_checkpoint(checkpoint, net)
    before = {"minutes": minutes, "hours": hours}
    trained = {name: float(facts.get(name, 0.0)) + value for name, value in before.items()}
    folder.mkdir(parents=True, exist_ok=True)
    export(net, folder, precision)
    save_synthesizer_card(folder, "cantor", net, {"recipe": "synthesizer"}, **trained)
    return trained


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="A checkpoint of Cantor as graphs with a card.")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--precision", choices=get_args(Precision), default="int8")
    parser.add_argument("--minutes", type=float, default=0.0, help="of the trainings that this one began with")
    parser.add_argument("--hours", type=float, default=0.0, help="of speech that they heard")
    given = parser.parse_args()
    facts = export_cantor(given.checkpoint, given.folder, given.precision, minutes=given.minutes, hours=given.hours)
    print(f"{given.folder}: after {facts['minutes']:.0f} minutes, {facts['hours']:.1f} hours of speech")


if __name__ == "__main__":
    try:
        main()
    except VoxproofError as error:
        sys.exit(f"{error}")
