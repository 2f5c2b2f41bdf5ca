"""Trains MelGAN and HiFi-GAN: spectral losses first, and from a moment that the recipe names also against an adversary.

A CPU has no days for a GAN from nothing. The spectral losses (mel, several resolutions) bring a generator to where it
speaks and buzzes; one small discriminator on short crops then takes the buzz. With `adversarial_from: {steps: 0}` and
`discriminator: paper` the training is the papers' but for their schedules of rates.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from voxproof.errors import CorpusError
from voxproof.training.adversary import BETAS, Adversary, Start
from voxproof.training.checkpoint import load_checkpoint
from voxproof.training.export_vocoder import export_vocoder
from voxproof.training.gan_networks import build_discriminator, build_generator, find_generator
from voxproof.training.loop import Loop, Rate
from voxproof.training.recipe import Run, recipe
from voxproof.training.speech_pack import SpeechPack
from voxproof.training.waveform_crops import WaveformCrops
from voxproof.training.waveform_losses import SpectralLosses

_CLIP = 100.0  # norm of the generator's gradient; usual ones lie below
_WEIGHTS = {"mel": 15.0, "stft": 1.0, "adversarial": 1.0, "features": 2.0}


def _weights(wanted: Mapping[str, float]) -> dict[str, float]:
    if unknown := set(wanted) - set(_WEIGHTS):
        raise CorpusError(f"weights: {', '.join(sorted(unknown))}: there are {', '.join(_WEIGHTS)}")
    return _WEIGHTS | {name: float(weight) for name, weight in wanted.items()}


@recipe("gan_vocoder")
def train_gan_vocoder(run: Run) -> None:
    """Config keys: network, sizes, packs, batch, frames, predicted, learning_rate, weights (of losses),
    warm_start (a checkpoint), adversarial_from (minutes or steps), discriminator (small or paper), game.
    """
    config: Mapping[str, Any] = run.config
    torch.set_num_threads(run.threads)
    torch.manual_seed(0)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    generator = find_generator(config)
    net, sizes = build_generator(generator, config.get("sizes", {}))
    if config.get("warm_start"):
        load_checkpoint(Path(config["warm_start"]), net)
    net.to(device)
    weights = _weights(config.get("weights", {}))
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-4, betas=BETAS, weight_decay=1e-2)
    rate = Rate(float(config.get("learning_rate", 5e-4)), hold=1.0, power=0.7)
    start, adversary = Start(config.get("adversarial_from")), None
    if start.wanted is not None:
        discriminator = build_discriminator(generator, str(config.get("discriminator", "small"))).to(device)
        adversary = Adversary(discriminator, str(config.get("game", "least-squares")))
    beside = {"discriminator": (adversary.discriminator, adversary.optimiser)} if adversary else None
    loop = Loop(run, net, optimiser, rate, sizes, clip=_CLIP, beside=beside)
    packs = [SpeechPack(Path(folder)) for folder in config["packs"]]
    crops = WaveformCrops(packs, int(config["frames"]), float(config.get("predicted", 0.0)), seed=loop.step)
    spectral = SpectralLosses().to(device)

    def losses(progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        mel, real = (part.to(device) for part in crops.draw(int(config["batch"])))
        made = net(mel)
        figures: dict[str, Tensor] = spectral(made, real)
        paid = dict(figures)
        if adversary is not None and start.reached(loop):
            figures["discriminator"] = adversary.learn(made, real, optimiser.param_groups[0]["lr"])
            paid["adversarial"], paid["features"] = adversary.cost(made, real)
        loss = torch.stack([weights[name] * value for name, value in paid.items()]).sum()
        return loss, {name: value.detach() for name, value in (figures | paid).items()}

    loop.train(losses)
    summary = f"{generator.title} at 16 kHz, from the project's mel to samples by one network."
    export_vocoder(net, run.folder, str(config["network"]), summary, minutes=loop.minutes)
