"""A detector that others trained becomes a card: graph, words about where it is from, calibration on held-out pages.

Nothing of theirs is in the package: the user names the checkpoint and the folder, and what is written stays there.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from voxproof.detection.front_ends import front_end
from voxproof.models import Card, describe_file, load_card, save_card
from voxproof.training.export import export_onnx
from voxproof.training.export_detector import UNFITTED, calibrate

AXES = {"features": {0: "batch"}, "scores": {0: "batch"}}
UNFITTED_LIMIT = "Not calibrated: on the pages that would have done it real clips scored no lower than fake ones."


def write_graph(module: nn.Module, out: Path, end: str, window: int, **options: Any) -> None:
    """Write `out/model.onnx`: `features` as the front end `end` gives them of a window -> `scores`."""
    generator = torch.Generator().manual_seed(0)
    windows = torch.randn(2, window, generator=generator).numpy()
    features = torch.stack([torch.from_numpy(front_end(end)(samples)) for samples in windows])
    export_onnx(module, (features,), out / "model.onnx", ["features"], ["scores"], AXES, **options)


def write_card(
    out: Path, about: Mapping[str, Any], settings: Mapping[str, Any], recipe: Mapping[str, Any] | None, command: str
) -> Card:
    """Write `out/card.yaml` for the graph in `out`.

    `about` has summary, licence, training_data and limits; `settings` front end, window, hop and batch. With a recipe
    the scores are calibrated on its held-out pages, and `command` is named beside the figure; without one, or where
    these pages cannot do it, a limit says so.
    """
    parts: dict[str, Any] = {
        "name": out.name,
        "kind": "detector",
        "engine": "framed",
        **about,
        "files": [describe_file(out / "model.onnx").model_dump()],
        "config": {**settings, "calibration": UNFITTED.model_dump()},
    }
    if recipe is not None:
        try:
            calibrate(parts, recipe, out)
            card = load_card(out)
            note = f"{card.figures[0].note.split(';')[0]}; these pages calibrate the scores"
            figure = card.figures[0].model_copy(update={"command": command, "note": note})
            card = Card.model_validate({**card.model_dump(), "figures": [figure.model_dump()]})
            save_card(card, out)
            return card
        except ValueError:
            pass
    parts["limits"] = [*about.get("limits", ()), UNFITTED_LIMIT if recipe else "Not calibrated: no recipe was given."]
    card = Card.model_validate(parts)
    save_card(card, out)
    return card
