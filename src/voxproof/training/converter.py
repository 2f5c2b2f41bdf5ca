"""Trains the converter: phoneme posteriors and the decoder that gives them a voice, on transcribed speech.

Which phoneme each frame holds comes from the alignment of a trained Cantor. The decoder is given posteriors and not
labels, so that it learns to live with what the recogniser confuses; no gradient goes back into the recogniser, or the
posteriors would learn to carry the speaker.
"""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from voxproof.networks.cantor import Cantor, CantorConfig
from voxproof.networks.ppg import Ppg, PpgConfig, energy
from voxproof.text import SYMBOLS
from voxproof.training.checkpoint import load_checkpoint
from voxproof.training.durations import align_batch
from voxproof.training.export import export_onnx
from voxproof.training.loop import Loop, Rate
from voxproof.training.recipe import Run, recipe
from voxproof.training.transcribed import Batch, Batches, load_clips


@torch.no_grad()
def labels(aligner: Cantor, batch: Batch) -> Tensor:
    """The symbol of every frame by the aligner's monotonic alignment, `(batch, frames)`; -100 on padding."""
    condition = aligner.speaker(batch.embedding, batch.register)
    prior = aligner.prior_mel(aligner.encode(batch.symbols, condition), condition)
    out = np.full(batch.mel.shape[:2], -100, np.int64)
    for k, durations in enumerate(align_batch(prior, batch)):
        out[k, : batch.frames[k]] = np.repeat(batch.symbols[k, : len(durations)].numpy(), durations)
    return torch.from_numpy(out)


def losses(net: Ppg, aligner: Cantor, batch: Batch) -> dict[str, Tensor]:
    """Cross-entropy and accuracy of the recogniser, L1 of the decoder's mel."""
    wanted = labels(aligner, batch)
    mask = (wanted >= 0).unsqueeze(-1).float()
    pair_mask = mask.reshape(mask.shape[0], -1, 2)[:, :, :1]
    logits = net.recogniser(batch.mel, pair_mask)
    with torch.no_grad():
        posteriors = logits.softmax(-1)
        right = ((logits.argmax(-1) == wanted) * mask[..., 0]).sum() / mask.sum()
    prosody = torch.cat([batch.pitch, energy(batch.mel, mask)], dim=-1)
    mel = net.decoder(posteriors, prosody, batch.embedding, batch.register, pair_mask)
    return {
        "mel": ((mel - batch.mel).abs() * mask).sum() / (mask.sum() * mel.shape[-1]),
        "phonemes": F.cross_entropy(logits.flatten(0, 1), wanted.flatten(), ignore_index=-100),
        "accuracy": right,
    }


@recipe("converter")
def train_converter(run: Run) -> None:
    """Config keys: packs, embeddings, aligner (a Cantor checkpoint), longest, frames, learning_rate, network."""
    torch.set_num_threads(run.threads)
    clips = load_clips(
        [Path(p) for p in run.config["packs"]], [Path(p) for p in run.config["embeddings"]], run.config["longest"]
    )
    aligner = Cantor(CantorConfig(symbols=len(SYMBOLS)))
    load_checkpoint(Path(run.config["aligner"]), aligner)
    aligner.eval()
    config = PpgConfig(symbols=len(SYMBOLS), **run.config.get("network", {}))
    net = Ppg(config)
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=1e-2)
    rate = Rate(float(run.config.get("learning_rate", 1.2e-3)))
    loop = Loop(run, net, optimiser, rate, asdict(config))
    batches = iter(Batches(clips, run.config["frames"], seed=loop.step + 1))

    def weighted(progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        parts = losses(net, aligner, next(batches))
        return parts["mel"] + 0.3 * parts["phonemes"], {name: value.detach() for name, value in parts.items()}

    loop.train(weighted)
    export(net, config, run.folder)


class _Recogniser(nn.Module):
    def __init__(self, net: Ppg) -> None:
        super().__init__()
        self.recogniser = net.recogniser

    def forward(self, mel: Tensor) -> Tensor:
        mask = torch.ones_like(mel[:, ::2, :1])
        out: Tensor = self.recogniser(mel, mask).softmax(-1)
        return out


class _Decoder(nn.Module):
    def __init__(self, net: Ppg) -> None:
        super().__init__()
        self.decoder = net.decoder

    def forward(self, posteriors: Tensor, prosody: Tensor, embedding: Tensor, register: Tensor) -> Tensor:
        mask = torch.ones_like(prosody[:, ::2, :1])
        out: Tensor = self.decoder(posteriors, prosody, embedding, register, mask)
        return out


def export(net: Ppg, config: PpgConfig, folder: Path) -> None:
    """Two graphs of 8-bit weights, `recogniser.onnx` and `decoder.onnx`; the number of frames must be even."""
    net.eval()
    export_onnx(
        _Recogniser(net),
        (torch.zeros(1, 40, config.n_mels),),
        folder / "recogniser.onnx",
        ["mel"],
        ["posteriors"],
        {"mel": {1: "frames"}, "posteriors": {1: "frames"}},
        int8=True,
    )
    export_onnx(
        _Decoder(net),
        (
            torch.zeros(1, 40, config.symbols),
            torch.zeros(1, 40, 3),
            torch.ones(1, config.embedding_size) / config.embedding_size**0.5,
            torch.full((1,), 5.0),
        ),
        folder / "decoder.onnx",
        ["posteriors", "prosody", "embedding", "register"],
        ["mel"],
        {"posteriors": {1: "frames"}, "prosody": {1: "frames"}, "mel": {1: "frames"}},
        int8=True,
    )
