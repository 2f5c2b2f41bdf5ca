"""Trains Cantor: mel, pitch and durations of transcribed speech of many speakers.

Loss: L1 of the mel, half the squared distance of the prior (which shapes the alignment), durations and pitch. Durations
have a Poisson likelihood. The pitch that the decoder is given in training is the speaker's own; when it speaks, the
predicted one.
"""

import json
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from voxproof.networks.cantor import Cantor, CantorConfig, expand
from voxproof.networks.length_regulator import repeat
from voxproof.text import SYMBOLS
from voxproof.training.average_speaker import save_average_speaker
from voxproof.training.cantor_graphs import export
from voxproof.training.checkpoint import load_checkpoint
from voxproof.training.durations import align_batch, frame_mask, frames_of_phonemes, padded, phoneme_mask
from voxproof.training.loop import Loop, Rate
from voxproof.training.mel_adversary import MelAdversary
from voxproof.training.recipe import Run, recipe
from voxproof.training.speaker_loss import SpeakerLoss
from voxproof.training.synthesis_losses import masked_mean, mel_l1, melody_l1, poisson_durations, voicing_entropy
from voxproof.training.synthesizer_card import save_synthesizer_card
from voxproof.training.transcribed import Batch, Batches, load_clips, of_some_speakers

_WEIGHTS = {"mel": 1.0, "prior": 0.5, "duration": 0.02, "pitch": 0.5, "voicing": 0.1}


def losses(
    net: Cantor, batch: Batch, adversary: MelAdversary | None = None, speaker: SpeakerLoss | None = None
) -> dict[str, Tensor]:
    """The parts of the loss, unweighted; those of an adversary, which learns too, and of a speaker loss come with
    their weights."""
    condition = net.speaker(batch.embedding, batch.register)
    states = net.encode(batch.symbols, condition)
    prior = net.prior_mel(states, condition)
    durations = align_batch(prior, batch)
    index, place = frames_of_phonemes(durations, batch.mel.shape[1])
    mask, spoken = frame_mask(batch), phoneme_mask(batch)
    pair_mask = mask[:, ::2]

    pairs = expand(states, index, place)
    pitch = net.pitch(pairs.detach(), condition, pair_mask)
    mel = net.decode(pairs, batch.pitch, condition, pair_mask)
    guess = net.log_durations(states.detach(), condition.detach(), spoken)
    judged = adversary.losses(mel, batch.mel, batch.embedding, batch.frames) if adversary else {}
    if speaker:
        judged["speaker"] = speaker(mel, batch.mel, batch.frames)
    return judged | {
        "mel": mel_l1(mel, batch.mel, mask),
        "prior": masked_mean((repeat(prior, index) - batch.mel) ** 2, mask),
        "duration": poisson_durations(guess, padded(durations, batch.symbols.shape[1]), spoken),
        "pitch": melody_l1(pitch, batch.pitch, mask),
        "voicing": voicing_entropy(pitch, batch.pitch, mask),
    }


@recipe("synthesizer")
def train_synthesizer(run: Run) -> None:
    """Config keys: packs, embeddings, encoders, longest, frames, learning_rate, network, adversary, speaker, start.

    `start` is a checkpoint whose weights a new run begins with; `adversary` switches the discriminator of mels on, with
    the keys of `MelAdversary`, and `speaker` the loss of sounding like somebody else, with those of `SpeakerLoss`;
    `speakers` trains on so many of them only; `guidance` is what the card asks for when it speaks.
    """
    torch.set_num_threads(run.threads)
    clips = load_clips(
        [Path(p) for p in run.config["packs"]], [Path(p) for p in run.config["embeddings"]], run.config["longest"]
    )
    if run.config.get("speakers"):
        clips = of_some_speakers(clips, int(run.config["speakers"]))
    hours = sum(c.frames for c in clips) / 80 / 3600
    print(json.dumps({"clips": len(clips), "hours": round(hours, 2), "speakers": len({c.speaker for c in clips})}))
    config = CantorConfig(symbols=len(SYMBOLS), **run.config.get("network", {}))
    net = Cantor(config)
    if run.config.get("start") and not run.resume:
        load_checkpoint(Path(run.config["start"]), net)
    opposed = run.config.get("adversary")
    adversary = MelAdversary(opposed) if opposed else None
    consistent = run.config.get("speaker")
    speaker = SpeakerLoss(consistent) if consistent else None
    beside = {"adversary": (adversary.net, adversary.optimiser)} if adversary else None
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=1e-2)
    rate = Rate(float(run.config.get("learning_rate", 1.2e-3)), warm_up=150)
    loop = Loop(run, net, optimiser, rate, asdict(config), report_every=50, beside=beside)
    batches = iter(Batches(clips, run.config["frames"], seed=loop.step))

    def weighted(progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        batch = next(batches)
        loop.hours += sum(batch.frames) / 80 / 3600
        parts = losses(net, batch, adversary, speaker)
        loss = torch.stack([_WEIGHTS.get(name, 1.0) * value for name, value in parts.items()]).sum()
        return loss, {name: value.detach() for name, value in parts.items()}

    loop.train(weighted)
    export(net, run.folder)
    save_average_speaker(clips, run.folder)
    save_synthesizer_card(run.folder, "cantor", net, run.config, minutes=loop.minutes, hours=loop.hours)
