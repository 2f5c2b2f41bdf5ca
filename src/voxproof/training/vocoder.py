"""Trains Pulsar: log magnitude of speech from its mel and the spectrum of a pulse train at its pitch.

The loss is the mean absolute difference of log magnitudes (with a soft floor, so that silence does not rule) plus that
of magnitudes to the power 0.3, which weighs loud harmonics as an ear does. Clips are heard at random levels. An
adversary of magnitudes may join.
"""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from voxproof.features import MEL, mel_filters
from voxproof.networks.pulsar import Pulsar, PulsarConfig
from voxproof.training.checkpoint import load_checkpoint
from voxproof.training.export import export_onnx
from voxproof.training.loop import Loop, Rate
from voxproof.training.recipe import Run, recipe
from voxproof.training.spectrum_adversary import SpectrumAdversary
from voxproof.training.speech_pack import SpeechPack
from voxproof.training.vocoder_card import save_vocoder_card
from voxproof.vocoders.source import log_pulses, pulse_train, spectrum

_LOSS_FLOOR = 3e-3  # of magnitude; speech at the project's level reaches about 10


def _batch(
    packs: list[SpeechPack], rng: np.random.Generator, size: int, frames: int, predicted: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Mel, pulses and target log magnitude, each `(size, frames, bins)`; a share of the mels is a synthesizer's."""
    mels: list[np.ndarray] = []
    pulses: list[np.ndarray] = []
    targets: list[np.ndarray] = []
    clips = [(pack, i) for pack in packs for i in range(len(pack))]
    made = [(pack, i) for pack in packs for i in pack.predicted]
    filters = mel_filters()
    while len(mels) < size:
        blurred = bool(made) and rng.random() < predicted
        pack, i = (made if blurred else clips)[int(rng.integers(len(made if blurred else clips)))]
        length = pack.rows[i]["frames"]
        if length < frames + 4:
            continue
        start = int(rng.integers(0, length - frames - 2))
        gain = 0.0 if blurred else float(rng.uniform(-10, 3))
        samples = pack.samples(i, start, frames - 1) * np.float32(10 ** (gain / 20))
        pitch = pack.f0(i)[start : start + frames]
        magnitude = np.abs(spectrum(samples))
        own = np.log(np.maximum(magnitude @ filters.T, MEL.floor))
        mels.append(pack.predicted_mel(i)[start : start + frames] if blurred else own)
        pulses.append(log_pulses(spectrum(pulse_train(pitch))))
        targets.append(magnitude)
    return tuple(torch.from_numpy(np.stack(x)) for x in (mels, pulses, targets))  # type: ignore[return-value]


def spectral_loss(predicted: Tensor, magnitude: Tensor) -> Tensor:
    """Of log magnitudes `(batch, frames, bins)` predicted against magnitudes heard."""
    heard, guess = magnitude + _LOSS_FLOOR, predicted.exp() + _LOSS_FLOOR
    return (guess.log() - heard.log()).abs().mean() + 2.0 * (guess.pow(0.3) - heard.pow(0.3)).abs().mean()


@recipe("vocoder")
def train_vocoder(run: Run) -> None:
    """Config keys: packs, batch, frames, predicted, learning_rate, start, adversary, average.

    `predicted` is the share of a synthesizer's mels, `start` a checkpoint whose weights a new run begins with;
    `adversary` switches the discriminator of magnitudes on, with the keys of `SpectrumAdversary`; `average` is the
    decay of the running average of weights that is exported in place of the last weights.
    """
    torch.set_num_threads(run.threads)
    packs = [SpeechPack(Path(folder)) for folder in run.config["packs"]]
    config = PulsarConfig(**run.config.get("network", {}))
    net = Pulsar(config)
    if run.config.get("start") and not run.resume:
        load_checkpoint(Path(run.config["start"]), net)
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=1e-3)
    rate = Rate(float(run.config.get("learning_rate", 1.5e-3)), hold=1.0, power=0.7)
    opposed = run.config.get("adversary")
    adversary = SpectrumAdversary(opposed) if opposed else None
    beside = {"adversary": (adversary.net, adversary.optimiser)} if adversary else None
    average = float(run.config.get("average", 0.0))
    loop = Loop(run, net, optimiser, rate, asdict(config), report_every=50, beside=beside, average=average)
    rng = np.random.default_rng(loop.step)
    size, frames, predicted = int(run.config["batch"]), int(run.config["frames"]), run.config.get("predicted", 0.0)

    def losses(progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        mel, pulses, target = _batch(packs, rng, size, frames, float(predicted))
        made = net(mel, pulses)
        parts = {"loss": spectral_loss(made, target)}
        if adversary:
            parts |= adversary.losses(*((x + _LOSS_FLOOR).log() for x in (made.exp(), target)))
        return torch.stack([*parts.values()]).sum(), {name: value.detach() for name, value in parts.items()}

    loop.train(losses)
    kept = {"parameters": sum(p.numel() for p in net.parameters()), "minutes": round(loop.minutes, 1)}
    example = (torch.zeros(1, 50, config.n_mels), torch.zeros(1, 50, config.n_bins))
    axes = {name: {1: "frames"} for name in ("mel", "pulses", "magnitude")}
    export_onnx(loop.result.eval(), example, run.folder / "model.onnx", ["mel", "pulses"], ["magnitude"], axes)
    save_vocoder_card(run.folder, "pulsar", "pulsar", "Pulsar, trained by us.", kept)
