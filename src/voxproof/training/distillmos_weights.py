"""The weights of DistillMOS as its package carries them: where several of our networks start, and what they learn from.

They are MIT-licensed; the package imports torchaudio, so its file is read without importing it.
"""

import importlib.util
from pathlib import Path

import torch
from torch import Tensor

from voxproof.errors import ModelError
from voxproof.models.torch_zip import read_torch_tensors


def distillmos_file() -> Path:
    """The checkpoint inside the package `distillmos`; `ModelError` if it is not installed."""
    spec = importlib.util.find_spec("distillmos")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError("the package distillmos is not installed: pip install --no-deps distillmos==0.9.1")
    return Path(spec.submodule_search_locations[0]) / "weights" / "distill_mos_v7.pt"


def distillmos_weights() -> dict[str, Tensor]:
    """The checkpoint's tensors (`cnn.cnn.0.weight`, ...), read without running its pickle."""
    arrays = read_torch_tensors(distillmos_file())
    return {name.removeprefix("model."): torch.from_numpy(array.copy()) for name, array in arrays.items()}
