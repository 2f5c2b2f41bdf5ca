"""GE2E on ONNX Runtime against the Resemblyzer package: the same embeddings, and how much faster.

    pip install Resemblyzer==0.1.4 librosa webrtcvad "setuptools<80"
    python benchmarks/encoder_speed.py

The package brings torch and librosa, and webrtcvad is compiled (a C compiler is needed): use an environment of its own.
Both embed the same ten clips from samples at 16 kHz in memory, preprocessing included, in turns and in an order that
changes; the table is printed and written to benchmarks/results/encoder_speed.md (and .json).
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results"
INSTALL = 'pip install Resemblyzer==0.1.4 librosa webrtcvad "setuptools<80"'
START_PACKAGE = "from resemblyzer import VoiceEncoder, preprocess_wav; VoiceEncoder('cpu', verbose=False)"
START_OURS = "from voxproof.speakers import load_encoder; load_encoder('ge2e-resemblyzer')"


def ten_clips() -> dict[str, np.ndarray]:
    """The four bundled voices whole, and both halves of three of them."""
    from voxproof.audio import read_audio

    clips = {path.stem: read_audio(path, rate=16_000).samples for path in sorted(ROOT.glob("examples/voices/*.flac"))}
    for name in list(clips)[:3]:
        middle = len(clips[name]) // 2
        clips[f"{name}, first half"] = clips[name][:middle]
        clips[f"{name}, second half"] = clips[name][middle:]
    return clips


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def start_up(code: str) -> float:
    """Median of three starts of a process that ends with the encoder loaded."""
    run = lambda: subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)  # noqa: E731
    return statistics.median(seconds_of(run) for _ in range(3))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure GE2E on ONNX Runtime against the Resemblyzer package.")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--out", type=Path, default=RESULTS / "encoder_speed.md")
    given = parser.parse_args()
    os.environ["VOXPROOF_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(given.threads)
    warnings.simplefilter("ignore")
    try:
        import torch
        from resemblyzer import VoiceEncoder, preprocess_wav
    except ImportError as error:
        sys.exit(f"{error}; needed: {INSTALL}")
    from voxproof.audio import Audio
    from voxproof.evaluation.report import Report, Table, command_line
    from voxproof.speakers import load_encoder

    torch.set_num_threads(given.threads)
    package = VoiceEncoder("cpu", verbose=False)
    ours = load_encoder("ge2e-resemblyzer")
    rows: list[list[object]] = []
    cosines: list[float] = []
    ratios = np.zeros((given.rounds, 10))
    order = np.random.default_rng(0)
    for column, (name, samples) in enumerate(ten_clips().items()):
        audio = Audio(samples, 16_000)

        def theirs(samples: np.ndarray = samples) -> np.ndarray:
            embedding: np.ndarray = package.embed_utterance(preprocess_wav(samples))
            return embedding

        cosines.append(float(theirs() @ ours.embed(audio)))
        times: dict[str, list[float]] = {"package": [], "ours": []}
        for turn in range(given.rounds):
            works = {"package": theirs, "ours": lambda audio=audio: ours.embed(audio)}
            for who in order.permutation(list(works)):
                times[who].append(seconds_of(works[who]))
            ratios[turn, column] = times["package"][-1] / times["ours"][-1]
        middle = {who: statistics.median(found) for who, found in times.items()}
        figures = [1000 * middle["package"], 1000 * middle["ours"], middle["package"] / middle["ours"]]
        rows.append([name, f"{audio.duration:.1f}", *(f"{figure:.1f}" for figure in figures), f"{cosines[-1]:.6f}"])
    middles = np.median(ratios, axis=0)
    draws = [np.median(order.choice(middles, len(middles))) for _ in range(2000)]
    low, high = np.percentile(draws, [2.5, 97.5])
    starts = {"package": start_up(START_PACKAGE), "ours": start_up(START_OURS)}
    summary = {
        "ratio": float(np.median(middles)),
        "ratio_interval": [float(low), float(high)],
        "least_cosine": min(cosines),
        "start_package_s": starts["package"],
        "start_ours_s": starts["ours"],
    }
    report = Report(
        "GE2E: ours against the Resemblyzer package",
        [
            Table("Per clip", ["clip", "s", "package ms", "ours ms", "ratio", "cosine"], rows, "Medians over rounds."),
            Table(
                "Together",
                ["what", "value"],
                [
                    ["times as fast, median over clips [95 %]", f"{summary['ratio']:.1f} [{low:.1f}, {high:.1f}]"],
                    ["least cosine to the package's embedding", f"{min(cosines):.6f}"],
                    ["process start to loaded encoder, package", f"{starts['package']:.2f} s"],
                    ["process start to loaded encoder, ours", f"{starts['ours']:.2f} s"],
                ],
            ),
        ],
        summary,
        {"Threads": str(given.threads), "Rounds": str(given.rounds), "Intervals": "95 %, bootstrap over clips"},
        command_line("python benchmarks/encoder_speed.py"),
    )
    report.save(given.out)
    print(report.markdown())
    if min(cosines) < 0.9999:
        sys.exit("the embeddings differ from the package's")


if __name__ == "__main__":
    main()
