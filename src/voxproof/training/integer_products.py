"""Matrix products of an ONNX graph in whole numbers of 8 bits, for graphs whose time goes into reading weights."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def compute_in_eight_bits(model: onnx.ModelProto, smallest: int) -> int:
    """Let each `Gemm` of `smallest` weights and more work on whole numbers, in place; returns how many.

    Weights have a scale for each output channel, activations one that is found anew in each call. `MatMul` (of
    stacks of matrices, say) stays in float32: one scale for all of a stack would lose the quiet ones.
    """
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    nodes: list[onnx.NodeProto] = []
    replaced: list[str] = []
    for node in graph.node:
        weight = weights.get(node.input[1]) if node.op_type == "Gemm" else None
        if weight is None or int(np.prod(weight.dims)) < smallest:
            nodes.append(node)
            continue
        values = numpy_helper.to_array(weight)
        scale = np.maximum(np.abs(values).max(0), 1e-12).astype(np.float32) / 127
        x, w, bias = node.input
        y = node.output[0]
        graph.initializer.extend(
            [
                numpy_helper.from_array(np.rint(values / scale).astype(np.int8), f"{w}.int8"),
                numpy_helper.from_array(scale[None], f"{w}.scale"),
            ]
        )
        nodes += [
            helper.make_node("DynamicQuantizeLinear", [x], [f"{y}.q", f"{y}.step", f"{y}.zero"]),
            helper.make_node("MatMulInteger", [f"{y}.q", f"{w}.int8", f"{y}.zero"], [f"{y}.sum"]),
            helper.make_node("Cast", [f"{y}.sum"], [f"{y}.float"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{y}.step", f"{w}.scale"], [f"{y}.scale"]),
            helper.make_node("Mul", [f"{y}.float", f"{y}.scale"], [f"{y}.product"]),
            helper.make_node("Add", [f"{y}.product", bias], [y]),
        ]
        replaced.append(w)
    del graph.node[:]
    graph.node.extend(nodes)
    kept = [tensor for tensor in graph.initializer if tensor.name not in replaced]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    return len(replaced)
