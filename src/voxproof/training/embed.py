"""Embeddings of every clip of a manifest: `python -m voxproof.training.embed MANIFEST.tsv OUT.npz [--encoder NAME]`.

Recipes whose network is driven by a speaker read them (key `embeddings`): the arrays `path` (as in the manifest) and
`embedding` `(clips, dim)`. The default encoder is the teacher of the one that ships.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from voxproof.audio import read_audio
from voxproof.corpora.tables import manifest_cells
from voxproof.errors import CorpusError, VoxproofError
from voxproof.files import write_aside
from voxproof.speakers import load_encoder

TEACHER = "ge2e-resemblyzer"


def embed(manifest: Path, out: Path, encoder: str = TEACHER) -> int:
    """Write the embeddings of all clips that can be read and return their number; the others are told on stderr.

    Raises `CorpusError` where the manifest cannot be read or no clip of it, `ModelError` where the encoder is missing.
    """
    model = load_encoder(encoder)
    names = [row["path"] for row in manifest_cells(manifest)]
    paths, embeddings = [], []
    for name in names:
        try:
            embeddings.append(model.embed(read_audio(manifest.parent / name)))
            paths.append(name)
        except VoxproofError as problem:
            print(f"left out: {problem}", file=sys.stderr)
    if not paths:
        raise CorpusError(f"{manifest}: none of its {len(names)} clips can be embedded")
    with write_aside(out, CorpusError) as aside, aside.open("wb") as target:
        np.savez(target, path=np.array(paths), embedding=np.stack(embeddings).astype(np.float32))
    return len(paths)


def main() -> int:
    """Parse and run."""
    cli = argparse.ArgumentParser(prog="python -m voxproof.training.embed", description="Embed every clip.")
    cli.add_argument("manifest", type=Path, help="tab-separated, with the column path, beside the clips")
    cli.add_argument("out", type=Path, help="the .npz to write")
    cli.add_argument("--encoder", default=TEACHER, help=f"a speaker encoder's name; {TEACHER} by default")
    args = cli.parse_args()
    try:
        count = embed(args.manifest, args.out, args.encoder)
    except VoxproofError as problem:
        print(f"voxproof: {problem}", file=sys.stderr)
        return problem.exit_code
    print(f"{count} clips, {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
