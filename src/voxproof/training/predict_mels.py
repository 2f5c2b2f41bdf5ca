"""Mels that a synthesizer makes of clips whose timing and pitch it is given.

`python -m voxproof.training.predict_mels RECIPE.yaml CHECKPOINT [EVERY]`: phonemes are laid along the clip by the
alignment search and the pitch is the clip's own, so each frame of the predicted mel is one of the recording.
A vocoder that also trains on such pairs learns to live with what a synthesizer blurs. The recipe is the synthesizer's
(with its `guidance`), EVERY says which share of the clips (one of 6); the mels go into the packs.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import yaml
from torch import Tensor

from voxproof.features import MEL
from voxproof.networks.cantor import MEL_MEAN, MEL_SCALE, Cantor, CantorConfig, expand
from voxproof.text import SYMBOLS
from voxproof.training.average_speaker import average_speaker
from voxproof.training.checkpoint import load_checkpoint
from voxproof.training.durations import align_batch, frame_mask, frames_of_phonemes
from voxproof.training.transcribed import Batch, Batches, Clip, load_clips


@torch.no_grad()
def predict(net: Cantor, batch: Batch, guidance: float = 0.0, average: Tensor | None = None) -> np.ndarray:
    """Log-mel `(batch, frames, n_mels)` of a batch by its own alignment and pitch.

    `guidance` leads away from the `average` speaker `(embedding_size,)`, as it does when Cantor speaks.
    """
    condition = net.speaker(batch.embedding, batch.register)
    states = net.encode(batch.symbols, condition)
    prior = net.prior_mel(states, condition)
    index, place = frames_of_phonemes(align_batch(prior, batch), batch.mel.shape[1])
    pairs, mask = expand(states, index, place), frame_mask(batch)[:, ::2]
    made = net.decode(pairs, batch.pitch, condition, mask)
    if average is not None:
        plain = net.speaker(average.expand(len(batch.frames), -1), batch.register)
        made = made + guidance * (made - net.decode(pairs, batch.pitch, plain, mask)).clamp(max=0)
    return np.asarray(made.numpy() * MEL_SCALE + MEL_MEAN)


def main() -> None:
    """Read the recipe, predict, write `predicted.f16` and `predicted.json` into each pack."""
    config = yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))
    torch.set_num_threads(1)
    net = Cantor(CantorConfig(symbols=len(SYMBOLS)))
    load_checkpoint(Path(sys.argv[2]), net)
    net.eval()
    packs, embeddings = [[Path(p) for p in config[key]] for key in ("packs", "embeddings")]
    heard = load_clips(packs, embeddings, config["longest"])
    guidance = float(config.get("guidance", 0.0))
    average = torch.from_numpy(average_speaker(heard)) if guidance else None
    clips = heard[:: int(sys.argv[3]) if len(sys.argv) > 3 else 6]
    by_pack: dict[Path, list[Clip]] = {}
    for clip in clips:
        by_pack.setdefault(clip.pack.folder, []).append(clip)
    for folder, own in by_pack.items():
        frames = sum(row["frames"] for row in own[0].pack.rows)
        target = np.memmap(folder / "predicted.f16", np.float16, "w+", shape=(frames, MEL.n_mels))
        batches = Batches(own, config["frames"], seed=0)
        for group in batches.groups():
            for clip, mel in zip(group, predict(net, batches.batch(group), guidance, average), strict=True):
                start = clip.pack.rows[clip.index]["frame"]
                target[start : start + clip.frames] = mel[: clip.frames]
        target.flush()
        (folder / "predicted.json").write_text(json.dumps(sorted(c.index for c in own)), encoding="utf-8")
        print(f"{folder}: {len(own)} clips")


if __name__ == "__main__":
    main()
