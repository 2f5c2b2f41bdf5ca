"""Trains FastSpeech 2, with its transformer or with a flow-matching decoder, on transcribed speech of many speakers.

Durations are those of the monotonic alignment that is learned by the prior. The decoder is given the speaker's own
pitch and energy in training and the predicted ones when it speaks. Loss: L1 of the mel (or the flow's), the prior,
durations, pitch and energy.
"""

import json
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from voxproof.errors import CorpusError
from voxproof.networks.fastspeech2 import FastSpeech2, FastSpeech2Config
from voxproof.networks.length_regulator import repeat
from voxproof.networks.ppg import energy
from voxproof.text import SYMBOLS
from voxproof.training.durations import align_batch, frame_mask, frames_of_phonemes, padded, phoneme_mask
from voxproof.training.fastspeech2_graphs import export
from voxproof.training.loop import Loop, Rate
from voxproof.training.recipe import Run, recipe
from voxproof.training.synthesis_losses import masked_mean, mel_l1, melody_l1, poisson_durations, voicing_entropy
from voxproof.training.synthesizer_card import save_synthesizer_card
from voxproof.training.transcribed import Batch, Batches, load_clips

_WEIGHTS = {
    "mel": 1.0,
    "flow": 1.0,
    "prior": 0.5,
    "duration": 0.02,
    "pitch": 0.5,
    "voicing": 0.1,
    "energy": 0.2,
}


def losses(net: FastSpeech2, batch: Batch) -> dict[str, Tensor]:
    """The parts of the loss, unweighted: `mel` or `flow`, as the decoder is."""
    states = net.encode(batch.symbols, batch.embedding, batch.register)
    prior = net.prior_mel(states)
    durations = align_batch(prior, batch)
    index, place = frames_of_phonemes(durations, batch.mel.shape[1])
    mask, spoken = frame_mask(batch), phoneme_mask(batch)
    loud = energy(batch.mel, mask)

    frames = net.frames(states, index, place)
    pitch, guessed = net.variances(frames.detach(), mask)
    guess = net.log_durations(states.detach(), spoken)
    adapted = net.adapt(frames, batch.pitch, loud)
    parts = {
        "prior": masked_mean((repeat(prior, index) - batch.mel) ** 2, mask),
        "duration": poisson_durations(guess, padded(durations, batch.symbols.shape[1]), spoken),
        "pitch": melody_l1(pitch, batch.pitch, mask),
        "voicing": voicing_entropy(pitch, batch.pitch, mask),
        "energy": masked_mean((guessed - loud).abs(), mask),
    }
    if net.flow is not None:
        return {"flow": net.flow.loss(batch.mel, adapted, mask)} | parts
    return {"mel": mel_l1(net.decode(adapted, mask), batch.mel, mask)} | parts


@recipe("fastspeech2")
def train_fastspeech2(run: Run) -> None:
    """Config keys: packs, embeddings, encoders, longest, frames, learning_rate, network, minutes.

    `decoder: flow` among the network's keys takes the decoder of Matcha-TTS.
    """
    torch.set_num_threads(run.threads)
    config = FastSpeech2Config(symbols=len(SYMBOLS), **run.config.get("network", {}))
    if config.decoder not in ("transformer", "flow"):
        raise CorpusError(f"the recipe's network.decoder is {config.decoder!r}: give transformer or flow")
    if config.reduction not in (1, 2):
        raise CorpusError(f"the recipe's network.reduction is {config.reduction}: give 1 or 2 (frames are even)")
    clips = load_clips(
        [Path(p) for p in run.config["packs"]], [Path(p) for p in run.config["embeddings"]], run.config["longest"]
    )
    net = FastSpeech2(config)
    print(json.dumps({"clips": len(clips), "parameters": sum(p.numel() for p in net.parameters())}), flush=True)
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, betas=(0.9, 0.98), eps=1e-9, weight_decay=1e-2)
    rate = Rate(float(run.config.get("learning_rate", 1e-3)), warm_up=300)
    loop = Loop(run, net, optimiser, rate, asdict(config))
    batches = iter(Batches(clips, run.config["frames"], seed=loop.step))

    def weighted(progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        batch = next(batches)
        loop.hours += sum(batch.frames) / 80 / 3600
        parts = losses(net, batch)
        loss = torch.stack([_WEIGHTS[name] * value for name, value in parts.items()]).sum()
        return loss, {name: value.detach() for name, value in parts.items()}

    loop.train(weighted)
    export(net, run.folder)
    save_synthesizer_card(run.folder, "fastspeech2", net, run.config, minutes=loop.minutes, hours=loop.hours)
