"""The ONNX graph of GE2E without its weights, about a kilobyte.

    python -m voxproof.networks.ge2e_graph src/voxproof/weights/ge2e-resemblyzer/graph.onnx

The weights belong to the Resemblyzer package: they are declared as external and handed to ONNX Runtime when the
session is opened, by the names that `voxproof.speakers.ge2e_weights` gives them.
"""

import sys
from pathlib import Path

from onnx import ModelProto, TensorProto, helper

OPSET = 17


def ge2e_graph(n_mels: int = 40, hidden: int = 256, layers: int = 3, dim: int = 256) -> ModelProto:
    """`mels` `(batch, frames, n_mels)` -> `embeddings` `(batch, dim)`, each of length one."""
    nodes = [helper.make_node("Transpose", ["mels"], ["x0"], perm=[1, 0, 2])]
    shapes: dict[str, list[int]] = {}
    for layer in range(layers):
        weights = [f"{kind}{layer}" for kind in "WRB"]
        shapes[weights[0]] = [1, 4 * hidden, n_mels if layer == 0 else hidden]
        shapes[weights[1]] = [1, 4 * hidden, hidden]
        shapes[weights[2]] = [1, 8 * hidden]
        outputs = [f"y{layer}", f"h{layer}"] if layer == layers - 1 else [f"y{layer}"]
        nodes.append(helper.make_node("LSTM", [f"x{layer}", *weights], outputs, hidden_size=hidden))
        if layer < layers - 1:
            nodes.append(helper.make_node("Squeeze", [f"y{layer}", "directions"], [f"x{layer + 1}"]))
    shapes["linear_weight"] = [dim, hidden]
    shapes["linear_bias"] = [dim]
    nodes += [
        helper.make_node("Squeeze", [f"h{layers - 1}", "first"], ["last_state"]),
        helper.make_node("Gemm", ["last_state", "linear_weight", "linear_bias"], ["projected"], transB=1),
        helper.make_node("Relu", ["projected"], ["rectified"]),
        helper.make_node("LpNormalization", ["rectified"], ["embeddings"], axis=1, p=2),
    ]
    constants = [
        helper.make_tensor("directions", TensorProto.INT64, [1], [1]),
        helper.make_tensor("first", TensorProto.INT64, [1], [0]),
    ]
    graph = helper.make_graph(
        nodes,
        "ge2e",
        [helper.make_tensor_value_info("mels", TensorProto.FLOAT, ["batch", "frames", n_mels])],
        [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["batch", dim])],
        [*constants, *(_external(name, shape) for name, shape in shapes.items())],
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8, producer_name="voxproof"
    )


def _external(name: str, shape: list[int]) -> TensorProto:
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="weights")  # no such file: ONNX Runtime is given the arrays
    return tensor


def main() -> None:
    """Write the graph to the path given."""
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(ge2e_graph().SerializeToString())


if __name__ == "__main__":
    main()
