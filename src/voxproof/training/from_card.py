"""A shipped model back into a checkpoint, so that training can go on where it was shipped (a recipe's key `start`).

    python -m voxproof.training.from_card pulsar runs/pulsar.safetensors
    python -m voxproof.training.from_card cantor runs/cantor.safetensors --recipe synthesizer

Checkpoints stay with who trains; the graphs ship, and hold the weights in half precision. What Cantor's graphs lack is
the mel that each phoneme expects, by which recordings are aligned: it is fitted anew on clips of the recipe, first
along the durations that the network predicts and then along its own alignment.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
import yaml
from numpy.typing import NDArray
from torch import Tensor

from voxproof.errors import ModelError, VoxproofError
from voxproof.networks.cantor import Cantor, CantorConfig
from voxproof.networks.length_regulator import repeat
from voxproof.networks.pulsar import Pulsar, PulsarConfig
from voxproof.text import SYMBOLS
from voxproof.training.checkpoint import save_checkpoint
from voxproof.training.durations import Durations, align_batch, frame_mask, frames_of_phonemes, phoneme_mask
from voxproof.training.graph_weights import fill_from_card
from voxproof.training.recipe import find_recipe
from voxproof.training.synthesis_losses import masked_mean
from voxproof.training.transcribed import Batch, Batches, load_clips

PRIOR = "prior"  # how the names of what Cantor's graphs lack begin
STEPS = 160  # half of them along predicted durations
_RATE = 1e-2


def predicted_durations(log_durations: Tensor, batch: Batch) -> Durations:
    """Predicted durations, stretched to the length of each recording."""
    found: list[NDArray[np.int64]] = []
    for k, (phonemes, frames) in enumerate(zip(batch.lengths, batch.frames, strict=True)):
        ends = np.cumsum(np.exp(log_durations[k, :phonemes].numpy()))
        found.append(np.diff(np.round(ends / ends[-1] * frames).astype(np.int64), prepend=0))
    return found


def fit_prior(net: Cantor, batches: Iterator[Batch], steps: int = STEPS) -> float:
    """Fit the expected mels alone; the squared error of the last step comes back."""
    parameters = [p for name, p in net.named_parameters() if name.startswith(PRIOR)]
    optimiser = torch.optim.Adam(parameters, lr=_RATE)
    error = torch.zeros(())
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = _RATE * (1.01 - step / steps)
        batch = next(batches)
        with torch.no_grad():
            condition = net.speaker(batch.embedding, batch.register)
            states = net.encode(batch.symbols, condition)
            guess = net.log_durations(states, condition, phoneme_mask(batch))
        prior = net.prior_mel(states, condition)
        durations = predicted_durations(guess, batch) if step < steps // 2 else align_batch(prior, batch)
        index, _ = frames_of_phonemes([own.clip(min=0) for own in durations], batch.mel.shape[1])
        error = masked_mean((repeat(prior, index) - batch.mel) ** 2, frame_mask(batch))
        optimiser.zero_grad(set_to_none=True)
        error.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return float(error.detach())


def from_card(name: str, out: Path, recipe: str = "synthesizer") -> dict[str, float]:
    """Write the checkpoint of the shipped `cantor` or `pulsar`; `ModelError` for others."""
    out.parent.mkdir(parents=True, exist_ok=True)
    if name == "pulsar":
        vocoder = Pulsar(PulsarConfig())
        fill_from_card(vocoder, name)
        save_checkpoint(out, vocoder, None, config=asdict(PulsarConfig()))
        return {}
    if name != "cantor":
        raise ModelError(f"no checkpoint is made of {name!r}; there are cantor and pulsar")
    config = yaml.safe_load(find_recipe(recipe).read_text(encoding="utf-8"))
    net = Cantor(CantorConfig(symbols=len(SYMBOLS), **config.get("network", {})))
    fill_from_card(net, name, "net.", PRIOR)
    packs, embeddings = [[Path(p) for p in config[key]] for key in ("packs", "embeddings")]
    batches = iter(Batches(load_clips(packs, embeddings, config["longest"]), config["frames"], seed=0))
    error = fit_prior(net, batches)
    save_checkpoint(out, net, None, config=asdict(net.config))
    return {"prior": round(error, 4)}


def main() -> int:
    """Parse and run."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("name", help="cantor or pulsar")
    cli.add_argument("out", type=Path, help="the checkpoint to write (.safetensors)")
    cli.add_argument("--recipe", default="synthesizer", help="whose packs Cantor's expected mels are fitted on")
    args = cli.parse_args()
    try:
        print(json.dumps(from_card(args.name, args.out, args.recipe)))
    except VoxproofError as problem:
        print(f"voxproof: {problem}", file=sys.stderr)
        return problem.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
