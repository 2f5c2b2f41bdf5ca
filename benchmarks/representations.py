"""Which representation carries what a generator leaves behind: one light head on each, on training pages alone.

python benchmarks/representations.py data/detector-clips --clips 700

For every clip the mean and the deviation over its frames (the first 3 s), or its traces, then ridge regression with a
Gaussian kernel, and beside it a linear one, balanced by page and class. The pages are cut into folds; a fold is scored
by a head that knows neither its pages nor its generators. The development pages are not touched. Needs the extras
`evaluate` and `train` and, for the rows of DistillMOS, its package.
"""

import argparse
import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np

from voxproof.audio import read_audio
from voxproof.evaluation.bootstrap import Interval
from voxproof.evaluation.detection_metrics import Trials, detection_figures
from voxproof.evaluation.report import Report, Table, command_line
from voxproof.evaluation.tasks import progress_bar
from voxproof.features.lfcc import lfcc
from voxproof.features.spectrogram import compressed_spectrogram
from voxproof.features.texture import texture_maps
from voxproof.features.traces import BLOCKS, block_scales, traces

RATE, SECONDS = 16_000, 3.0
FOLDS, SEED = 6, 0
GAMMA, RIDGE = 0.5, 0.2  # of the kernel, for inputs of mean square length 1; chosen once, for all rows alike
LARGEST = 5.0  # deviations; inputs beyond are cut

Frames = np.ndarray  # (values, frames)
Representation = Callable[[np.ndarray], dict[str, Frames]]


def by_numpy(samples: np.ndarray) -> dict[str, Frames]:
    """What needs no weights."""
    maps = texture_maps(samples)
    sounding = maps[maps[:, -1] > 0.5, :-1] if (maps[:, -1] > 0.5).any() else maps[:, :-1]
    spectrogram = compressed_spectrogram(samples)
    return {
        "level of the spectrogram": np.sqrt((spectrogram**2).sum(0)),
        "LFCC with differences": lfcc(samples).reshape(60, -1),
        "texture, 64 ms": sounding[:, :320].T,
        "texture, 25 ms": sounding[:, 320:640].T,
        "texture, 8 ms": sounding[:, 640:].T,
        "texture, all": sounding.T,
    }


def by_traces(samples: np.ndarray) -> dict[str, np.ndarray]:
    """Blocks of traces, and all of them: vectors already."""
    vector, first, found = traces(samples), 0, {}
    for block in BLOCKS:
        found[f"traces: {block.name}"] = vector[first : first + block.values]
        first += block.values
    return {**found, "traces, all": vector}


def by_distillmos() -> Representation:
    """Convolutions and transformer layers of DistillMOS, with the weights of its package."""
    import torch

    from voxproof.models.torch_zip import read_torch_tensors
    from voxproof.networks.distillmos import FRAMES, distillmos_from_tensors
    from voxproof.training.distillmos_weights import distillmos_file

    torch.set_num_threads(1)
    network = distillmos_from_tensors(read_torch_tensors(distillmos_file()))

    @torch.no_grad()
    def layers(samples: np.ndarray) -> dict[str, Frames]:
        x = torch.from_numpy(compressed_spectrogram(samples))[None]
        found = {}
        for place, convolution in enumerate(network.convolutions, start=1):
            x = torch.nn.functional.leaky_relu(convolution(x), 0.1)
            if place >= 3:
                found[f"DistillMOS, convolution {place}"] = x[0].flatten(0, 1).numpy()
        y = x.flatten(1, 2)
        y = network.projection(network.norm_projection(network.norm_input(y)).transpose(1, 2))
        y = y + network.places[:, : min(y.shape[1], FRAMES)]
        for place, layer in enumerate(network.layers, start=1):
            y = layer(y)
            if place in (1, 4, 7):
                found[f"DistillMOS, transformer layer {place}"] = y[0].T.numpy()
        return found

    return layers


def by_whisper() -> Representation:
    """The last layer of Whisper tiny.en's encoder."""
    import ctranslate2

    from voxproof.evaluation.recognition import Recogniser

    model = Recogniser()._model

    def encoder(samples: np.ndarray) -> dict[str, Frames]:
        features = model.feature_extractor(samples)[:, :3000]
        padded = np.pad(features, ((0, 0), (0, 3000 - features.shape[1])))
        output = np.array(model.encode(padded).to_device(ctranslate2.Device.cpu))[0]
        return {"Whisper tiny.en, encoder": output[: max(1, len(samples) // 320)].T}

    return encoder


def statistics(frames: Frames) -> np.ndarray:
    """Mean and deviation over time: `(2 * values,)`."""
    return np.nan_to_num(np.concatenate([frames.mean(1), frames.std(1)])).astype(np.float32)


def weights_of(fake: np.ndarray, page: np.ndarray) -> np.ndarray:
    """Each page by the root of its size, both classes of a page alike, both classes of all alike."""
    weights = np.zeros(len(fake))
    for name in np.unique(page):
        for label in (False, True):
            here = (page == name) & (fake == label)
            if here.any():
                weights[here] = np.sqrt((page == name).sum()) / here.sum()
    for label in (False, True):
        weights[fake == label] *= 0.5 * len(fake) / weights[fake == label].sum()
    return weights


def standardised(train: np.ndarray, weights: np.ndarray, share: np.ndarray, *others: np.ndarray) -> list[np.ndarray]:
    """All arrays in deviations of `train`, cut, times `share` `(values,)`."""
    part = weights / weights.sum()
    mean = part @ train
    deviation = np.sqrt(part @ (train - mean) ** 2) + 1e-3
    return [np.clip((x - mean) / deviation, -LARGEST, LARGEST) * share for x in (train, *others)]


def ridge(a: np.ndarray, fake: np.ndarray, weights: np.ndarray, b: np.ndarray, linear: bool) -> np.ndarray:
    """Scores of `b` (higher: fake) by regression of `a` on +1 and -1 with a Gaussian or a linear kernel."""
    root, target = np.sqrt(weights), np.where(fake, 1.0, -1.0)

    def kernel(x: np.ndarray) -> np.ndarray:
        if linear:
            return 1 + x @ a.T
        return np.exp(-GAMMA * ((x**2).sum(1)[:, None] + (a**2).sum(1) - 2 * x @ a.T))

    dual = np.linalg.solve(root[:, None] * kernel(a) * root + RIDGE * np.eye(len(a)), root * target)
    return np.asarray(kernel(b) @ (root * dual))


def folds_of(page: np.ndarray) -> np.ndarray:
    names = np.random.default_rng(SEED).permutation(np.unique(page))
    fold = {name: place % FOLDS for place, name in enumerate(names)}
    return np.array([fold[name] for name in page])


def eer_of(
    inputs: np.ndarray, fake: np.ndarray, page: np.ndarray, generator: np.ndarray, share: np.ndarray, linear: bool
) -> Interval:
    """EER of all folds together, with an interval over pages."""
    fold, scores = folds_of(page), np.zeros(len(fake))
    for place in range(FOLDS):
        test = fold == place
        known = ~test & ~(fake & np.isin(generator, generator[test & fake]))
        weights = weights_of(fake[known], page[known])
        a, b = standardised(inputs[known], weights, share, inputs[test])
        scores[test] = ridge(a, fake[known], weights, b, linear)
    return detection_figures(Trials(scores, fake), page.tolist())["eer"]


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("corpus", type=Path, help="training pages: folder with manifest.tsv")
    cli.add_argument("--clips", type=int, default=700, help="evenly spread over the matched pages")
    cli.add_argument("--out", type=Path, help="Markdown here, JSON beside it")
    args = cli.parse_args()
    with (args.corpus / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row.get("split", "train") == "train"]
    rows = [row for row in rows if row["matched"] == "1" and row["family"] != "codec"]
    rows = [rows[place] for place in np.linspace(0, len(rows) - 1, min(args.clips, len(rows))).round().astype(int)]
    makers: list[Representation] = [by_numpy, by_distillmos(), by_whisper()]
    inputs: dict[str, list[np.ndarray]] = {}
    with progress_bar() as advance:
        for done, row in enumerate(rows, start=1):
            samples = read_audio(args.corpus / row["path"], rate=RATE).samples[: int(SECONDS * RATE)]
            samples = np.resize(samples, max(len(samples), RATE // 2)).astype(np.float32)
            for make in makers:
                for name, frames in make(samples).items():
                    inputs.setdefault(name, []).append(statistics(frames))
            for name, vector in by_traces(samples).items():
                inputs.setdefault(name, []).append(vector)
            advance("listening", done, len(rows))
    fake = np.array([row["label"] == "fake" for row in rows])
    page, generator = (np.array([row[key] for row in rows]) for key in ("page", "generator"))
    stacked = {name: np.stack(values) for name, values in inputs.items()}
    both = ("texture, all", "DistillMOS, convolution 5")
    scaled = [
        (s - s.mean(0)) / (s.std(0) + 1e-3) * np.sqrt(1000 / s.shape[1]) for s in (stacked[name] for name in both)
    ]
    stacked[" and ".join(both)] = np.concatenate(scaled, axis=1)
    figures: dict[str, dict[str, Interval]] = {}
    for name, values in stacked.items():
        share = block_scales() if name == "traces, all" else np.full(values.shape[1], 1 / np.sqrt(values.shape[1]))
        figures[name] = {
            head: eer_of(values, fake, page, generator, share, head == "linear") for head in ("gaussian", "linear")
        }
    table = Table(
        "Representations under one head",
        ["representation", "values", "EER, Gaussian kernel", "EER, linear"],
        [
            [name, stacked[name].shape[1]]
            + [f"{100 * eer.value:.1f} % [{100 * eer.low:.1f}, {100 * eer.high:.1f}]" for eer in heads.values()]
            for name, heads in figures.items()
        ],
        f"{int(fake.sum())} fake and {int((~fake).sum())} real clips of {len(set(page))} matched training pages, codec "
        f"copies left out; {FOLDS} folds by page, generators of a fold left out of its training too; 3 s of each clip.",
    )
    report = Report(
        "Representations for detection",
        [table],
        {"eer": figures},
        {"Intervals": "95 %, bootstrap over pages"},
        command_line("python benchmarks/representations.py"),
    )
    if args.out:
        report.save(args.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
