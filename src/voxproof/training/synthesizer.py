"""Trains Cantor: mel, pitch and durations of transcribed speech of many speakers.

Loss: L1 of the mel, half the squared distance of the prior (which shapes the alignment), durations and pitch. Durations
have a Poisson likelihood. The pitch that the decoder is given in training is the speaker's own; when it speaks, the
predicted one.
"""

import json
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor, nn

from voxproof.networks.cantor import Cantor, CantorConfig, expand
from voxproof.networks.length_regulator import repeat
from voxproof.text import SYMBOLS
from voxproof.training.checkpoint import load_checkpoint
from voxproof.training.durations import align_batch, frame_mask, frames_of_phonemes, padded, phoneme_mask
from voxproof.training.export import export_onnx
from voxproof.training.loop import Loop, Rate
from voxproof.training.mel_adversary import MelAdversary
from voxproof.training.recipe import Run, recipe
from voxproof.training.speaker_loss import SpeakerLoss
from voxproof.training.synthesis_losses import masked_mean, mel_l1, melody_l1, poisson_durations, voicing_entropy
from voxproof.training.transcribed import Batch, Batches, load_clips

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
    """Config keys: packs, embeddings, longest, frames, learning_rate, network, adversary, speaker, start, minutes.

    `start` is a checkpoint whose weights a new run begins with; `adversary` switches the discriminator of mels on, with
    the keys of `MelAdversary`, and `speaker` the loss of sounding like somebody else, with those of `SpeakerLoss`.
    """
    torch.set_num_threads(run.threads)
    clips = load_clips(
        [Path(p) for p in run.config["packs"]], [Path(p) for p in run.config["embeddings"]], run.config["longest"]
    )
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


class _Encoder(nn.Module):
    def __init__(self, net: Cantor) -> None:
        super().__init__()
        self.net = net

    def forward(self, symbols: Tensor, embedding: Tensor, register: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        condition = self.net.speaker(embedding, register)
        states = self.net.encode(symbols, condition)
        mask = torch.ones_like(states[..., :1])
        return states, condition, self.net.log_durations(states, condition, mask)


class _Pitch(nn.Module):
    def __init__(self, net: Cantor) -> None:
        super().__init__()
        self.net = net

    def forward(self, states: Tensor, condition: Tensor, index: Tensor, place: Tensor) -> Tensor:
        pairs = expand(states, index, place)
        return self.net.pitch(pairs, condition, torch.ones_like(pairs[..., :1]))


class _Decoder(nn.Module):
    def __init__(self, net: Cantor) -> None:
        super().__init__()
        self.net = net

    def forward(self, states: Tensor, condition: Tensor, index: Tensor, place: Tensor, pitch: Tensor) -> Tensor:
        pairs = expand(states, index, place)
        return self.net.decode(pairs, pitch, condition, torch.ones_like(pairs[..., :1]))


def export(net: Cantor, folder: Path) -> None:
    """Three graphs: `encoder.onnx`, `pitch.onnx` (f0 can be changed between) and `decoder.onnx`; matrices in 8 bits."""
    net.eval()
    size, channels = net.config.embedding_size, net.config.encoder_channels
    symbols = torch.ones(1, 12, dtype=torch.int64)
    export_onnx(
        _Encoder(net),
        (symbols, torch.ones(1, size) / size**0.5, torch.full((1,), 5.0)),
        folder / "encoder.onnx",
        ["symbols", "embedding", "register"],
        ["states", "condition", "log_durations"],
        {"symbols": {1: "phonemes"}, "states": {1: "phonemes"}, "log_durations": {1: "phonemes"}},
        int8=True,
    )
    states, condition = torch.zeros(1, 12, channels), torch.zeros(1, net.config.condition_size)
    index, place = torch.zeros(1, 40, dtype=torch.int64), torch.zeros(1, 40, 3)
    axes = {"states": {1: "phonemes"}, "index": {1: "frames"}, "place": {1: "frames"}, "pitch": {1: "frames"}}
    names = ["states", "condition", "index", "place"]
    export_onnx(
        _Pitch(net), (states, condition, index, place), folder / "pitch.onnx", names, ["pitch"], axes, int8=True
    )
    export_onnx(
        _Decoder(net),
        (states, condition, index, place, torch.zeros(1, 40, 2)),
        folder / "decoder.onnx",
        [*names, "pitch"],
        ["mel"],
        axes | {"mel": {1: "frames"}},
        int8=True,
    )
