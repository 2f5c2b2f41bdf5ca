"""`python -m voxproof.training RECIPE.yaml`: train by a recipe, without the rest of the command line."""

import argparse
import sys
from pathlib import Path

from voxproof.errors import VoxproofError
from voxproof.training.recipe import train


def main() -> int:
    """Parse and run."""
    cli = argparse.ArgumentParser(prog="python -m voxproof.training", description=__doc__)
    cli.add_argument("recipe", help="a YAML file or the name of a bundled recipe")
    cli.add_argument("--minutes", type=float, default=None, help="stop after this long; the YAML's own limit otherwise")
    cli.add_argument("--resume", action="store_true", help="go on from the run folder's checkpoint")
    cli.add_argument("--out", type=Path, default=None, help="run folder (runs/RECIPE otherwise)")
    cli.add_argument("--threads", type=int, default=1)
    args = cli.parse_args()
    try:
        train(args.recipe, minutes=args.minutes, resume=args.resume, folder=args.out, threads=args.threads)
    except VoxproofError as error:
        print(f"voxproof: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
