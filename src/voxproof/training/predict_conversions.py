"""Mels that the converter makes of clips in their own speaker's voice.

`python -m voxproof.training.predict_conversions PACK EMBEDDINGS.npz [EVERY] [--converter NAME]`: a conversion keeps
timing and pitch, so each frame of its mel is one of the recording, and a vocoder can learn from the pair as it does
from those of `predict_mels`. EVERY says which share of the clips (one of 5); the mels go into the pack.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from voxproof.conversion import Converter, load_converter
from voxproof.errors import CorpusError, VoxproofError
from voxproof.features import MEL
from voxproof.training.speech_pack import SpeechPack

_FEWEST_VOICED = 10  # frames, to know a register by


def predict_conversions(converter: Converter, pack: SpeechPack, embeddings: Path, every: int = 5) -> int:
    """Write `predicted.f16` and `predicted.json` into the pack and return how many clips they hold.

    Raises `CorpusError` where the embeddings cannot be read or know no clip of the pack.
    """
    try:
        with np.load(embeddings, allow_pickle=False) as arrays:
            voices = dict(zip(arrays["path"].tolist(), arrays["embedding"], strict=True))
    except (OSError, KeyError, ValueError) as error:
        raise CorpusError(f"{embeddings}: no embeddings of voxproof.training.embed ({error})") from None
    chosen = [i for i, row in enumerate(pack.rows) if row["path"] in voices][::every]
    if not chosen:
        raise CorpusError(f"{embeddings} knows no clip of {pack.folder}")
    frames = sum(row["frames"] for row in pack.rows)
    target = np.memmap(pack.folder / "predicted.f16", np.float16, "w+", shape=(frames, MEL.n_mels))
    made: list[int] = []
    for i in chosen:
        row, pitch = pack.rows[i], pack.f0(i)
        voiced = pitch[pitch > 0]
        if len(voiced) < _FEWEST_VOICED:
            continue
        mel = converter.convert(pack.samples(i), voices[row["path"]], register=float(np.median(voiced))).mel.T
        length = min(len(mel), row["frames"])
        target[row["frame"] : row["frame"] + length] = mel[:length]
        target[row["frame"] + length : row["frame"] + row["frames"]] = np.log(MEL.floor)
        made.append(i)
    target.flush()
    (pack.folder / "predicted.json").write_text(json.dumps(made), encoding="utf-8")
    return len(made)


def main() -> int:
    """Parse and run."""
    cli = argparse.ArgumentParser(prog="python -m voxproof.training.predict_conversions")
    cli.add_argument("pack", type=Path)
    cli.add_argument("embeddings", type=Path, help="of the pack's clips, by voxproof.training.embed")
    cli.add_argument("every", type=int, nargs="?", default=5, help="one clip of so many")
    cli.add_argument("--converter", default="ppg", help="a name, or the folder of a card")
    args = cli.parse_args()
    try:
        count = predict_conversions(load_converter(args.converter), SpeechPack(args.pack), args.embeddings, args.every)
    except VoxproofError as problem:
        print(f"voxproof: {problem}", file=sys.stderr)
        return problem.exit_code
    print(f"{args.pack}: {count} clips")
    return 0


if __name__ == "__main__":
    sys.exit(main())
