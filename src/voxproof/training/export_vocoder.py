"""A trained vocoder as one ONNX graph, `mel` -> `waveform`, beside a card that lets the engine `onnx` run it."""

import copy
from pathlib import Path

import torch
from torch import nn
from torch.nn.utils.parametrize import is_parametrized, type_before_parametrizations

from voxproof.features import MEL
from voxproof.models import Card
from voxproof.training.export import export_onnx
from voxproof.training.receptive_field import receptive_field
from voxproof.training.vocoder_card import save_vocoder_card


def without_norms(module: nn.Module) -> nn.Module:
    """A copy on the CPU whose weights are plain: what weight norm computes of two tensors is computed once."""
    plain = copy.deepcopy(module).cpu().eval()
    for part in plain.modules():
        if is_parametrized(part):
            # Not `remove_parametrizations`: it changes the class, which a copy shares with its original.
            weights = {name: getattr(part, name).detach() for name in part.parametrizations}  # type: ignore[union-attr]
            part.__class__ = type_before_parametrizations(part)
            del part.parametrizations
            for name, weight in weights.items():
                part.register_parameter(name, nn.Parameter(weight))
    return plain


def export_vocoder(
    module: nn.Module, folder: Path, name: str, summary: str, *, half: bool = True, minutes: float | None = None
) -> Card:
    """Write `model.onnx` and `card.yaml` (after so many `minutes` of training) into `folder`; the card comes back.

    `module` takes log-mel `(1, frames, n_mels)` and gives `(1, (frames - 1) * hop)`. The card holds what the graph can
    tell of itself; what it was trained on is for whoever ships it to say.
    """
    plain = without_norms(module)
    axes = {"mel": {1: "frames"}, "waveform": {1: "samples"}}
    export_onnx(plain, (torch.zeros(1, 50, MEL.n_mels),), folder / "model.onnx", ["mel"], ["waveform"], axes, half=half)
    config: dict[str, float] = {"parameters": sum(p.numel() for p in plain.parameters())}
    context = receptive_field(plain)
    if context is not None:
        config["context"] = context
    if minutes is not None:
        config["minutes"] = round(minutes, 1)
    return save_vocoder_card(folder, name, "onnx", summary, config)
