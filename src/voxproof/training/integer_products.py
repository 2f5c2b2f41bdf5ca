"""Matrix products of an ONNX graph in whole numbers of 8 bits, for graphs whose time goes into reading weights.

Weights have a scale for each output channel. Activations have one that is found anew in each call: one for all of a
`Gemm`, one for each matrix of a stack in a `MatMul`, since one for the whole stack would lose the quiet ones.
"""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

_ZERO = 128  # of an activation's 8 bits


def compute_in_eight_bits(model: onnx.ModelProto, smallest: int) -> int:
    """Let products with `smallest` weights and more work on whole numbers, in place; returns how many."""
    graph = model.graph
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    nodes: list[NodeProto] = []
    replaced: set[str] = set()
    for node in graph.node:
        weight = weights.get(node.input[1]) if node.op_type in ("Gemm", "MatMul") else None
        if weight is None or weight.size < smallest or weight.ndim != (2 if node.op_type == "Gemm" else 3):
            nodes.append(node)
            continue
        name = node.input[1]
        scale = np.maximum(np.abs(weight).max(-2, keepdims=True), 1e-12).astype(np.float32) / 127
        _keep(graph, f"{name}.int8", np.rint(weight / scale).astype(np.int8))
        _keep(graph, f"{name}.scale", scale)
        nodes += _gemm(node) if node.op_type == "Gemm" else _stacked(node)
        replaced.add(name)
    for name, value in (("eight_bits.zero", np.uint8(_ZERO)), ("eight_bits.shift", np.float32(_ZERO))):
        _keep(graph, name, np.asarray(value))
    _keep(graph, "eight_bits.highest", np.asarray(127, np.float32))
    _keep(graph, "eight_bits.least", np.asarray(1e-12, np.float32))
    kept = [tensor for tensor in graph.initializer if tensor.name not in replaced]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept)
    return len(replaced)


def _keep(graph: onnx.GraphProto, name: str, value: NDArray[np.generic]) -> None:
    graph.initializer.append(numpy_helper.from_array(value, name))


def _gemm(node: NodeProto) -> list[NodeProto]:
    x, w, bias = node.input
    y = node.output[0]
    quantised = helper.make_node("DynamicQuantizeLinear", [x], [f"{y}.q", f"{y}.step", f"{y}.zero"])
    return [quantised, *_product(w, f"{y}.zero", y), helper.make_node("Add", [f"{y}.product", bias], [y])]


def _stacked(node: NodeProto) -> list[NodeProto]:
    x, w = node.input
    y = node.output[0]
    return [
        helper.make_node("Abs", [x], [f"{y}.abs"]),
        helper.make_node("ReduceMax", [f"{y}.abs"], [f"{y}.most"], axes=[-1], keepdims=1),
        helper.make_node("Max", [f"{y}.most", "eight_bits.least"], [f"{y}.range"]),
        helper.make_node("Div", [f"{y}.range", "eight_bits.highest"], [f"{y}.step"]),
        helper.make_node("Div", [x, f"{y}.step"], [f"{y}.steps"]),
        helper.make_node("Round", [f"{y}.steps"], [f"{y}.whole"]),
        helper.make_node("Add", [f"{y}.whole", "eight_bits.shift"], [f"{y}.shifted"]),
        helper.make_node("Cast", [f"{y}.shifted"], [f"{y}.q"], to=TensorProto.UINT8),
        *_product(w, "eight_bits.zero", y),
        helper.make_node("Identity", [f"{y}.product"], [y]),
    ]


def _product(w: str, zero: str, y: str) -> list[NodeProto]:
    return [
        helper.make_node("MatMulInteger", [f"{y}.q", f"{w}.int8", zero], [f"{y}.sum"]),
        helper.make_node("Cast", [f"{y}.sum"], [f"{y}.float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{y}.step", f"{w}.scale"], [f"{y}.unit"]),
        helper.make_node("Mul", [f"{y}.float", f"{y}.unit"], [f"{y}.product"]),
    ]
