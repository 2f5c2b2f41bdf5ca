"""From a trained detector to the model that ships: graph, calibration and card.

`python -m voxproof.training.export_detector RECIPE.yaml RUN OUT` writes `OUT/model.onnx` and `OUT/card.yaml`. The
calibration is fitted through the runtime that will use it, on the pages that the training held out.

With `--refit`, OUT has a card already and its graph is replaced by `RUN/refit.onnx`, which learned from the held-out
pages too: the same model with a little more to go by, read by the calibration of the one that did not hear them. It
comes last, when all that is calibrated with this model is calibrated.
"""

import argparse
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from numpy.typing import NDArray

from voxproof.audio import Audio, speech_segments
from voxproof.detection import detectors
from voxproof.detection.calibration import Calibration, Line, fit_calibration
from voxproof.detection.front_ends import front_end
from voxproof.detection.windowed import WindowedDetector
from voxproof.errors import ModelError, VoxproofError
from voxproof.evaluation.detection_metrics import Trials, eer
from voxproof.features.spectrogram import BINS, RATE
from voxproof.features.texture import VALUES
from voxproof.files import write_aside
from voxproof.models import Card, describe_file, load_card, save_card
from voxproof.networks.spectral_detector import SpectralDetector
from voxproof.networks.texture_detector import TextureDetector, TextureEnsemble
from voxproof.training.augment import Augmenter
from voxproof.training.checkpoint import load_checkpoint
from voxproof.training.classical import window_samples
from voxproof.training.detector import read_clips
from voxproof.training.detector_data import PackedClips, held_out_pages, pack_clips
from voxproof.training.detector_held_out import held_out_places
from voxproof.training.detector_networks import find_network
from voxproof.training.export import export_onnx
from voxproof.training.recipe import find_recipe

UNFITTED = Calibration(clip=Line(slope=1, offset=0), window=Line(slope=1, offset=0), real_below=-0.2, fake_above=0.2)


def export_detector(config: Mapping[str, Any], run: Path, out: Path) -> Card:
    """Write graph and card into `out`; the card's `figures` hold the held-out EER alone."""
    name = config.get("network", "spectral")
    if config.get("recipe") in ("classical", "traces"):
        engine, settings = _graph_of_run(config, run, out)
    else:
        own = {"spectral": _spectral, "texture": _texture}
        engine, settings = own.get(name, _framed)(config, run, out)
    parts: dict[str, Any] = {
        "name": out.name,
        "kind": "detector",
        "engine": engine,
        **config["card"],
        "files": [describe_file(out / "model.onnx").model_dump()],
        "config": {**settings, "calibration": UNFITTED.model_dump()},
    }
    return calibrate(parts, config, out)


def _spectral(config: Mapping[str, Any], run: Path, out: Path) -> tuple[str, dict[str, Any]]:
    window, hop = int(config["window"]), int(config["hop"])
    network = SpectralDetector(window=window, hop=hop)
    load_checkpoint(run / "best.safetensors", network)
    example = (torch.randn(1, 2, BINS, window + 2 * hop),)
    axes = {"spectrogram": {3: "frames"}, "scores": {1: "windows"}}
    export_onnx(network, example, out / "model.onnx", ["spectrogram"], ["scores"], axes)
    return "spectral", {"window": window, "hop": hop}


def _texture(config: Mapping[str, Any], run: Path, out: Path) -> tuple[str, dict[str, Any]]:
    window, hop = int(config["window"]), int(config["hop"])
    if "members" in config:
        network: torch.nn.Module = _ensemble(config["members"], run, window, hop)
    else:
        network = _texture_network(config, run, window, hop)
    example = (torch.randn(1, window + 2 * hop, VALUES),)
    axes = {"maps": {1: "frames"}, "scores": {1: "windows"}}
    export_onnx(network, example, out / "model.onnx", ["maps"], ["scores"], axes)
    settings = {"window": window, "hop": hop}
    if "partners" not in config:
        return "texture", settings
    return "fused", {**settings, "partners": [dict(one) for one in config["partners"]]}


def _texture_network(config: Mapping[str, Any], run: Path, window: int, hop: int) -> TextureDetector:
    sizes = {name: int(config[name]) for name in ("width", "hidden") if name in config}
    network = TextureDetector(window=window, hop=hop, **sizes)
    load_checkpoint(run / "best.safetensors", network)
    return network


def _ensemble(members: Sequence[Mapping[str, Any]], runs: Path, window: int, hop: int) -> TextureEnsemble:
    """Networks of several recipes: each member names its `recipe`, its run under `runs` and its scores' `spread`."""
    networks = []
    for member in members:
        recipe = yaml.safe_load(find_recipe(str(member["recipe"])).read_text(encoding="utf-8"))
        networks.append(_texture_network(recipe, runs / str(member["run"]), window, hop))
    return TextureEnsemble(networks, [float(member["spread"]) for member in members])


def _framed(config: Mapping[str, Any], run: Path, out: Path) -> tuple[str, dict[str, Any]]:
    kind = find_network(config)
    window = kind.window or int(float(config["window"]) * RATE)
    network = kind.build({**config, "start": None})
    load_checkpoint(run / "best.safetensors", network)
    end = str(config.get("front_end", kind.front_end))
    rng = np.random.default_rng(0)
    features = np.stack([front_end(end)(rng.standard_normal(window).astype(np.float32)) for _ in range(2)])
    axes = {"features": {0: "batch"}, "scores": {0: "batch"}}
    half = bool(config.get("half", True))
    export_onnx(network, (torch.from_numpy(features),), out / "model.onnx", ["features"], ["scores"], axes, half=half)
    hop = int(float(config.get("hop_seconds", window / RATE / 2)) * RATE)
    return "framed", {"front_end": end, "window": window, "hop": hop}


def _graph_of_run(config: Mapping[str, Any], run: Path, out: Path) -> tuple[str, dict[str, Any]]:
    out.mkdir(parents=True, exist_ok=True)
    with write_aside(out / "model.onnx", ModelError) as aside:
        shutil.copyfile(run / "model.onnx", aside)
    window = window_samples(config)
    hop = int(float(config.get("hop_seconds", window / RATE / 2)) * RATE)
    return "framed", {"front_end": str(config["front_end"]), "window": window, "hop": hop}


def calibrate(parts: dict[str, Any], config: Mapping[str, Any], out: Path) -> Card:
    """Fit the calibration of the card in `parts`, whose files lie in `out`, on a recipe's held-out pages; save it.

    The recipe's `coded` names kinds of the degradation chain (and their probabilities) through which the real clips go
    once more before the threshold of fake is set.
    """
    save_card(Card.model_validate(parts), out)
    pack = pack_clips(read_clips(config), config["cache"])
    pages = held_out_pages(pack.clips, float(config["held_out"]), int(config.get("held_out_seed", 0)))
    places = held_out_places(pack, pages)
    print(f"calibrating on {len(places)} clips of {len(pages)} held-out pages", flush=True)
    scores = held_out_scores(out, pack, places)
    coded = None
    if config.get("coded"):
        real = [place for place in places if not pack.clips[place].fake]
        coded = held_out_scores(out, pack, real, Augmenter(config["coded"]))[0]
    try:
        parts["config"]["calibration"] = fit_calibration(*scores, coded).model_dump()
    except ValueError as error:
        raise ModelError(f"{out.name} cannot be calibrated: {error}; train it longer") from None
    figure = 100 * float(eer(Trials(scores[0], scores[1]))[0])
    parts["figures"] = [
        {
            "name": "EER, held-out training pages",
            "value": round(figure, 2),
            "unit": "%",
            "command": "python -m voxproof.training.export_detector",
            "note": f"{len(places)} clips; these pages picked the checkpoint and calibrate the scores",
        }
    ]
    card = Card.model_validate(parts)
    save_card(card, out)
    return card


def refit(run: Path, out: Path) -> Card:
    """Put the graph that learned from all pages into the place of the one that calibrated; see the module."""
    card = load_card(out)
    with write_aside(out / "model.onnx", ModelError) as aside:
        shutil.copyfile(run / "refit.onnx", aside)
    card = card.model_copy(update={"files": (describe_file(out / "model.onnx"),)})
    save_card(card, out)
    return card


def held_out_scores(
    folder: Path, pack: PackedClips, places: list[int], chain: Augmenter | None = None
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64], NDArray[np.bool_]]:
    """Raw scores and labels of clips, and of their windows, by the detector in `folder`; through a chain if given."""
    card = load_card(folder)
    detector = detectors.get(card.engine)(card)
    if not isinstance(detector, WindowedDetector):
        raise ModelError(f"{card.name}: only detectors that score windows are calibrated here")
    clips: list[float] = []
    windows: list[float] = []
    clip_fake: list[bool] = []
    window_fake: list[bool] = []
    for place in places:
        samples, fake = pack[place], pack.clips[place].fake
        if chain is not None:
            samples = chain(samples, np.random.default_rng(place))
        times, raw = detector.raw_scores(samples)
        clips.append(detector.clip_score(times, raw, speech_segments(Audio(samples, RATE))))
        clip_fake.append(fake)
        windows.extend(raw)
        window_fake.extend([fake] * len(raw))
    return np.array(clips), np.array(clip_fake), np.array(windows), np.array(window_fake)


def main() -> int:
    """Parse and export."""
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("recipe", type=Path)
    cli.add_argument("run", type=Path, help="the run's folder, with best.safetensors")
    cli.add_argument("out", type=Path, help="the model's folder; its name becomes the card's")
    cli.add_argument("--refit", action="store_true", help="only replace OUT's graph by RUN/refit.onnx")
    args = cli.parse_args()
    try:
        if args.refit:
            print(f"{args.out}: {refit(args.run, args.out).bytes} bytes")
            return 0
        config = yaml.safe_load(args.recipe.read_text(encoding="utf-8"))
        card = export_detector(config, args.run, args.out)
    except VoxproofError as error:
        print(f"voxproof: {error}", file=sys.stderr)
        return error.exit_code
    print(f"{args.out}: {card.bytes} bytes, {card.config['calibration']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
