"""What degrading a clip of 3 s costs: every kind, every codec, and the whole chain of a recipe.

python benchmarks/degradation_speed.py

Time of the processor on one thread, so that other programs hardly matter; means over the bundled voices and random
draws. Needs the extra `train`.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import yaml

from voxproof.audio import read_audio
from voxproof.degradation import CODECS, CONDITIONS, KINDS, RATE
from voxproof.evaluation.report import Report, Table, command_line
from voxproof.training.augment import Augmenter
from voxproof.training.augment.mark import mark

ROOT = Path(__file__).parent.parent
RECIPE = ROOT / "src" / "voxproof" / "training" / "recipes" / "detector-fast.yaml"
SECONDS = 3.0


def three_seconds(rng: np.random.Generator) -> list[np.ndarray]:
    """Four clips of 3 s of each bundled voice."""
    wanted = int(SECONDS * RATE)
    voices = [read_audio(path, rate=RATE).samples for path in sorted((ROOT / "examples" / "voices").glob("*.flac"))]
    starts = [(voice, int(rng.integers(len(voice) - wanted))) for voice in voices for _ in range(4)]
    return [voice[start : start + wanted] for voice, start in starts]


def milliseconds(work: Callable, clips: list[np.ndarray], calls: int) -> float:
    """Mean time of a call after one that fills caches."""
    rng = np.random.default_rng(0)
    work(clips[0], rng)
    start = time.process_time()
    for number in range(calls):
        work(clips[number % len(clips)], rng)
    return 1000 * (time.process_time() - start) / calls


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--recipe", type=Path, default=RECIPE, help="whose chain is measured")
    cli.add_argument("--calls", type=int, default=16, help="of each kind; the chain is called ten times as often")
    cli.add_argument("--out", type=Path, help="Markdown here, JSON beside it")
    given = cli.parse_args()
    clips = three_seconds(np.random.default_rng(0))
    chain = yaml.safe_load(given.recipe.read_text(encoding="utf-8")).get("augment", {})
    kinds = {"mark": mark, **KINDS}
    found = {
        "Chain": {f"of {given.recipe.name}": milliseconds(Augmenter(chain), clips, 10 * given.calls)},
        "Kinds": {name: milliseconds(kind, clips, given.calls) for name, kind in kinds.items()},
        "Codecs": {name: milliseconds(code, clips, given.calls) for name, code in CODECS.items()},
        "Conditions": {name: milliseconds(kind, clips, given.calls) for name, kind in CONDITIONS.items()},
    }
    report = Report(
        "What degrading a clip of 3 s costs",
        [Table(title, ["", "ms"], [[name, ms] for name, ms in rows.items()]) for title, rows in found.items()],
        found,
        {"Intervals": f"none: means of {given.calls} calls of one thread's time"},
        command_line("python benchmarks/degradation_speed.py"),
    )
    if given.out:
        report.save(given.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
