"""A trained speaker encoder as one ONNX graph, `mel` -> `embedding`, beside a card that the engine `onnx` runs."""

import warnings
from pathlib import Path

import torch
from torch import nn

from voxproof.features import MEL
from voxproof.features.level import SPEECH_LEVEL
from voxproof.models import Card, describe_file, save_card
from voxproof.training.export import export_onnx

_AXES = {"mel": {0: "batch", 2: "frames"}, "embedding": {0: "batch"}}


def export_encoder(
    module: nn.Module, folder: Path, name: str, summary: str, *, dim: int, crop_seconds: float, limits: tuple[str, ...]
) -> Card:
    """Write `model.onnx` and `card.yaml` into `folder`; the card comes back.

    `module` takes log-mel `(batch, n_mels, frames)` of speech at the level of packs and gives `(batch, dim)`. Clips
    longer than `crop_seconds` are the mean of such crops with half a crop between them, shorter ones are repeated. What
    the model was trained on is for whoever ships it to say.
    """
    frames = round(crop_seconds * MEL.frame_rate)
    example = (torch.randn(1, MEL.n_mels, frames),)
    with warnings.catch_warnings():
        # torch warns of every LSTM; ours takes its first state from the shape of the batch, whatever that is.
        warnings.filterwarnings("ignore", message=".*with LSTM can cause an error")
        path = export_onnx(module, example, folder / "model.onnx", ["mel"], ["embedding"], _AXES)
    config = {
        "dim": dim,
        "input": "mel",
        "level": SPEECH_LEVEL,
        "crop_seconds": crop_seconds,
        "shortest_seconds": crop_seconds,
    }
    card = Card(
        name=name,
        kind="speaker-encoder",
        engine="onnx",
        summary=summary,
        licence="Apache-2.0",
        files=(describe_file(path),),
        config=config,
        limits=limits,
    )
    save_card(card, folder)
    return card
