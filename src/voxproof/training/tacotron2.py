"""Trains Tacotron 2 on transcribed speech of many speakers.

Loss: L1 and squared error of the mel before and behind the postnet, the stop token, guided attention, and pitch as the
head reads it off the finished mel (no gradient goes back into the mel). Every `picture_every` steps the alignment of
one clip is drawn into the run's folder, and the diagonality of all is among the figures.
"""

import json
from dataclasses import asdict
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from voxproof.networks.tacotron2 import PRENET_DROPOUT, Tacotron2, Tacotron2Config
from voxproof.text import SYMBOLS
from voxproof.training.alignment_picture import draw_alignment
from voxproof.training.attention_losses import diagonality, focus, guided_attention
from voxproof.training.durations import frame_mask, phoneme_mask
from voxproof.training.loop import Loop, Rate
from voxproof.training.recipe import Run, recipe
from voxproof.training.synthesis_losses import masked_mean, mel_l1, melody_l1, voicing_entropy
from voxproof.training.synthesizer_card import save_synthesizer_card
from voxproof.training.tacotron2_graphs import export
from voxproof.training.transcribed import Batch, Batches, load_clips

_WEIGHTS = {
    "mel": 1.0,
    "coarse": 1.0,
    "squared": 0.5,
    "stop": 0.2,
    "guide": 1.0,
    "pitch": 0.5,
    "voicing": 0.1,
}
_STOP_WEIGHT = 5.0  # of the steps at the end: they are few among those that go on


def steps_of(batch: Batch, reduction: int) -> list[int]:
    """Decoder steps of each clip."""
    return [-(-frames // reduction) for frames in batch.frames]


def losses(net: Tacotron2, batch: Batch) -> tuple[dict[str, Tensor], Tensor]:
    """The parts of the loss, unweighted, and the alignment `(batch, steps, phonemes)`."""
    size = net.config.reduction
    missing = -batch.mel.shape[1] % size
    heard, mask = (F.pad(x, (0, 0, 0, missing)) for x in (batch.mel, frame_mask(batch)))
    steps = steps_of(batch, size)
    shape = (len(steps), heard.shape[1] // size, 2, net.config.prenet)
    dropout = torch.bernoulli(torch.full(shape, 1.0 - PRENET_DROPOUT)) / (1.0 - PRENET_DROPOUT)

    speaker = net.speaker(batch.embedding, batch.register)
    memory = net.encode(batch.symbols, speaker, batch.lengths)
    coarse, stop, alignment = net.decoder(memory, phoneme_mask(batch)[..., 0], heard, dropout)
    mel = net.refine(coarse, mask)
    pitch = net.pitch(mel.detach(), speaker, mask)[:, : batch.pitch.shape[1]]

    wanted = (torch.arange(stop.shape[1]) >= torch.tensor(steps).unsqueeze(1) - 1).float()
    weight = torch.where(wanted > 0, _STOP_WEIGHT, 1.0)
    own = mask[:, : batch.pitch.shape[1]]
    parts = {
        "mel": mel_l1(mel, heard, mask),
        "coarse": mel_l1(coarse, heard, mask),
        "squared": masked_mean((mel - heard) ** 2, mask) + masked_mean((coarse - heard) ** 2, mask),
        "stop": F.binary_cross_entropy_with_logits(stop, wanted, weight),
        "guide": guided_attention(alignment, batch.lengths, steps),
        "pitch": melody_l1(pitch, batch.pitch, own),
        "voicing": voicing_entropy(pitch, batch.pitch, own),
    }
    return parts, alignment


def _draw(alignment: Tensor, batch: Batch, net: Tacotron2, path: Path) -> None:
    symbols = "".join(SYMBOLS[index] for index in batch.symbols[0, : batch.lengths[0]])
    steps = steps_of(batch, net.config.reduction)[0]
    draw_alignment(alignment[0, :steps, : len(symbols)].detach().numpy(), symbols, path, path.stem)


@recipe("tacotron2")
def train_tacotron2(run: Run) -> None:
    """Config keys: packs, embeddings, encoders, longest, frames, learning_rate, network, picture_every, minutes."""
    torch.set_num_threads(run.threads)
    clips = load_clips(
        [Path(p) for p in run.config["packs"]], [Path(p) for p in run.config["embeddings"]], run.config["longest"]
    )
    config = Tacotron2Config(symbols=len(SYMBOLS), **run.config.get("network", {}))
    net = Tacotron2(config)
    print(json.dumps({"clips": len(clips), "parameters": sum(p.numel() for p in net.parameters())}), flush=True)
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, betas=(0.9, 0.999), eps=1e-6, weight_decay=1e-6)
    rate = Rate(float(run.config.get("learning_rate", 1e-3)), warm_up=100)
    loop = Loop(run, net, optimiser, rate, asdict(config))
    batches = iter(Batches(clips, run.config["frames"], seed=loop.step))
    every = int(run.config.get("picture_every", 250))

    def weighted(progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        batch = next(batches)
        loop.hours += sum(batch.frames) / 80 / 3600
        parts, alignment = losses(net, batch)
        steps = steps_of(batch, config.reduction)
        if loop.step % every == 0:
            _draw(alignment, batch, net, run.folder / "alignments" / f"step-{loop.step:06d}.png")
        loss = torch.stack([_WEIGHTS[name] * value for name, value in parts.items()]).sum()
        figures = {name: value.detach() for name, value in parts.items()}
        figures["diagonality"] = diagonality(alignment, batch.lengths, steps)
        figures["focus"] = focus(alignment, steps)
        return loss, figures

    loop.train(weighted)
    export(net, run.folder)
    save_synthesizer_card(run.folder, "tacotron2", net, run.config, minutes=loop.minutes, hours=loop.hours)
