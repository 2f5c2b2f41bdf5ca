"""Which network a detector's recipe trains, by the recipe's key `network`.

A network takes a batch of features `(batch, ...)`, as its front end makes them from windows of samples, and returns
logits `(batch,)`, or `(batch, windows)` where it cuts windows itself: positive means synthetic.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import nn

from voxproof.errors import CorpusError

Build = Callable[[Mapping[str, Any]], nn.Module]


@dataclass(frozen=True)
class DetectorNetwork:
    """How a network is made from a recipe's config, and what it is fed."""

    build: Build
    front_end: str  # of detection.front_ends
    window: int | None = None  # samples at 16 kHz; None: crops of any length, as the recipe's `seconds` say


NETWORKS: dict[str, DetectorNetwork] = {}


def detector_network(name: str, front_end: str, window: int | None = None) -> Callable[[Build], Build]:
    """Function decorator: the function makes the module of the network called `name`."""

    def add(build: Build) -> Build:
        NETWORKS[name] = DetectorNetwork(build, front_end, window)
        return build

    return add


def find_network(config: Mapping[str, Any]) -> DetectorNetwork:
    """The network that a recipe names (`spectral` if it names none)."""
    name = str(config.get("network", "spectral"))
    if name not in NETWORKS:
        raise CorpusError(f"there is no network {name!r} for detectors; there are {', '.join(NETWORKS)}")
    return NETWORKS[name]


@detector_network("spectral", "compressed-spectrogram")
def _spectral(config: Mapping[str, Any]) -> nn.Module:
    from voxproof.networks.spectral_detector import SpectralDetector
    from voxproof.training.distillmos_weights import distillmos_weights

    module = SpectralDetector(dropout=float(config.get("dropout", 0.3)))
    if config.get("start") == "distillmos":
        module.start_from_distillmos(distillmos_weights())
    return module


@detector_network("texture", "texture")
def _texture(config: Mapping[str, Any]) -> nn.Module:
    from voxproof.networks.texture_detector import TextureDetector

    sizes = {"width": int(config.get("width", 128)), "hidden": int(config.get("hidden", 64))}
    dropout, jitter = float(config.get("dropout", 0.3)), float(config.get("jitter", 0.0))
    return TextureDetector(**sizes, dropout=dropout, jitter=jitter)


@detector_network("mel-cnn", "mel-db", window=65_024)  # 127 hops of 512: 128 frames
def _mel_cnn(config: Mapping[str, Any]) -> nn.Module:
    from voxproof.networks.mel_cnn import MelCnn

    return MelCnn(dropout=float(config.get("dropout", 0.3)))


@detector_network("simple-cnn", "picture", window=480_000)
def _simple_cnn(config: Mapping[str, Any]) -> nn.Module:
    from voxproof.networks.simple_cnn import SimpleCnn

    return SimpleCnn()


@detector_network("resnet18", "picture", window=480_000)
def _resnet18(config: Mapping[str, Any]) -> nn.Module:
    from voxproof.networks.resnet import ResNet18
    from voxproof.training.imagenet_weights import imagenet_weights

    module = ResNet18()
    if config.get("start") == "imagenet":
        module.start_from_imagenet(imagenet_weights())
    return module


@detector_network("lcnn", "lfcc", window=64_000)  # 400 frames of 10 ms
def _lcnn(config: Mapping[str, Any]) -> nn.Module:
    from voxproof.networks.lcnn import Lcnn

    return Lcnn(dropout=float(config.get("dropout", 0.7)))


@detector_network("rawnet2", "waveform", window=64_600)
def _rawnet2(config: Mapping[str, Any]) -> nn.Module:
    from voxproof.networks.rawnet2 import BASELINE, PAPER, RawNet2

    return RawNet2(PAPER if config.get("size") == "paper" else BASELINE)


@detector_network("aasist", "waveform", window=64_600)
def _aasist(config: Mapping[str, Any]) -> nn.Module:
    from voxproof.networks.aasist import AASIST, Aasist

    return Aasist(AASIST)


@detector_network("aasist-l", "waveform", window=64_600)
def _aasist_l(config: Mapping[str, Any]) -> nn.Module:
    from voxproof.networks.aasist import AASIST_L, Aasist

    return Aasist(AASIST_L)


@detector_network("gmm", "lfcc", window=64_000)
def _gmm(config: Mapping[str, Any]) -> nn.Module:
    from voxproof.networks.gmm import MixtureRatio

    return MixtureRatio(int(config["components"]))
