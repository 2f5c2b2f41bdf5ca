"""How much of a detector's answer is left on telephones, in noise, clipped, behind music, on little speech.

For each condition the factor on the log-likelihood ratio that gives the least logistic loss on degraded clips of both
classes: 1 says that the answer means as much as on clean sound, 0 that it means nothing. The weights in
`voxproof.detection.condition` are these, rounded down; measure on pages of training, never on those that judge.

python benchmarks/conditions.py data/detector-clips --pages vits,styletts2,zipvoice
"""

import argparse
import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soxr
from scipy.optimize import minimize_scalar

from voxproof.audio import Audio, read_audio
from voxproof.degradation.codecs import mp3
from voxproof.detection import DEFAULT_DETECTOR, load_detector
from voxproof.evaluation.detection_metrics import Trials, eer
from voxproof.evaluation.report import Report, Table, command_line

RATE = 16_000
Degradation = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def phone(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """8 kHz, mu-law, 16 kHz."""
    narrow = soxr.resample(samples, RATE, RATE // 2)
    scaled = np.clip(0.5 * narrow / np.abs(narrow).max(), -1, 1)
    companded = np.round(127 * np.sign(scaled) * np.log1p(255 * np.abs(scaled)) / np.log(256)) / 127
    return soxr.resample(np.sign(companded) * np.expm1(np.abs(companded) * np.log(256)) / 255, RATE // 2, RATE)


def reduced(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """MP3 at 16 kbit/s, which cuts what lies above 5 to 6 kHz."""
    return mp3(samples.astype(np.float32), 16_000)


def noise(decibels: float) -> Degradation:
    """White noise under the speech."""

    def add(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return samples + rng.standard_normal(len(samples)) * samples.std() * 10 ** (-decibels / 20)

    return add


def clip(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The loudest two hundredths of the samples are cut off."""
    top = np.quantile(np.abs(samples), 0.98)
    return np.clip(samples, -top, top)


def music(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Chords 10 dB under the speech, the whole time."""
    time = np.arange(len(samples)) / RATE
    root = 220 * 2 ** ((np.array([0, 5, 7, 3])[(time % 4).astype(int)]) / 12)
    phase = 2 * np.pi * np.cumsum(root) / RATE
    chord = sum(np.sin(k * 2 ** (step / 12) * phase) / k for step in (0, 4, 7) for k in (1, 2, 3))
    return samples + chord * samples.std() / chord.std() * 10 ** (-10 / 20)


def quiet(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A peak of 60 steps of 16 bits."""
    return np.round(60 * samples / np.abs(samples).max()) / 60


def coarse(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """8 bits, half of full scale."""
    return np.round(64 * samples / np.abs(samples).max()) / 64


def little(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """1.2 s from the middle."""
    half = int(0.6 * RATE)
    middle = len(samples) // 2
    return samples[max(0, middle - half) : middle + half]


CONDITIONS: dict[str, Degradation] = {
    "clean": lambda samples, rng: samples,
    "narrow-band": phone,
    "reduced-band": reduced,
    "noisy, 15 dB": noise(15),
    "noisy, 10 dB": noise(10),
    "noisy, 5 dB": noise(5),
    "clipped": clip,
    "music": music,
    "quiet": quiet,
    "coarse": coarse,
    "short": little,
}


def factor(llr: np.ndarray, fake: np.ndarray) -> float:
    """The factor in [0, 2] on the ratios with the least logistic loss, both classes weighing the same."""
    weights = np.where(fake, 0.5 / fake.sum(), 0.5 / (~fake).sum())

    def loss(a: float) -> float:
        return float((weights * np.logaddexp(0, np.where(fake, -a, a) * llr)).sum())

    return float(minimize_scalar(loss, bounds=(0, 2), method="bounded").x)


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("corpus", type=Path, help="folder with manifest.tsv: path, label, page")
    cli.add_argument("--pages", required=True, help="held-out pages of training, with commas between them")
    cli.add_argument("--each", type=int, default=8, help="clips of a class and page")
    cli.add_argument("--model", default=DEFAULT_DETECTOR)
    cli.add_argument("--out", type=Path, help="Markdown here, JSON beside it")
    args = cli.parse_args()
    with (args.corpus / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    kept: dict[tuple[str, str], list[Path]] = {}
    for row in rows:
        if row["page"] in args.pages.split(",") and row.get("split", "train") == "train":
            kept.setdefault((row["page"], row["label"]), []).append(args.corpus / row["path"])
    clips = [(path, label == "fake") for (_, label), paths in kept.items() for path in paths[: args.each]]
    detector = load_detector(args.model)
    rng = np.random.default_rng(0)
    llr: dict[str, list[float]] = {name: [] for name in CONDITIONS}
    for path, _ in clips:
        samples = read_audio(path, rate=RATE).samples.astype(np.float64)
        for name, degrade in CONDITIONS.items():
            changed = degrade(samples, rng)
            changed = 0.5 * changed / np.abs(changed).max()
            llr[name].append(detector.score(Audio(changed.astype(np.float32), RATE)).clip_llr)
    fake = np.array([made for _, made in clips])
    factors = {name: factor(np.array(found), fake) for name, found in llr.items()}
    table = [
        [name, 100 * float(eer(Trials(np.array(found), fake))[0]), factors[name], factors[name] / factors["clean"]]
        for name, found in llr.items()
    ]
    counts = f"{fake.sum()} fake and {(~fake).sum()} real clips of the held-out training pages {args.pages}"
    report = Report(
        f"What is left of the answer of {args.model} in bad conditions",
        [Table("Conditions", ["condition", "EER, %", "factor", "factor over clean"], table, counts)],
        {"factors": factors},
        {"Intervals": "none: a look at few pages, from which weights are rounded down"},
        command_line("python benchmarks/conditions.py"),
    )
    if args.out:
        report.save(args.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
