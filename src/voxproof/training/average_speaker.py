"""The average speaker of a training, which Cantor's guidance leads away from (`voxproof.synthesis.cantor`).

`python -m voxproof.training.average_speaker RECIPE.yaml FOLDER` writes it beside graphs that are there already.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from voxproof.errors import CorpusError, VoxproofError
from voxproof.files import write_aside
from voxproof.synthesis.cantor import AVERAGE
from voxproof.training.transcribed import Clip, load_clips


def average_speaker(clips: Iterable[Clip]) -> NDArray[np.float32]:
    """Mean embedding `(dim,)` of the clips' speakers, each of whom counts once; its norm is below one."""
    by_speaker: dict[str, list[NDArray[np.float32]]] = {}
    for clip in clips:
        by_speaker.setdefault(clip.speaker, []).append(clip.embedding)
    means = [np.mean(own, axis=0) for own in by_speaker.values()]
    return np.mean(means, axis=0).astype(np.float32)


def save_average_speaker(clips: Iterable[Clip], folder: Path) -> Path:
    """Write `folder/average.npy`; its path comes back."""
    path = folder / AVERAGE
    with write_aside(path, CorpusError) as aside, aside.open("wb") as target:
        np.save(target, average_speaker(clips))
    return path


def main() -> int:
    """Parse, read the recipe's clips, write the file."""
    cli = argparse.ArgumentParser(
        prog="python -m voxproof.training.average_speaker", description="The average speaker."
    )
    cli.add_argument("recipe", type=Path, help="whose packs and embeddings are read")
    cli.add_argument("folder", type=Path, help=f"where {AVERAGE} is written")
    args = cli.parse_args()
    config = yaml.safe_load(args.recipe.read_text(encoding="utf-8"))
    packs, embeddings = [[Path(p) for p in config[key]] for key in ("packs", "embeddings")]
    try:
        print(save_average_speaker(load_clips(packs, embeddings, config["longest"]), args.folder))
    except VoxproofError as problem:
        print(f"voxproof: {problem}", file=sys.stderr)
        return problem.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
