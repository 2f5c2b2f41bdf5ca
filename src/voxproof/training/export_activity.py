"""Silero VAD for whole recordings at once, from its own graph for one step.

    python -m voxproof.training.export_activity silero_vad_16k_op15.onnx src/voxproof/weights/silero-vad

The published graph takes one window of 32 ms and a recurrent state, so that a second of sound is 31 calls. Only its
LSTM needs the windows one after the other. Here the same weights stand in a graph that takes all windows of a stretch
as a batch, runs the convolutions over them at once, and gives them to one LSTM as a sequence: the same numbers, in
about a third of the time.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from voxproof.errors import ModelError
from voxproof.files import write_aside
from voxproof.models import describe_file, load_card, save_card

WINDOW = 64 + 512  # samples: the end of the window before, and the new ones
HIDDEN = 128
_REFLECTED = 64  # samples at the end of a window
_FRAME, _STEP, _BINS = 256, 128, 129  # of its transform
_STRIDES, _LENGTHS = (1, 2, 2, 1), (4, 4, 2, 1)  # of the convolutions, and how many frames each is given


def whole_recording_graph(step: onnx.ModelProto) -> onnx.ModelProto:
    """`windows` `(n, 576)` and `state` `(2, 1, 128)` -> `speech` `(n,)` and the `next_state` after the last window."""
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in step.graph.initializer}
    tensors: dict[str, NDArray[Any]] = {
        "pads": np.array([0, 0, 0, _REFLECTED]),
        "around": np.array([0, 1, 0, 0, 1, 0]),
        "time": np.array([1]),
        "flat": np.array([-1]),
        "halves": np.array([_BINS, _BINS]),
        "basis": weights["model.stft.forward_basis_buffer"][:, 0].T,
        "input_weights": _gates(weights["model.decoder.rnn.weight_ih"])[None],
        "recurrent_weights": _gates(weights["model.decoder.rnn.weight_hh"])[None],
        "biases": np.concatenate([_gates(weights[f"model.decoder.rnn.bias_{way}"]) for way in ("ih", "hh")])[None],
        "out_weights": weights["model.decoder.decoder.2.weight"][:, :, 0].T,
        "out_bias": weights["model.decoder.decoder.2.bias"],
    }
    nodes = [helper.make_node("Pad", ["windows", "pads"], ["padded"], mode="reflect")]
    nodes += _slices(tensors, "padded", "frame", [(at, at + _FRAME, 1) for at in range(0, 4 * _STEP, _STEP)])
    nodes += [helper.make_node("Unsqueeze", [f"frame_{n}", "time"], [f"row_{n}"]) for n in range(4)]
    nodes += [
        helper.make_node("Concat", [f"row_{n}" for n in range(4)], ["frames"], axis=1),
        helper.make_node("MatMul", ["frames", "basis"], ["spectra"]),
        helper.make_node("Split", ["spectra", "halves"], ["real", "imaginary"], axis=2),
        helper.make_node("Mul", ["real", "real"], ["real_power"]),
        helper.make_node("Mul", ["imaginary", "imaginary"], ["imaginary_power"]),
        helper.make_node("Add", ["real_power", "imaginary_power"], ["power"]),
        helper.make_node("Sqrt", ["power"], ["heard_0"]),
    ]
    for layer, (stride, length) in enumerate(zip(_STRIDES, _LENGTHS, strict=True)):
        # A convolution over three frames as one product: the three stand behind each other.
        kernel = weights[f"model.encoder.{layer}.reparam_conv.weight"]
        tensors[f"weight_{layer}"] = kernel.transpose(2, 1, 0).reshape(-1, len(kernel))
        tensors[f"bias_{layer}"] = weights[f"model.encoder.{layer}.reparam_conv.bias"]
        nodes.append(helper.make_node("Pad", [f"heard_{layer}", "around"], [f"wide_{layer}"]))
        nodes += _slices(tensors, f"wide_{layer}", f"tap_{layer}", [(n, n + length, stride) for n in range(3)])
        nodes += [
            helper.make_node("Concat", [f"tap_{layer}_{n}" for n in range(3)], [f"taps_{layer}"], axis=2),
            helper.make_node("MatMul", [f"taps_{layer}", f"weight_{layer}"], [f"product_{layer}"]),
            helper.make_node("Add", [f"product_{layer}", f"bias_{layer}"], [f"sum_{layer}"]),
            helper.make_node("Relu", [f"sum_{layer}"], [f"heard_{layer + 1}"]),
        ]
    nodes += [
        helper.make_node("Split", ["state"], ["hidden", "cell"], axis=0),
        helper.make_node(
            "LSTM",
            [f"heard_{len(_STRIDES)}", "input_weights", "recurrent_weights", "biases", "", "hidden", "cell"],
            ["recurrent", "next_hidden", "next_cell"],
            hidden_size=HIDDEN,
        ),
        helper.make_node("Concat", ["next_hidden", "next_cell"], ["next_state"], axis=0),
        helper.make_node("Relu", ["recurrent"], ["firing"]),
        helper.make_node("MatMul", ["firing", "out_weights"], ["product"]),
        helper.make_node("Add", ["product", "out_bias"], ["logits"]),
        helper.make_node("Sigmoid", ["logits"], ["probabilities"]),
        helper.make_node("Reshape", ["probabilities", "flat"], ["speech"]),
    ]
    floats = TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "silero-vad-whole",
        [
            helper.make_tensor_value_info("windows", floats, ["n", WINDOW]),
            helper.make_tensor_value_info("state", floats, [2, 1, HIDDEN]),
        ],
        [
            helper.make_tensor_value_info("speech", floats, ["n"]),
            helper.make_tensor_value_info("next_state", floats, [2, 1, HIDDEN]),
        ],
        [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in tensors.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model


def _slices(
    tensors: dict[str, NDArray[Any]], whole: str, name: str, ranges: list[tuple[int, int, int]]
) -> list[onnx.NodeProto]:
    """Nodes that cut ranges (start, end, step) out of the second axis; their bounds join `tensors`."""
    nodes = []
    for number, (start, end, step) in enumerate(ranges):
        bounds = {"start": start, "end": end, "step": step}
        for kind, value in bounds.items():
            tensors[f"{name}_{number}_{kind}"] = np.array([value])
        inputs = [whole, *(f"{name}_{number}_{kind}" for kind in ("start", "end")), "time", f"{name}_{number}_step"]
        nodes.append(helper.make_node("Slice", inputs, [f"{name}_{number}"]))
    return nodes


def _gates(array: NDArray[np.float32]) -> NDArray[np.float32]:
    """From the order of gates in torch (input, forget, cell, output) to that in ONNX (input, output, forget, cell)."""
    given, forget, cell, out = np.split(array, 4)
    return np.concatenate([given, out, forget, cell])


def main(source: str, folder: str) -> None:
    """Write the graph beside the card in `folder` and its hash into the card."""
    step = onnx.load(source)
    if "model.decoder.rnn.weight_hh" not in {tensor.name for tensor in step.graph.initializer}:
        raise ModelError(f"{source} is not silero_vad_16k_op15.onnx of silero-vad 6.2")
    target = Path(folder) / "model.onnx"
    with write_aside(target, ModelError) as aside:
        onnx.save(whole_recording_graph(step), aside)
    save_card(load_card(Path(folder)).model_copy(update={"files": (describe_file(target),)}), Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
