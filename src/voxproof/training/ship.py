"""Put a trained model into the package: `python -m voxproof.training.ship RUN_FOLDER WEIGHTS_FOLDER`.

WEIGHTS_FOLDER holds a `card.yaml` that says everything but the files' hashes and sizes; the ONNX graphs (and
NumPy arrays) of the run are copied beside it and their entries written anew.
"""

import shutil
import sys
from pathlib import Path

import yaml

from voxproof.errors import ModelError
from voxproof.files import write_aside
from voxproof.models import describe_file, load_card


def ship(run: Path, weights: Path) -> None:
    """Copy `run/*.onnx` and `run/*.npy`, bring `weights/card.yaml` up to date and read it back."""
    graphs = sorted([*run.glob("*.onnx"), *run.glob("*.npy")])
    card = weights / "card.yaml"
    if not graphs or not card.is_file():
        raise ModelError(f"nothing to ship: {run} needs ONNX graphs and {weights} a card.yaml")
    for graph in graphs:
        with write_aside(weights / graph.name, ModelError) as aside:
            shutil.copyfile(graph, aside)
    text = card.read_text(encoding="utf-8")
    entries = [describe_file(weights / graph.name).model_dump(mode="json") for graph in graphs]
    block = yaml.safe_dump({"files": entries}, sort_keys=False)
    head, _, rest = text.partition("files:")
    tail = rest.splitlines(keepends=True)[1:] if rest else []
    while tail and tail[0][:1] in (" ", "-"):
        tail.pop(0)
    with write_aside(card, ModelError) as aside:
        aside.write_text(head + block + "".join(tail), encoding="utf-8")
    shipped = load_card(weights)
    print(f"{shipped.name}: {', '.join(f'{f.name} {f.size / 1e6:.1f} MB' for f in shipped.files)}")


if __name__ == "__main__":
    ship(Path(sys.argv[1]), Path(sys.argv[2]))
