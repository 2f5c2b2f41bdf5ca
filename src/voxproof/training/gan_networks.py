"""Which generator a recipe trains, by the recipe's key `network`, and against which discriminator (`discriminator`)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from torch import nn

from voxproof.errors import CorpusError
from voxproof.networks.hifigan import HIFIGAN_V1, HIFIGAN_V2, HIFIGAN_V3, HifiGan, HifiGanConfig
from voxproof.networks.melgan import MelGan, MelGanConfig
from voxproof.networks.waveform_discriminators import (
    HIFIGAN_PERIODS,
    HIFIGAN_SCALES,
    MELGAN_SCALES,
    SMALL_PERIODS,
    WaveformDiscriminator,
)

DISCRIMINATORS = ("small", "paper")


@dataclass(frozen=True)
class Generator:
    """A network from log-mel `(batch, frames, n_mels)` to waveform `(batch, (frames - 1) * hop)`."""

    network: Callable[[Any], nn.Module]
    config: HifiGanConfig | MelGanConfig
    paper: Callable[[], WaveformDiscriminator]
    title: str


def _hifigan_discriminator() -> WaveformDiscriminator:
    return WaveformDiscriminator(HIFIGAN_SCALES, HIFIGAN_PERIODS)


def _melgan_discriminator() -> WaveformDiscriminator:
    return WaveformDiscriminator(MELGAN_SCALES)


GENERATORS = {
    "melgan": Generator(MelGan, MelGanConfig(), _melgan_discriminator, "MelGAN (arXiv 1910.06711)"),
    "hifigan-v1": Generator(HifiGan, HIFIGAN_V1, _hifigan_discriminator, "HiFi-GAN V1 (arXiv 2010.05646)"),
    "hifigan-v2": Generator(HifiGan, HIFIGAN_V2, _hifigan_discriminator, "HiFi-GAN V2 (arXiv 2010.05646)"),
    "hifigan-v3": Generator(HifiGan, HIFIGAN_V3, _hifigan_discriminator, "HiFi-GAN V3 (arXiv 2010.05646)"),
}


def find_generator(config: Mapping[str, Any]) -> Generator:
    """The generator that a recipe names."""
    name = str(config.get("network", ""))
    if name not in GENERATORS:
        raise CorpusError(f"network: {name!r}: no such generator; there are {', '.join(GENERATORS)}")
    return GENERATORS[name]


def build_generator(generator: Generator, sizes: Mapping[str, Any]) -> tuple[nn.Module, dict[str, Any]]:
    """The network with the sizes that differ from the named ones, and all sizes."""
    try:
        config = replace(generator.config, **sizes)
        return generator.network(config), asdict(config)
    except (TypeError, ValueError) as error:
        raise CorpusError(f"sizes: {error}; there are {', '.join(asdict(generator.config))}") from None


def build_discriminator(generator: Generator, name: str) -> WaveformDiscriminator:
    """`paper`: what the generator's paper plays against; `small`: one of 0.6 M parameters that a CPU can train."""
    if name not in DISCRIMINATORS:
        raise CorpusError(f"discriminator: {name!r}: there are {', '.join(DISCRIMINATORS)}")
    return generator.paper() if name == "paper" else WaveformDiscriminator(periods=SMALL_PERIODS)
