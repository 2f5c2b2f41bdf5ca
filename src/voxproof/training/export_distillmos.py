"""Turn the DistillMOS weights of an installed `distillmos` package into an ONNX graph.

    python -m voxproof.training.export_distillmos CHECKPOINT GRAPH

`voxproof.evaluation.distillmos` runs this once, in a process of its own, and keeps the graph in the cache: measuring
then needs ONNX Runtime alone.
"""

import sys
from pathlib import Path

import torch

from voxproof.errors import ModelError, VoxproofError
from voxproof.models.torch_zip import read_torch_tensors
from voxproof.networks.distillmos import SAMPLES, distillmos_from_tensors
from voxproof.training.export import export_onnx


def export_distillmos(checkpoint: Path, graph: Path) -> Path:
    """Write the graph (`waveform` [batch, 122880] -> `mos` [batch]) in full precision and return its path.

    The checkpoint's pickle is read, never run. Raises `ModelError` when it is not the published checkpoint.
    """
    try:
        network = distillmos_from_tensors(read_torch_tensors(checkpoint))
    except (KeyError, RuntimeError) as problem:
        raise ModelError(f"{checkpoint}: not the DistillMOS checkpoint that this network knows ({problem})") from None
    return export_onnx(
        network,
        (torch.zeros(2, SAMPLES),),
        graph,
        ["waveform"],
        ["mos"],
        {"waveform": {0: "batch"}, "mos": {0: "batch"}},
        half=False,
    )


def main(arguments: list[str]) -> int:
    """The command: two paths; exit code 3 and one line when the checkpoint will not do."""
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
