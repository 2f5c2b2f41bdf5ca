"""Write the ONNX graph of DistillMOS without its weights.

    python -m voxproof.training.export_distillmos CHECKPOINT src/voxproof/weights/distillmos/graph.onnx

The weights belong to the package `distillmos`: the graph declares them as external, by the names that its checkpoint
gives them, and `voxproof.evaluation.distillmos` hands them to ONNX Runtime when it opens the session. CHECKPOINT says
which names there are.
"""

import os
import sys
import warnings
from pathlib import Path

import onnx
import torch
from onnx import TensorProto

from voxproof.errors import ModelError, VoxproofError
from voxproof.files import write_aside
from voxproof.models.torch_zip import read_torch_tensors
from voxproof.networks.distillmos import HOP, N_FFT, SAMPLES, DistillMos, distillmos_from_tensors, name_in_network

OPSET = 17


class _Rating(torch.nn.Module):
    """`DistillMos.rate` as a module, since only `forward` is exported."""

    def __init__(self, network: DistillMos) -> None:
        super().__init__()
        self.network = network

    def forward(self, spectrum: torch.Tensor) -> torch.Tensor:
        return self.network.rate(spectrum)


def export_distillmos(checkpoint: Path, graph: Path) -> Path:
    """Write the graph, `spectrum` `(batch, 2, 161, 768)` -> `mos` `(batch,)`, and return its path.

    The checkpoint's pickle is read, never run. Raises `ModelError` when it is not the published checkpoint.
    """
    tensors = read_torch_tensors(checkpoint)
    try:
        network = distillmos_from_tensors(tensors)
        names = {
            f"network.{name_in_network(name)}": name
            for name in (full.removeprefix("model.") for full in tensors if full.startswith("model."))
        }
    except (KeyError, RuntimeError) as problem:
        reason = " ".join(str(problem).split())
        raise ModelError(f"{checkpoint}: not the DistillMOS checkpoint that this network knows ({reason})") from None
    graph.parent.mkdir(parents=True, exist_ok=True)
    with write_aside(graph, ModelError) as aside:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                _Rating(network).eval(),
                (torch.zeros(2, 2, N_FFT // 2 + 1, SAMPLES // HOP),),
                os.fspath(aside),
                input_names=["spectrum"],
                output_names=["mos"],
                dynamic_axes={"spectrum": {0: "batch"}, "mos": {0: "batch"}},
                opset_version=OPSET,
                do_constant_folding=False,  # folding would merge weights, and they must keep their names
                dynamo=False,
            )
        model = onnx.load(aside)
        _without_weights(model, names)
        aside.write_bytes(model.SerializeToString())
    return graph


def _without_weights(model: onnx.ModelProto, names: dict[str, str]) -> None:
    """Replace every initializer that the checkpoint has by a declaration under the checkpoint's name."""
    for tensor in model.graph.initializer:
        if tensor.name not in names:
            continue
        declared = TensorProto(
            name=names[tensor.name], data_type=tensor.data_type, dims=tensor.dims, data_location=TensorProto.EXTERNAL
        )
        declared.external_data.add(key="location", value="weights")  # no such file: ONNX Runtime is given the arrays
        tensor.CopyFrom(declared)
    for node in model.graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = names.get(name, name)


def main(arguments: list[str]) -> int:
    """The command: two paths; one line and exit code 3 when the checkpoint will not do."""
    if len(arguments) != 2:
        print("usage: python -m voxproof.training.export_distillmos CHECKPOINT GRAPH", file=sys.stderr)
        return 2
    try:
        export_distillmos(Path(arguments[0]), Path(arguments[1]))
    except VoxproofError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
