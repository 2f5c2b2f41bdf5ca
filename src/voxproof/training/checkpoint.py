"""Checkpoints: weights and optimiser state in one safetensors file, with the step and the figures beside them.

Nothing is pickled, and a file is written aside and renamed, so that a run that is cut off keeps its last checkpoint.
"""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from voxproof.errors import ModelError


def save_checkpoint(path: Path, module: nn.Module, optimiser: torch.optim.Optimizer | None, **facts: Any) -> None:
    """Write module, optimiser (Adam's moments) and facts that fit into JSON."""
    tensors: dict[str, Tensor] = {f"model.{k}": v.detach().contiguous() for k, v in module.state_dict().items()}
    if optimiser is not None:
        for index, state in optimiser.state_dict()["state"].items():
            for key, value in state.items():
                tensors[f"optimiser.{index}.{key}"] = torch.as_tensor(value).contiguous()
    aside = path.with_suffix(".part")
    save_file({k: v.clone() for k, v in tensors.items()}, aside, metadata={"facts": json.dumps(facts)})
    aside.replace(path)


def load_checkpoint(
    path: Path, module: nn.Module, optimiser: torch.optim.Optimizer | None = None, strict: bool = True
) -> dict[str, Any]:
    """Read what `save_checkpoint` wrote into module and optimiser; the facts come back.

    Raises `ModelError` where the file is missing, no checkpoint, or of another network.
    """
    states: dict[int, dict[str, Tensor]] = {}
    weights: dict[str, Tensor] = {}
    try:
        with safe_open(path, framework="pt") as file:
            facts: dict[str, Any] = json.loads((file.metadata() or {})["facts"])
            for key in file.keys():  # noqa: SIM118 (not a dict)
                kind, _, rest = key.partition(".")
                if kind == "model":
                    weights[rest] = file.get_tensor(key)
                elif optimiser is not None:
                    index, _, name = rest.partition(".")
                    states.setdefault(int(index), {})[name] = file.get_tensor(key)
    except (OSError, SafetensorError, KeyError) as error:
        raise ModelError(f"{path}: no checkpoint of ours ({' '.join(str(error).split())})") from None
    try:
        module.load_state_dict(weights, strict=strict)
    except RuntimeError as error:
        reason = " ".join(str(error).split())[:200]
        raise ModelError(f"{path}: a checkpoint of another network or of other sizes ({reason})") from None
    if optimiser is not None and states:
        whole = optimiser.state_dict()
        optimiser.load_state_dict({"state": states, "param_groups": whole["param_groups"]})
    return facts
