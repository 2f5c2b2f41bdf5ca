"""Make a detector of one of the open leaders on self-supervised representations, by name, from the hub.

    python -m voxproof.training.import_ssl xlsr-aasist OUT [--recipe RECIPE] [--checkpoint FILE]

The checkpoint comes from its owners' repository at a pinned commit (or is the file that is given) and is read without
running its pickle, and none of the repository's code is run: the networks are built here, on the XLS-R of transformers.
What is written is a graph, so the detector runs on ONNX Runtime alone, like every other.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
import yaml
from torch import Tensor, nn

from voxproof.errors import ModelError, VoxproofError
from voxproof.models import Card, read_torch_tensors
from voxproof.models.sources import DEFAULT_HUB
from voxproof.networks.df_arena import DfArena
from voxproof.networks.xlsr_aasist import XlsrAasist
from voxproof.training.imported import write_card, write_graph
from voxproof.training.recipe import find_recipe

WINDOW = 64_600  # samples: all of them were trained on 4.04 s
_FRONT_END = "samples"  # at their own level, as they were trained
_LIMITS = ("Others' weights, here to be measured. Slow on a CPU.",)


@dataclass(frozen=True)
class Leader:
    """Where a leader's weights lie, what they are, and the network that they fit."""

    network: Callable[[Mapping[str, Tensor]], nn.Module]
    repo: str
    revision: str
    file: str
    summary: str
    licence: str
    training_data: tuple[tuple[str, str], ...]  # name, licence
    int8: bool = False  # matrices in 8 bits: a graph in one file must stay under 2 GB


_ARENA_DATA = (
    ("ASVspoof 2019 and 2024", "ODC-By 1.0"),
    ("Codecfake, LibriSeVoc, DFADD, CtrSVDD, SpoofCeleb, MLAAD, EnvSDD", "various, see the model's page"),
)
LEADERS = {
    "xlsr-aasist": Leader(
        XlsrAasist,
        "SpeechAntiSpoofingBenchmarks/W2V2-AASIST",
        "75ec0a4aa6491cee7748c12996a87561d1b02fb7",
        "LA_model.pth",
        "XLS-R 300M and AASIST as published (arXiv:2202.12233), 318 M parameters.",
        "MIT (github.com/TakHemlata/SSL_Anti-spoofing)",
        (("ASVspoof 2019 LA, training partition", "ODC-By 1.0"),),
    ),
    "df-arena-500m": Leader(
        DfArena,
        "Speech-Arena-2025/DF_Arena_500M_V_1",
        "8258fa8e74ff9b8ad20d4c939c1a7f694a6e4080",
        "pytorch_model.bin",
        "DF Arena 500M as published (arXiv:2603.06164): XLS-R 300M and a conformer, 436 M parameters.",
        "non-commercial, see huggingface.co/Speech-Arena-2025/DF_Arena_500M_V_1",
        _ARENA_DATA,
    ),
    "df-arena-1b": Leader(
        DfArena,
        "Speech-Arena-2025/DF_Arena_1B_V_1",
        "fb6ce85de12c2c5a509d89114adaf827dd75f49f",
        "pytorch_model.bin",
        "DF Arena 1B as published (arXiv:2603.06164): XLS-R 1B and a conformer, 1,148 M parameters.",
        "non-commercial, see huggingface.co/Speech-Arena-2025/DF_Arena_1B_V_1",
        _ARENA_DATA,
        int8=True,
    ),
}


def find_leader(name: str) -> Leader:
    """The leader called `name`; `ModelError` names those that there are."""
    if name not in LEADERS:
        raise ModelError(f"no detector {name!r} is known on the hub; there are {', '.join(LEADERS)}")
    return LEADERS[name]


def download_leader(leader: Leader) -> Path:
    """The checkpoint from the hub at its pinned commit, kept in the hub's own cache.

    `$VOXPROOF_HUB` names a mirror, `$VOXPROOF_OFFLINE` allows the cache alone. `ModelError` when it cannot be had.
    """
    try:
        from huggingface_hub import hf_hub_download, logging
        from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
    except ImportError:
        raise ModelError("this needs transformers: pip install 'voxproof[ssl]'") from None
    logging.set_verbosity_error()  # a line for every failed try would bury the one that says what to do
    try:
        return Path(
            hf_hub_download(
                leader.repo,
                leader.file,
                revision=leader.revision,
                endpoint=os.environ.get("VOXPROOF_HUB", DEFAULT_HUB).rstrip("/"),
                local_files_only=os.environ.get("VOXPROOF_OFFLINE", "0") not in ("", "0"),
            )
        )
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as problem:
        absent = isinstance(problem, LocalEntryNotFoundError)
        reason = "no network, and not in the hub's cache" if absent else str(problem).split("\n")[0]
        raise ModelError(
            f"{leader.repo} at {leader.revision[:12]}: {leader.file} cannot be had ({reason}): try again with a "
            "network, or give the file with --checkpoint"
        ) from None


def read_leader(leader: Leader, checkpoint: Path) -> nn.Module:
    """The leader's network with the weights in `checkpoint` (.pth, .bin or .safetensors); `ModelError` if others."""
    if find_spec("transformers") is None:
        raise ModelError("this needs transformers: pip install 'voxproof[ssl]'")
    if checkpoint.suffix == ".safetensors":
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            tensors = load_file(checkpoint)
        except (SafetensorError, OSError) as problem:
            raise ModelError(f"{checkpoint}: cannot be read ({problem})") from None
    else:
        tensors = {name: torch.from_numpy(values) for name, values in read_torch_tensors(checkpoint).items()}
    try:
        return leader.network({name: tensor.float() for name, tensor in tensors.items()})
    except (KeyError, ValueError, RuntimeError) as problem:
        reason = " ".join(str(problem).split())[:200]
        raise ModelError(f"{checkpoint}: not the checkpoint of {leader.repo} ({reason})") from None


def import_ssl(
    name: str, out: Path, checkpoint: Path | None, recipe: Mapping[str, Any] | None, window: int = WINDOW
) -> Card:
    """Write graph and card of the leader called `name` into `out`; one score hears `window` samples."""
    leader = find_leader(name)
    module = read_leader(leader, checkpoint or download_leader(leader))
    out.mkdir(parents=True, exist_ok=True)
    # Of a large network the exporter lays hundreds of files beside the graph before they become one.
    with TemporaryDirectory(dir=out, prefix=".export-") as folder:
        write_graph(module, Path(folder), _FRONT_END, window, int8=leader.int8)
        (Path(folder) / "model.onnx").replace(out / "model.onnx")
    about = {
        "summary": leader.summary,
        "licence": leader.licence,
        "training_data": [
            {"name": data, "licence": licence, "origin": f"huggingface.co/{leader.repo} at {leader.revision}"}
            for data, licence in leader.training_data
        ],
        "limits": list(_LIMITS),
    }
    settings = {"front_end": _FRONT_END, "window": window, "hop": window // 2, "batch": 1}
    return write_card(out, about, settings, recipe, "python -m voxproof.training.import_ssl")


def main() -> int:
    """Parse and import."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("name", help=", ".join(LEADERS))
    cli.add_argument("out", type=Path, help="the model's folder; its name becomes the card's")
    cli.add_argument("--checkpoint", type=Path, help="the file itself, where there is no network")
    cli.add_argument("--recipe", help="whose held-out pages calibrate the scores; none: not calibrated")
    args = cli.parse_args()
    try:
        recipe = yaml.safe_load(find_recipe(args.recipe).read_text(encoding="utf-8")) if args.recipe else None
        card = import_ssl(args.name, args.out, args.checkpoint, recipe)
    except VoxproofError as error:
        print(f"voxproof: {error}", file=sys.stderr)
        return error.exit_code
    print(f"{args.out}: {card.bytes} bytes, {card.config['calibration']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
