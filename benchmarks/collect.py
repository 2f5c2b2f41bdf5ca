"""Builds benchmarks/RESULTS.md, and the table of figures in README.md, from benchmarks/results/.

    python benchmarks/collect.py            # write both
    python benchmarks/collect.py --check    # leave with 1 if they are not what the results say

Nothing in either is typed by hand: a benchmark writes its page (.md) and its figures (.json), this puts them together.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "benchmarks" / "RESULTS.md"
README = ROOT / "README.md"
BEGIN, END = "<!-- figures: written by benchmarks/collect.py -->", "<!-- end of figures -->"


@dataclass(frozen=True)
class Benchmark:
    """One command and the page that it writes; `about` says what it answers."""

    name: str
    title: str
    command: str
    about: str


BENCHMARKS = (
    Benchmark(
        "clones",
        "Clones",
        "python benchmarks/clones.py --lengths 5,10,30,all --what clones",
        "Is a clone understood, and does it sound like the speaker? Voices of the frozen bank, which nothing was "
        "trained on.",
    ),
    Benchmark(
        "long_text",
        "A long text",
        "python benchmarks/long_text.py",
        "Is a sentence of more than 10,000 characters lost or said twice, and does the voice drift on the way?",
    ),
    Benchmark(
        "conversions",
        "Conversions",
        "python benchmarks/clones.py --what conversions",
        "The same of speech that was said again in another voice.",
    ),
    Benchmark(
        "vocoder",
        "Vocoders",
        "python benchmarks/vocoder.py pulsar griffinlim",
        "What is lost on the way from real speech to mel and back?",
    ),
    Benchmark(
        "vocoders",
        "All vocoders",
        "python benchmarks/vocoder.py pulsar griffinlim runs/hifigan-v2 runs/melgan runs/waveglow "
        "--limit 6 --out benchmarks/results/vocoders.md",
        "How do the designs of the papers compare after minutes on one core, which is not what they were made for?",
    ),
    Benchmark(
        "synthesizers",
        "Synthesizers",
        "python benchmarks/synthesizers.py cantor runs/cantor-287 runs/fastspeech2 runs/matcha runs/tacotron2",
        "Which design is best, on the same speech and after the same minutes, and how far is it from what ships?",
    ),
    Benchmark(
        "training_curve",
        "Cantor against hours of training",
        "python benchmarks/synthesizers.py STAGES cantor --no-cost --out benchmarks/results/training_curve.md",
        "What does more training buy? Stages of one training, each through the vocoder that ships, which learned from "
        "the mels of the last one.",
    ),
    Benchmark(
        "data_curve",
        "Cantor against hours of speech",
        "python benchmarks/synthesizers.py runs/cantor-60 runs/cantor-200 runs/cantor-287 --no-cost --out "
        "benchmarks/results/data_curve.md",
        "What do more speakers buy, the minutes of training being the same? The number is that of the speakers.",
    ),
    Benchmark(
        "precision",
        "Weights in 8 and 16 bits",
        "python benchmarks/synthesizers.py runs/cantor-float runs/cantor-half runs/cantor-int8 --out "
        "benchmarks/results/precision.md",
        "What does it cost that the weights which ship are small? One stage of Cantor's training, exported three "
        "times.",
    ),
    Benchmark(
        "band_extension",
        "Bandwidth extension",
        "python benchmarks/band_extension.py data/wideband/pack/held-out --most 2",
        "How near does what is made above 8 kHz come to what was recorded there, and does it leave the rest alone?",
    ),
    Benchmark(
        "encoders",
        "Speaker encoders",
        "python benchmarks/encoders.py voice-encoder judge ge2e-resemblyzer runs/ge2e --speech ../shared/speech",
        "How well is one speaker told from another?",
    ),
    Benchmark(
        "encoder_speed",
        "GE2E against the package that its weights come from",
        "python benchmarks/encoder_speed.py",
        "The same embeddings, sooner?",
    ),
    Benchmark(
        "detector",
        "Detector",
        "python benchmarks/detector.py --corpus ../shared/speech --out benchmarks/results/detector.md",
        "How often is a voice of a generator that was never trained on taken for real, and the other way round?",
    ),
    Benchmark(
        "detectors",
        "All detectors",
        "python benchmarks/detectors.py --corpus ../shared/speech",
        "Which detector is best on the same clips, and what does it cost?",
    ),
    Benchmark(
        "detector_alarms",
        "False alarms",
        "voxproof evaluate detector ../shared/speech --alarms --seen -o benchmarks/results/detector_alarms.md",
        "How often is a real voice called fake: what kind of speech, in which language, through which telephone?",
    ),
    Benchmark(
        "detector_probes",
        "Nuisances of the detector's corpus",
        "voxproof evaluate detector ../shared/speech --probes -o benchmarks/results/detector_probes.md",
        "Could the clips be told apart by silence, level, bandwidth, bits or length alone?",
    ),
    Benchmark(
        "detector_probes_mended",
        "Nuisances of the mended corpus",
        "voxproof evaluate detector ../shared/speech --probes --mended -o benchmarks/results/detector_probes_mended.md",
        "The same of clips without edge silence, offset, level and bits: does mending take away what gave them away?",
    ),
    Benchmark(
        "detector_mended",
        "The detector on the mended corpus",
        "voxproof evaluate detector ../shared/speech --mended -o benchmarks/results/detector_mended.md",
        "Does the detector live by what the mending takes away? Its figures on mended clips, to be held against those "
        "on clips as published.",
    ),
    Benchmark(
        "representations",
        "Representations for detection",
        "python benchmarks/representations.py data/detector-clips --out benchmarks/results/representations.md",
        "What carries the trace of a generator that nobody trained on: texture, cepstra, layers of other networks?",
    ),
    Benchmark(
        "localisation",
        "Localisation of splices",
        "python benchmarks/localisation.py ../shared/speech --out benchmarks/results/localisation.md",
        "Where does the fake part of a spliced recording begin and end?",
    ),
    Benchmark(
        "folder_speed",
        "A folder of files",
        "python benchmarks/folder_speed.py",
        "How many seconds of sound does `voxproof detect FOLDER` judge in a second?",
    ),
    Benchmark(
        "conditions",
        "What is believed in bad conditions",
        "python benchmarks/conditions.py data/detector-clips --model CARD --pages PAGES",
        "How much of the detector's answer is left on telephones, after strong compression, in noise? On held-out "
        "pages of training, by the model that never heard them.",
    ),
    Benchmark(
        "attacks",
        "Attacks on the detector",
        "python benchmarks/attacks.py --corpus ../shared/speech --out benchmarks/results/attacks.md",
        "What is left of the detector when recordings are re-recorded, re-coded, said again, or made to deceive it?",
    ),
    Benchmark(
        "leave_one_out",
        "One generator left out",
        "python -m voxproof.training.leave_one_out detector-fast --out leave-one-out.tsv && "
        "voxproof evaluate detector ../shared/speech --scores leave-one-out.tsv -o benchmarks/results/leave_one_out.md",
        "On which generators of training do the texture measures fail when nothing of their pages was learned? A head "
        "in closed form on the same measures, not the shipped network.",
    ),
    Benchmark(
        "rivals",
        "Cost beside Pocket TTS",
        "python benchmarks/rivals.py",
        "What does a second of clone cost here, and what in Pocket TTS with random weights of its true sizes?",
    ),
    Benchmark(
        "watermark",
        "Watermark",
        "python benchmarks/watermark.py --out benchmarks/results/watermark.md",
        "What does the mark survive, what does it cost, how often is one seen that is not there?",
    ),
    Benchmark(
        "speed",
        "Speed and memory",
        "python benchmarks/speed.py",
        "Each task in a process of its own, on two threads.",
    ),
    Benchmark(
        "serve",
        "The server under load",
        "python benchmarks/serve.py",
        "How many detections a second, what happens to those who come too many, does memory grow, and how soon does it "
        "speak and start? And would batching pay?",
    ),
    Benchmark(
        "building",
        "Sets at scale",
        "python benchmarks/building.py --corpus ../shared/speech",
        "How fast do one worker, two, and Ray clone a corpus; does memory grow with it; how long does a plan of a "
        "million rows take, and a folder of ten thousand files; what would a million hours cost?",
    ),
)


@dataclass(frozen=True)
class Target:
    """A figure that was asked for, and where it lies in a benchmark's JSON."""

    what: str
    benchmark: str
    keys: tuple[str, ...]
    least: float | None = None
    wanted: float | None = None
    lower_is_better: bool = True
    shown: Callable[[float], str] = "{:.3f}".format

    def reaches(self, value: float, bound: float) -> bool:
        return value <= bound if self.lower_is_better else value >= bound

    def row(self, results: Path) -> list[str]:
        """What, measured with its interval, bounds, and whether they were reached."""
        measured = _figure(results / f"{self.benchmark}.json", self.keys)
        bounds = [self._bound(self.least), self._bound(self.wanted)]
        if measured is None:
            return [self.what, "not measured yet", *bounds, ""]
        value, low, high = measured
        text = self.shown(value)
        if low is not None and high is not None:
            text += f" [{self.shown(low)}, {self.shown(high)}]"
        return [self.what, text, *bounds, self._judged(value)]

    def _bound(self, bound: float | None) -> str:
        return "" if bound is None else f"{'<=' if self.lower_is_better else '>='} {self.shown(bound)}"

    def _judged(self, value: float) -> str:
        if self.wanted is not None and self.reaches(value, self.wanted):
            return "as wanted"
        if self.least is not None:
            return "reached" if self.reaches(value, self.least) else "**missed**"
        return ""


@dataclass(frozen=True)
class Quoted:
    """A cell of a table in a benchmark's page: the row that begins with `row`, column `column` (the first is 0)."""

    what: str
    benchmark: str
    row_of: str
    column: int
    unit: str = ""

    def row(self, results: Path) -> list[str]:
        """What, and the cell as it stands."""
        page = results / f"{self.benchmark}.md"
        lines = page.read_text(encoding="utf-8").splitlines() if page.is_file() else []
        cells = next(([cell.strip() for cell in line.split("|")[1:-1]] for line in lines if self._is_it(line)), None)
        return [self.what, "not measured yet" if cells is None else cells[self.column] + self.unit, "", "", ""]

    def _is_it(self, line: str) -> bool:
        return line.startswith(f"| {self.row_of} |")


def seconds(value: float) -> str:
    return f"{value:.2f} s"


def mebibytes(value: float) -> str:
    return f"{value / 2**20:.0f} MiB"


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


_COUNTS = "the figure that counts"
TARGETS: tuple[Target | Quoted, ...] = (
    Target("word error rate of clones, 10 s of reference", "clones", ("rows", "10", "wer")),
    Target("of these, short texts", "clones", ("texts", "short", "wer"), 0.10, 0.05),
    Target("of these, long texts", "clones", ("texts", "long", "wer"), 0.12, 0.05),
    Target("word error rate of the same speakers' real speech", "clones", ("rows", "real speech", "wer")),
    Target(
        "likeness of clones (0: another voice, 1: the speaker)",
        "clones",
        ("rows", "10", "judge", "similarity", "normalised"),
        0.5,
        0.85,
        lower_is_better=False,
    ),
    Target(
        "clones against their speakers, verification, equal error rate",
        "clones",
        ("rows", "10", "judge", "verification_eer"),
        0.15,
        0.05,
        shown=percent,
    ),
    Target("DistillMOS of clones", "clones", ("rows", "10", "distillmos"), 3.2, 4.0, False, "{:.2f}".format),
    Target(
        "DistillMOS of the same speakers' real speech",
        "clones",
        ("rows", "real speech", "distillmos"),
        shown="{:.2f}".format,
    ),
    Target(
        "sentences skipped or said twice in 10,000 characters",
        "long_text",
        ("skipped_or_doubled",),
        0,
        shown="{:.0f}".format,
    ),
    Target("copy-synthesis by the vocoder, PESQ-wb", "vocoder", ("pulsar", "pesq"), 2.8, 3.3, False, "{:.2f}".format),
    Target(
        "copy-synthesis by the vocoder, likeness",
        "vocoder",
        ("pulsar", "similarity", "normalised"),
        0.9,
        lower_is_better=False,
    ),
    Target(
        "detector, equal error rate on generators never heard", "detector", (_COUNTS, "eer"), 0.15, 0.07, shown=percent
    ),
    Target("detector, equal error rate on all of dev", "detector", ("all dev", "eer"), shown=percent),
    Target(
        "detector, mean equal error rate of a generator never heard",
        "detector",
        ("generators", _COUNTS, "mean"),
        shown=percent,
    ),
    Target(
        "detector, the generator never heard that is hardest",
        "detector",
        ("generators", _COUNTS, "worst"),
        0.35,
        shown=percent,
    ),
    Target(
        "detector, equal error rate on half a second of speech",
        "detector",
        ("durations", _COUNTS, "0.5 s", "eer"),
        0.30,
        shown=percent,
    ),
    Target("detector, Cllr", "detector", (_COUNTS, "cllr"), 0.6),
    Target("detector, actDCF over minDCF", "detector", (_COUNTS, "dcf_ratio"), 1.3),
    Target(
        "detector, real speech called fake",
        "detector_alarms",
        ("Real speech by kind", "all", "fake"),
        0.05,
        0.02,
        shown=percent,
    ),
    Quoted("watermark found after Opus at 16 kbit/s", "watermark", "Opus 16 kbit/s", 1, " %"),
    Quoted("watermark seen in real clips that carry none", "watermark", "all", 2),
    Target("seconds of work for a second of clone", "speed", ("clone", "rtf"), 0.05, 0.02),
    Target("first sound of a clone", "speed", ("clone", "first_audio"), 0.2, 0.1, shown=seconds),
    Target("start of the process to first verdict", "speed", ("detect", "cold_start"), 1.5, shown=seconds),
    Target("peak memory of clone", "speed", ("clone", "peak_memory"), 2**30, shown=mebibytes),
    Target("peak memory of detect", "speed", ("detect", "peak_memory"), 400 * 2**20, shown=mebibytes),
    Target("server: detections a second for 8 clients", "serve", ("load", "8", "per_second"), shown="{:.1f}".format),
    Target("server: p99 at 4 times what it can answer, over allowed", "serve", ("overload", "p99 over allowed"), 1.0),
    Target("server: requests lost then", "serve", ("overload", "lost"), 0, shown="{:.0f}".format),
    Target("server: memory after 5,000 requests, over after 100", "serve", ("memory", "growth"), 0.1, shown=percent),
    Target("server: first byte of speech, p95", "serve", ("speech", "mp3", "p95"), 0.5, shown=seconds),
    Target("server: start to ready, detections alone", "serve", ("start", "detections", "most"), 3.0, shown=seconds),
    Target(
        "cloning a corpus: rows a second of two workers, over twice one's",
        "building",
        ("clones", "ways", "2 workers", "efficiency"),
        0.85,
        None,
        False,
        percent,
    ),
    Target(
        "cloning a corpus: the same of Ray with two actors",
        "building",
        ("clones", "ways", "Ray, 2 actors", "efficiency"),
        0.85,
        None,
        False,
        percent,
    ),
    Target("building: memory from row 10,000 to 100,000", "building", ("memory", "growth"), 0.05, shown=percent),
    Target("building: what Ray adds to a row", "building", ("ray", "overhead_ms"), 2.0, shown="{:.2f} ms".format),
    Target(
        "planning a million rows, reading included",
        "building",
        ("planning", "ways", "tsv, clone", "together"),
        30.0,
        shown=seconds,
    ),
    Target(
        "the same from Parquet",
        "building",
        ("planning", "ways", "parquet, clone", "together"),
        30.0,
        shown=seconds,
    ),
    Target(
        "planning a million rows: memory",
        "building",
        ("planning", "ways", "tsv, clone", "peak"),
        500 * 2**20,
        shown=mebibytes,
    ),
    Target(
        "detection of 10,000 short files, times real time, fast detector",
        "building",
        ("detection", "models", "detector-fast", "times_real_time"),
        200.0,
        None,
        False,
        "{:.0f}".format,
    ),
    Target(
        "the same, default detector",
        "building",
        ("detection", "models", "detector-strong", "times_real_time"),
        200.0,
        None,
        False,
        "{:.0f}".format,
    ),
    Target(
        "GE2E, times as fast as the package it comes from",
        "encoder_speed",
        ("ratio",),
        1.0,
        None,
        False,
        "{:.1f}".format,
    ),
)


def _figure(path: Path, keys: tuple[str, ...]) -> tuple[float, float | None, float | None] | None:
    """The value at `keys` with its interval, where it has one; None if it was not measured."""
    if not path.is_file():
        return None
    node: Any = json.loads(path.read_text(encoding="utf-8"))["figures"]
    parent: Any = {}
    for key in keys:
        if not isinstance(node, dict) or key not in node:
            return None
        parent, node = node, node[key]
    if isinstance(node, dict):
        return None if node.get("value") is None else (node["value"], node.get("low"), node.get("high"))
    if not isinstance(node, int | float):
        return None
    low, high = parent.get(f"{keys[-1]}_interval", (None, None))
    return float(node), low, high


def table(results: Path) -> str:
    """The figures that were asked for beside those that were measured, as a pipe table."""
    head = ["figure", "measured [95 % interval]", "asked", "wanted", ""]
    rows = [head, ["---"] * len(head), *(target.row(results) for target in TARGETS)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def page(results: Path) -> str:
    """The whole of RESULTS.md."""
    known = {benchmark.name for benchmark in BENCHMARKS}
    others = sorted(path.stem for path in results.glob("*.md") if path.stem not in known)
    parts = [
        "# Results",
        "Written by `python benchmarks/collect.py` from what the commands below left in benchmarks/results; nothing is "
        "typed by hand. Every section names its command, the machine, the date and the commit.",
        "Speakers of the frozen bank and the split `dev` of the detector's corpus were never trained or tuned on. "
        "Where a figure misses what was asked, the first table says so.",
        "## What was asked, what was measured",
        table(results),
    ]
    for benchmark in BENCHMARKS:
        parts += [f"## {benchmark.title}", benchmark.about, f"    {benchmark.command}"]
        found = results / f"{benchmark.name}.md"
        parts.append(_lowered(found.read_text(encoding="utf-8")) if found.is_file() else "Not measured yet.")
    for name in others:
        parts += [f"## {name}", _lowered((results / f"{name}.md").read_text(encoding="utf-8"))]
    return "\n\n".join(parts) + "\n"


def _lowered(text: str) -> str:
    """A page under a heading of ours: its own headings one level down."""
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in text.strip().splitlines())


def with_table(readme: str, results: Path) -> str:
    """The README with the present table between its two marks."""
    if readme.count(BEGIN) != 1 or readme.count(END) != 1:
        sys.exit(f"README.md needs {BEGIN} and {END} once each")
    head, _, rest = readme.partition(BEGIN)
    return head + BEGIN + "\n" + table(results) + "\n" + END + rest.partition(END)[2]


def stale(results: Path = RESULTS) -> list[str]:
    """The pages that are not what the results say."""
    readme = README.read_text(encoding="utf-8")
    wrong = [] if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page(results) else ["benchmarks/RESULTS.md"]
    return wrong + ([] if readme == with_table(readme, results) else ["README.md"])


def main() -> int:
    parser = argparse.ArgumentParser(description="Build RESULTS.md and the table in README.md from the results.")
    parser.add_argument("--check", action="store_true", help="write nothing; leave with 1 if they are out of date")
    if parser.parse_args().check:
        wrong = stale()
        for name in wrong:
            print(f"{name} is not what benchmarks/results says: run python benchmarks/collect.py", file=sys.stderr)
        return 1 if wrong else 0
    PAGE.write_text(page(RESULTS), encoding="utf-8")
    README.write_text(with_table(README.read_text(encoding="utf-8"), RESULTS), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
