"""Make a detector of the published weights of AASIST or AASIST-L, for measuring.

    python -m voxproof.training.import_aasist AASIST.pth OUT [--recipe RECIPE]

The weights (MIT, github.com/clovaai/aasist, models/weights) are read without running their pickle. OUT gets the graph
and a card, calibrated on the pages that the recipe holds out; its last part becomes the card's name.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import torch
import yaml

from voxproof.errors import ModelError, VoxproofError
from voxproof.models import Card, read_torch_tensors
from voxproof.networks.aasist import AASIST, AASIST_L, SAMPLES, Aasist
from voxproof.training.imported import write_card, write_graph
from voxproof.training.recipe import find_recipe

FRONT_END = "samples"  # the published networks heard the files at their own level
SETTINGS = {"front_end": FRONT_END, "window": SAMPLES, "hop": SAMPLES // 2}


def read_aasist(checkpoint: str | Path) -> tuple[str, Aasist]:
    """Name and network of a published checkpoint; `ModelError` if it is of neither."""
    tensors = {name: torch.from_numpy(values) for name, values in read_torch_tensors(checkpoint).items()}
    reason = ""
    for name, size in (("AASIST", AASIST), ("AASIST-L", AASIST_L)):
        module = Aasist(size).eval()
        try:
            module.load_state_dict(tensors)
        except RuntimeError as problem:
            reason = " ".join(str(problem).split())[:200]
            continue
        return name, module
    raise ModelError(f"{checkpoint}: neither AASIST nor AASIST-L as published ({reason})")


def import_aasist(checkpoint: str | Path, out: Path, recipe: dict[str, Any] | None) -> Card:
    """Write graph and card of a published checkpoint into `out`."""
    name, module = read_aasist(checkpoint)
    about = {
        "summary": f"{name} as published (arXiv:2110.01200), trained on ASVspoof 2019 LA by its authors.",
        "licence": "MIT (NAVER Corp., github.com/clovaai/aasist)",
        "training_data": [{"name": "ASVspoof 2019 LA, training partition", "licence": "ODC-By 1.0"}],
        "limits": ["Others' weights, here to be measured."],
    }
    write_graph(module, out, FRONT_END, SAMPLES, half=False)
    return write_card(out, about, SETTINGS, recipe, "python -m voxproof.training.import_aasist")


def main() -> int:
    """Parse and import."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("checkpoint", type=Path, help="AASIST.pth or AASIST-L.pth")
    cli.add_argument("out", type=Path, help="the model's folder; its name becomes the card's")
    cli.add_argument("--recipe", help="whose held-out pages calibrate the scores; none: not calibrated")
    args = cli.parse_args()
    try:
        recipe = yaml.safe_load(find_recipe(args.recipe).read_text(encoding="utf-8")) if args.recipe else None
        card = import_aasist(args.checkpoint, args.out, recipe)
    except VoxproofError as error:
        print(f"voxproof: {error}", file=sys.stderr)
        return error.exit_code
    print(f"{args.out}: {card.bytes} bytes, {card.config['calibration']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
