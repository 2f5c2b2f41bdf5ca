"""From a trained torch module to the ONNX graph that ships: float32 arithmetic, weights on disk in 16 or 8 bits."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

SMALLEST_QUANTISED = 16_384  # elements; smaller matrices are not worth their error
SMALLEST_HALVED = 64  # elements; smaller initializers (scalars, short vectors of shapes) stay as they are
HALF_MAX = float(np.finfo(np.float16).max)  # a larger weight would become infinite


def export_onnx(
    module: torch.nn.Module,
    example_inputs: tuple[Any, ...],
    path: str | Path,
    input_names: Sequence[str],
    output_names: Sequence[str],
    dynamic_axes: Mapping[str, Mapping[int, str]] | None = None,
    *,
    opset: int = 17,
    half: bool = True,
    int8: bool = False,
) -> Path:
    """Write `module` (in evaluation mode) as an ONNX graph and return its path.

    `example_inputs` fix the shapes of all axes that `dynamic_axes` (`{name: {axis: label}}`) does not name. With
    `half`, every float32 initializer of more than 64 elements is stored as float16 behind a Cast to float32: the file
    is half as large and the graph still computes in float32. With `int8`, matrices go to 8 bits with a scale for each
    column instead. Written aside and then renamed.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    training = module.training
    module.eval()
    try:
        with torch.no_grad():
            torch.onnx.export(
                module,
                example_inputs,
                str(aside),
                input_names=list(input_names),
                output_names=list(output_names),
                dynamic_axes={name: dict(axes) for name, axes in (dynamic_axes or {}).items()},
                opset_version=opset,
                do_constant_folding=True,
                dynamo=False,  # the TorchScript exporter needs no package beside torch and onnx
            )
        model = onnx.load(str(aside))
        if int8:
            quantise_weights(model)
        if half:
            halve_weights(model)
        onnx.checker.check_model(model)
        onnx.save(model, str(aside))
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
        module.train(training)
    return path


def halve_weights(model: onnx.ModelProto, smallest: int = SMALLEST_HALVED) -> int:
    """Store float32 initializers of more than `smallest` elements as float16 with a Cast, in place; returns how many.

    Weights that float16 cannot hold (beyond 65504, or not finite) stay float32.
    """
    graph = model.graph
    casts: list[onnx.NodeProto] = []
    for place, tensor in enumerate(list(graph.initializer)):
        if tensor.data_type != TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(tensor)
        if values.size <= smallest or not np.all(np.abs(values) <= HALF_MAX):
            continue
        name = tensor.name
        halved = numpy_helper.from_array(values.astype(np.float16), f"{name}.half")
        graph.initializer[place].CopyFrom(halved)
        casts.append(helper.make_node("Cast", [halved.name], [name], name=f"{name}.to_float32", to=TensorProto.FLOAT))
    # Nodes must stand before those that read them, so the casts go first.
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    return len(casts)


def quantise_weights(model: onnx.ModelProto, smallest: int = SMALLEST_QUANTISED) -> int:
    """Store matrices of `smallest` elements and more as int8 times a scale a column, in place; returns how many.

    Stacks of matrices that a MatMul takes count too. The graph casts and multiplies, which ONNX Runtime does once, when
    it opens the model.
    """
    graph = model.graph
    multiplied = {node.input[1] for node in graph.node if node.op_type == "MatMul"}
    nodes: list[onnx.NodeProto] = []
    scales: list[TensorProto] = []
    for place, tensor in enumerate(list(graph.initializer)):
        stacked = len(tensor.dims) == 3 and tensor.name in multiplied
        if tensor.data_type != TensorProto.FLOAT or not (len(tensor.dims) == 2 or stacked):
            continue
        values = numpy_helper.to_array(tensor)
        if values.size < smallest or not np.all(np.isfinite(values)):
            continue
        name = tensor.name
        scale = np.maximum(np.abs(values).max(-2, keepdims=True) / 127, 1e-12).astype(np.float32)
        eighth = np.rint(values / scale).astype(np.int8)
        graph.initializer[place].CopyFrom(numpy_helper.from_array(eighth, f"{name}.int8"))
        scales.append(numpy_helper.from_array(scale, f"{name}.scale"))
        nodes.append(helper.make_node("Cast", [f"{name}.int8"], [f"{name}.steps"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("Mul", [f"{name}.steps", f"{name}.scale"], [name]))
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend([*nodes, *rest])
    graph.initializer.extend(scales)
    return len(scales)
