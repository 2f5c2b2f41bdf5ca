"""Trains a detector by traces: a support vector machine on what a generator leaves in windows of a few seconds.

Clips are cut into windows; their traces (`features.traces`) are standardised, weighted by block, projected onto
principal components and given to an SVM with a radial kernel, in which every page and class has the same weight. It
takes the time that it takes: a recipe's `minutes` mean nothing here.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from voxproof.errors import CorpusError, ModelError
from voxproof.features.traces import VALUES, block_scales, traces
from voxproof.files import write_aside
from voxproof.networks.kernel_machine import LARGEST, KernelMachine
from voxproof.training.augment import Augmenter
from voxproof.training.classical import window_samples
from voxproof.training.detector import log, read_clips
from voxproof.training.detector_data import Clip, PackedClips, held_out_pages, pack_clips
from voxproof.training.detector_held_out import held_out_eer, held_out_places
from voxproof.training.export import export_onnx
from voxproof.training.leave_one_out import page_weights
from voxproof.training.recipe import Run, recipe

_CHUNK = 50  # clips a task

Floats = NDArray[np.float32]


def cut(samples: Floats, window: int) -> list[Floats]:
    """Windows that overlap by half, the last one at the end; a clip shorter than a window is repeated up to it."""
    if len(samples) <= window:
        return [np.resize(samples, window)]
    starts = [*range(0, len(samples) - window, window // 2), len(samples) - window]
    return [samples[start : start + window] for start in starts]


def traces_of(pack: PackedClips, config: Mapping[str, Any], workers: int) -> tuple[Floats, NDArray[np.int64]]:
    """Traces `(windows, 5798)` of all clips, and the clip of each row; computed once and kept in the recipe's `cache`.

    `draws` says how often each clip is heard once more, through the chain `augment`.
    """
    window, draws = window_samples(config), int(config.get("draws", 0))
    chain = dict(config.get("augment", {}))
    key = hashlib.sha256(json.dumps([[clip.path for clip in pack.clips], window, draws, chain]).encode())
    # A front end that has changed since is noticed; the last digits differ with the number of threads.
    key.update(f"{float(traces(pack[0][:window]).mean()):.3f}".encode())
    path = Path(config["cache"]) / f"traces-{key.hexdigest()[:16]}.npz"
    if not path.is_file():
        chunks = [range(first, min(first + _CHUNK, len(pack))) for first in range(0, len(pack), _CHUNK)]
        work = partial(_traces_of_clips, pack, window, draws, chain)
        rows: list[Floats] = []
        clips: list[int] = []
        with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
            for done, (found, of) in enumerate(pool.map(work, chunks), start=1):
                rows.append(found)
                clips += of
                print(f"traces of {min(done * _CHUNK, len(pack))} of {len(pack)} clips", flush=True)
        with write_aside(path, CorpusError) as aside, aside.open("wb") as file:
            np.savez(file, traces=np.concatenate(rows), clip=np.array(clips, np.int64))
    with np.load(path, allow_pickle=False) as kept:
        return kept["traces"], kept["clip"]


def _traces_of_clips(
    pack: PackedClips, window: int, draws: int, chain: Mapping[str, float], places: Sequence[int]
) -> tuple[Floats, list[int]]:
    augmenter = Augmenter(chain)
    rows, of = [], []
    for place in places:
        # What is drawn hangs on the clip's name alone, not on its class and not on who computes it.
        seed = int.from_bytes(hashlib.sha256(pack.clips[place].path.encode()).digest()[:6], "big")
        heard = cut(pack[place], window)
        for draw in range(draws):
            rng = np.random.default_rng([seed, draw])
            first = int(rng.integers(0, max(len(pack[place]) - window, 0) + 1))
            heard.append(np.resize(augmenter(pack[place][first : first + window], rng), window))
        rows += [traces(one) for one in heard]
        of += [place] * len(heard)
    return np.stack(rows), of


def row_weights(clips: Sequence[Clip], of: NDArray[np.int64]) -> NDArray[np.float64]:
    """Weights of rows, 1 on average: every page and class weighs the same, and so do the rows of one clip together."""
    rows = np.bincount(of, minlength=len(clips)).clip(min=1)
    weights = (page_weights(clips) / rows)[of]
    return np.asarray(weights / weights.mean(), np.float64)


def fit(
    rows: Floats, fake: NDArray[np.bool_], weights: NDArray[np.float64], config: Mapping[str, Any]
) -> KernelMachine:
    """The machine for traces `(rows, 5798)`. Config keys: components, gamma (of the squared distance), penalty."""
    try:
        from sklearn.svm import SVC
    except ImportError:
        raise ModelError("this recipe needs scikit-learn: pip install 'voxproof[train]'") from None
    if fake.all() or not fake.any():
        raise CorpusError("there are clips of one class alone to learn from")
    mean, deviation = rows.mean(0), rows.std(0) + 1e-6
    share = block_scales()
    scaled = np.clip((rows - mean) / deviation, -LARGEST, LARGEST) * share
    components = min(int(config["components"]), *scaled.shape)
    covariance = scaled.T @ scaled / len(scaled)
    projection = np.ascontiguousarray(np.linalg.eigh(covariance)[1][:, ::-1][:, :components])
    projected = scaled @ projection
    svm = SVC(kernel="rbf", gamma=float(config["gamma"]), C=float(config["penalty"]))
    svm.fit(projected, fake, sample_weight=weights)
    machine = KernelMachine(VALUES, components, len(svm.support_vectors_), float(config["gamma"]))
    learned = {
        "mean": mean,
        "scale": 1 / deviation,
        "share": share,
        "projection": projection,
        "supports": svm.support_vectors_,
        "coefficients": svm.dual_coef_[0],
        "offset": svm.intercept_[0],
    }
    machine.load_state_dict({name: torch.tensor(value, dtype=torch.float32) for name, value in learned.items()})
    return machine


def clip_scores(
    machine: KernelMachine, rows: Floats, of: NDArray[np.int64], places: Sequence[int]
) -> NDArray[np.float64]:
    """The mean score of the rows of each clip."""
    with torch.no_grad():
        return np.array([float(machine(torch.from_numpy(rows[of == place])).mean()) for place in places])


@recipe("traces")
def train_traces(run: Run) -> None:
    """Config keys: window (s), draws, augment, components, gamma, penalty, and those that name clips.

    Writes `model.onnx`, which never heard the held-out pages and is calibrated on them, and `refit.onnx`, which learned
    from all pages and is what ships with that calibration.
    """
    config = run.config
    torch.set_num_threads(run.threads)
    pack = pack_clips(read_clips(config), config["cache"])
    held_out = held_out_pages(pack.clips, float(config["held_out"]), int(config.get("held_out_seed", 0)))
    places = held_out_places(pack, held_out)
    if not places:
        raise CorpusError("no page is held out: raise held_out, or name more data")
    rows, of = traces_of(pack, config, run.threads)
    learning = np.array([clip.page not in held_out for clip in pack.clips])[of]
    fake = np.array([clip.fake for clip in pack.clips])[of]
    weights = row_weights(pack.clips, of)
    machine = fit(rows[learning], fake[learning], weights[learning], config)
    figures = held_out_eer(pack, places, clip_scores(machine, rows, of, places))
    facts = {"rows": int(learning.sum()), "vectors": len(machine.supports), "judging": len(places)}
    log(run, {**facts, **figures})
    _export(machine, run.folder / "model.onnx")
    _export(fit(rows, fake, weights, config), run.folder / "refit.onnx")


def _export(machine: KernelMachine, path: Path) -> None:
    # In 16 bits, not 8: the coefficients are thousands of large numbers that nearly cancel.
    example = (torch.zeros(2, VALUES),)
    axes = {"features": {0: "batch"}, "scores": {0: "batch"}}
    export_onnx(machine, example, path, ["features"], ["scores"], axes, half=True)
