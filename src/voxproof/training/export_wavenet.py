"""From a trained WaveNet to the graphs that its engine runs: `conditions.onnx` once a mel, `step.onnx` once a sample.

The step's weights may be written in three ways. `half`: 16 bits on disk, all arithmetic in float32. `int8`: 8 bits with
a scale for each output channel, turned back to float32 when the graph is opened: a smaller file, the same speed.
`integer`: products in 8 bits too, nearly twice as fast where layers are so wide (512 channels) that reading their
weights is what takes the time, and slower where they are of 64. Pruning sets the smallest weights of each kernel to
zero, which saves no time here. What either costs in likelihood, `graph_nats` tells.
"""

import copy
import json
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from voxproof.errors import CorpusError, ModelError
from voxproof.files import write_aside
from voxproof.models import session_of
from voxproof.networks.mixture_of_logistics import log_probability
from voxproof.networks.wavenet import WaveNet
from voxproof.networks.wavenet_step import WaveNetConditions, WaveNetStep
from voxproof.training.export import export_onnx, halve_weights, quantise_weights
from voxproof.training.integer_products import compute_in_eight_bits
from voxproof.vocoders.cached_wavenet import METADATA, CachedWaveNet

PRECISIONS = ("half", "int8", "integer")
_SMALLEST = 2_048  # weights; smaller matrices (the first and the last layer's) are not worth their error


def prune_magnitudes(module: nn.Module, share: float) -> None:
    """Set `share` of the weights of each matrix or kernel to zero, in place: those of the smallest magnitude."""
    with torch.no_grad():
        for weight in module.parameters():
            if weight.dim() >= 2 and weight.numel() >= _SMALLEST and share > 0:
                smallest = weight.abs().flatten().kthvalue(max(1, round(share * weight.numel()))).values
                weight.mul_(weight.abs() > smallest)


def export_wavenet(net: WaveNet, folder: Path, precision: str = "half", prune: float = 0.0) -> None:
    """Write both graphs into `folder`; `net` stays as it is."""
    if precision not in PRECISIONS:
        raise CorpusError(f"recipe: no precision {precision!r}; there are {', '.join(PRECISIONS)}")
    if not 0.0 <= prune < 1.0:
        raise CorpusError(f"recipe: prune is a share of the weights, 0 to under 1, not {prune}")
    pruned = copy.deepcopy(net).eval()
    prune_magnitudes(pruned.blocks, prune)
    config = net.config
    mel = torch.zeros(1, 8, config.n_mels)
    axes = {"mel": {1: "frames"}, "conditions": {0: "places"}}
    export_onnx(WaveNetConditions(pruned), (mel,), folder / "conditions.onnx", ["mel"], ["conditions"], axes)
    example = (
        torch.zeros(1, 1),
        torch.zeros(config.layers, 1, (config.kernel - 1) * config.residual),
        torch.zeros(config.layers, 1, 2 * config.gates),
    )
    path = folder / "step.onnx"
    names = ["previous", "past", "condition"]
    export_onnx(WaveNetStep(pruned), example, path, names, ["distribution", "given"], half=False)
    model = onnx.load(str(path))
    if precision == "int8":
        quantise_weights(model, _SMALLEST)
    if precision == "integer":
        compute_in_eight_bits(model, _SMALLEST)
    halve_weights(model)
    entry = model.metadata_props.add()
    entry.key, entry.value = METADATA, json.dumps(_sizes(net))
    onnx.checker.check_model(model)
    with write_aside(path, ModelError) as aside:
        onnx.save(model, str(aside))


def _sizes(net: WaveNet) -> dict[str, object]:
    names = ("output", "levels", "mixtures", "kernel", "dilations", "residual", "hop", "repeat")
    return {name: getattr(net.config, name) for name in names}


def graph_nats(folder: Path, net: WaveNet, mel: Tensor, heard: Tensor) -> float:
    """Mean nats a sample that the graphs in `folder` give levels `(1, samples)`, a step after the other."""
    conditions = session_of(folder / "conditions.onnx").run(None, {"mel": mel.numpy()})[0]
    memory = CachedWaveNet(session_of(folder / "step.onnx"))
    levels = heard[0].tolist()
    previous = [0.0, *(2.0 * level / (net.config.levels - 1) - 1.0 for level in levels[:-1])]
    rows = [memory.step(x, conditions[time // net.config.repeat]) for time, x in enumerate(previous)]
    parameters = torch.from_numpy(np.stack(rows, axis=1))[None]
    if net.config.output == "categorical":
        return float(F.cross_entropy(parameters, heard))
    return -float(log_probability(parameters, heard, net.config.levels).mean())
