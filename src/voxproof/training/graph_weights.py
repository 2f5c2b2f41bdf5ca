"""Weights back out of the graph that ships, into the torch module that it was exported from.

The exporter keeps a parameter's name where the graph stores it as it is. A linear layer's matrix is stored transposed,
and a norm without scale as what is subtracted and multiplied; both lose their names, and are known by the node that
reads them (`/norm/Sub_output_0` belongs to the module `norm`).
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from voxproof.errors import ModelError
from voxproof.models import file_path, load_card

_EPSILON = 1e-5  # that batch norm adds to a variance


def graph_weights(path: Path) -> dict[str, Tensor]:
    """Parameters and running figures by torch's names, float32."""
    graph = onnx.load(str(path)).graph
    stored = {tensor.name.removesuffix(".half"): tensor for tensor in graph.initializer}
    arrays = {name: numpy_helper.to_array(tensor).astype(np.float32) for name, tensor in stored.items()}
    for name in [name for name in arrays if name.endswith(".int8")]:
        whole = name.removesuffix(".int8")
        arrays[whole] = arrays.pop(name) * arrays.pop(f"{whole}.scale")
    weights = {name: array for name, array in arrays.items() if "::" not in name}
    for node in graph.node:
        module = ".".join(node.output[0].split("/")[1:-1])
        for name in node.input:
            if "::" not in name or name not in arrays:
                continue
            match node.op_type:
                case "MatMul":
                    weights[f"{module}.weight"] = arrays[name].T
                case "Sub":
                    weights[f"{module}.running_mean"] = arrays[name].ravel()
                case "Mul":
                    weights[f"{module}.running_var"] = np.square(1 / arrays[name].ravel()) - _EPSILON
    return {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in weights.items()}


def ensemble_spreads(path: Path) -> list[float]:
    """What a `TextureEnsemble` divides its members' logits by, in their order; empty for a single network."""
    graph = onnx.load(str(path)).graph
    made = {node.output[0]: node for node in graph.node}
    divisions = [node for node in graph.node if node.op_type == "Div" and node.output[0].count("/") == 1]
    divided = [node for node in divisions if node.input[0].startswith("/members.")]
    return [float(numpy_helper.to_array(made[node.input[1]].attribute[0].t)) for node in divided]


def load_graph_weights(module: nn.Module, weights: dict[str, Tensor], path: Path) -> None:
    """Fill `module`; `ModelError` if the graph at `path`, which `weights` are of, is not one of it."""
    wanted = {name for name in module.state_dict() if not name.endswith("num_batches_tracked")}
    if wanted != set(weights):
        odd = ", ".join(sorted(wanted ^ set(weights))[:3])
        raise ModelError(f"{path}: the graph is not one of {type(module).__name__} as it is now ({odd})")
    try:
        module.load_state_dict(weights, strict=False)
    except RuntimeError as reason:
        raise ModelError(f"{path}: the graph's weights have other shapes: {reason}") from None


def fill_from_card(module: nn.Module, name: str, prefix: str = "", lacking: str = "\0") -> None:
    """Put the weights of the card `name` into `module`; `ModelError` if any but those that begin with `lacking` miss.

    `prefix` is what the exported graphs call the module.
    """
    card = load_card(name)
    wanted, found = module.state_dict(), {}
    for file in card.files:
        if file.name.endswith(".onnx"):
            for key, value in graph_weights(file_path(card, file.name)).items():
                key = key.removeprefix(prefix)
                if key in wanted and wanted[key].shape == value.shape:
                    found[key] = value
    needed = [key for key in wanted if not key.endswith("num_batches_tracked") and not key.startswith(lacking)]
    missing = [key for key in needed if key not in found]
    if missing:
        raise ModelError(f"the graphs of {name} are not of {type(module).__name__} as it is now (no {missing[0]})")
    module.load_state_dict(found, strict=False)
