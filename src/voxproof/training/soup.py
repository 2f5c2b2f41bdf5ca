"""The mean of the weights of two trainings of Cantor, one of which went on from the other.

    python -m voxproof.training.soup runs/before/checkpoint.safetensors runs/after runs/mean --share 0.5

Weights that lie between two ends of one training often do better than either (model soups, arXiv:2203.05482). The
folder that is written has graphs, average speaker and card like that of a training; all but the weights is as in
`after`.
"""

import argparse
import shutil
import sys
from pathlib import Path

import torch

from voxproof.errors import ModelError, VoxproofError
from voxproof.models import describe_file, load_card, save_card
from voxproof.networks.cantor import Cantor, CantorConfig
from voxproof.text import SYMBOLS
from voxproof.training.cantor_graphs import export
from voxproof.training.checkpoint import load_checkpoint


def mean_weights(before: Path, after: Path, share: float) -> Cantor:
    """A Cantor with `1 - share` of the weights of one checkpoint and `share` of the other's."""
    nets = []
    for checkpoint in (before, after):
        net = Cantor(CantorConfig(symbols=len(SYMBOLS)))
        load_checkpoint(checkpoint, net)
        nets.append(net.eval())
    mean, other = nets
    with torch.no_grad():
        for kept, new in zip(mean.state_dict().values(), other.state_dict().values(), strict=True):
            if kept.is_floating_point():
                kept.lerp_(new, share)
    return mean


def soup(before: Path, after: Path, out: Path, share: float = 0.5) -> None:
    """Write the mean as a folder that can be measured and shipped. `ModelError` where a checkpoint does not fit."""
    if not 0 <= share <= 1:
        raise ModelError(f"a share of {share} is out of bounds, 0 to 1")
    card = load_card(str(after))
    mean = mean_weights(before, after / "checkpoint.safetensors", share)
    out.mkdir(parents=True, exist_ok=True)
    export(mean, out)
    for file in card.files:
        if not file.name.endswith(".onnx"):
            shutil.copyfile(after / file.name, out / file.name)
    save_card(card.model_copy(update={"files": tuple(describe_file(out / file.name) for file in card.files)}), out)


def main() -> int:
    """Parse and run."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("before", type=Path, help="a checkpoint")
    cli.add_argument("after", type=Path, help="the folder of a training that went on from it")
    cli.add_argument("out", type=Path, help="the folder to write")
    cli.add_argument("--share", type=float, default=0.5, help="of the weights that come from `after`")
    given = cli.parse_args()
    try:
        soup(given.before, given.after, given.out, given.share)
    except VoxproofError as problem:
        print(f"voxproof: {problem}", file=sys.stderr)
        return problem.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
