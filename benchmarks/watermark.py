"""The table of the watermark: what it survives, what it costs, how often it sees a mark that is not there.

    OMP_NUM_THREADS=1 python benchmarks/watermark.py --out benchmarks/results/watermark.md

Reads real speech from a folder laid out as ../shared: `bench/` (the clips that are marked and attacked: nothing was
tuned on them) and `speech/` (false alarms). Beside ours stands the Perth network if the package resemble-perth and
torch are installed (`pip install --no-deps resemble-perth==1.0.1`). PESQ needs the package pesq.
"""

import argparse
import csv
import io
import os
import platform
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path
from typing import Any

import av
import numpy as np
import soxr
from numpy.typing import NDArray
from rich.progress import track

from voxproof.audio import Audio, read_audio
from voxproof.evaluation.bootstrap import Interval, mean_interval
from voxproof.evaluation.pesq_score import pesq_wb
from voxproof.provenance import mark, read_mark

RATE = 16_000  # Hz
SHORTEST, LONGEST = 4.0, 10.0  # s of the clips that are marked
A_SPEAKER = 3  # clips
BITS = 16
PERTH_THRESHOLD = 0.5  # the package rounds
Floats = NDArray[np.float32]
Attack = Callable[[Floats, np.random.Generator], Floats]


def coded(codec: str, container: str, kilobits: int, rate: int = RATE) -> Attack:
    """Encode at a constant target bit rate and decode."""

    def attack(samples: Floats, _: np.random.Generator) -> Floats:
        sound = soxr.resample(samples, RATE, rate)
        buffer = io.BytesIO()
        with av.open(buffer, "w", format=container) as out:
            stream: Any = out.add_stream(codec, rate=rate, layout="mono")
            if kilobits:
                stream.bit_rate = kilobits * 1000
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound[None], np.float32), "fltp", "mono")
            frame.sample_rate = rate
            fit = av.AudioResampler(stream.format.name, "mono", rate, frame_size=stream.frame_size or None)
            for part in (*fit.resample(frame), *fit.resample(None)):
                out.mux(stream.encode(part))
            out.mux(stream.encode(None))
        buffer.seek(0)
        with av.open(buffer) as back:
            plain = av.AudioResampler("flt", "mono", RATE)
            frames = [part for frame in back.decode(audio=0) for part in plain.resample(frame)]
            frames += plain.resample(None)
        return np.concatenate([part.to_ndarray().reshape(-1) for part in frames]).astype(np.float32)

    return attack


def noisy(decibels: float) -> Attack:
    def attack(samples: Floats, random: np.random.Generator) -> Floats:
        noise = random.standard_normal(len(samples), np.float32)
        return samples + noise * np.float32(np.sqrt(np.mean(samples**2)) * 10 ** (-decibels / 20))

    return attack


def at_speed(speed: float) -> Attack:
    """Played faster, with the pitch going up."""
    return lambda samples, _: soxr.resample(samples, RATE * speed, RATE)


def through(rate: int) -> Attack:
    return lambda samples, _: soxr.resample(soxr.resample(samples, RATE, rate), rate, RATE)


def cut_to(seconds: float) -> Attack:
    """A piece from a random start."""

    def attack(samples: Floats, random: np.random.Generator) -> Floats:
        length = min(len(samples), int(seconds * RATE))
        start = int(random.integers(0, len(samples) - length + 1))
        return samples[start : start + length]

    return attack


def cropped(samples: Floats, random: np.random.Generator) -> Floats:
    """A random half of it off, at the start."""
    return samples[int(random.integers(1, len(samples) // 2)) :]


def chain(*attacks: Attack) -> Attack:
    def attack(samples: Floats, random: np.random.Generator) -> Floats:
        for one in attacks:
            samples = one(samples, random)
        return samples

    return attack


ATTACKS: dict[str, Attack] = {
    "none": lambda samples, _: samples,
    "MP3 64 kbit/s": coded("libmp3lame", "mp3", 64),
    "MP3 32 kbit/s": coded("libmp3lame", "mp3", 32),
    "Opus 32 kbit/s": coded("libopus", "ogg", 32),
    "Opus 16 kbit/s": coded("libopus", "ogg", 16),
    "8 kHz": through(8_000),
    "noise, 20 dB SNR": noisy(20),
    "crop (random start)": cropped,
    "speed +2 %": at_speed(1.02),
    "speed -2 %": at_speed(0.98),
    "*further:* cut to 2 s": cut_to(2),
    "speed +1.3 %": at_speed(1.013),
    "speed +4 %": at_speed(1.04),
    "noise, 10 dB SNR": noisy(10),
    "Opus 10 kbit/s": coded("libopus", "ogg", 10),
    "G.711, 8 kHz": coded("pcm_mulaw", "wav", 0, 8_000),
    "8 kHz, Opus 16, noise 20 dB, cut to 3 s": chain(through(8_000), coded("libopus", "ogg", 16), noisy(20), cut_to(3)),
}


@dataclass
class Outcomes:
    """Of one attack, clip by clip."""

    found: list[bool] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    bit_errors: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    perth: list[bool] = field(default_factory=list)


@dataclass(frozen=True)
class Clip:
    path: Path
    speaker: str


def marked_clips(shared: Path) -> list[Clip]:
    """Up to three clips a speaker, 4 s at least, the held-out utterances first and the longer ones first."""
    with (shared / "bench/manifest.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if float(row["duration_s"]) >= SHORTEST]
    rows.sort(key=lambda row: (row["role"] != "real", -float(row["duration_s"])))
    by_speaker = defaultdict(list)
    for row in rows:
        by_speaker[row["speaker"]].append(Clip(shared / "bench" / row["path"], row["speaker"]))
    return [clip for speaker in sorted(by_speaker) for clip in by_speaker[speaker][:A_SPEAKER]]


def real_clips(shared: Path) -> dict[str, list[Path]]:
    """All real speech there is, by set."""
    clips: dict[str, list[Path]] = defaultdict(list)
    with (shared / "speech/manifest.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["label"] == "real":
                clips[f"speech {row['split']}"].append(shared / "speech" / row["path"])
    with (shared / "bench/manifest.tsv").open(encoding="utf-8") as file:
        clips["bench"] = [shared / "bench" / row["path"] for row in csv.DictReader(file, delimiter="\t")]
    return clips


def wilson(hits: int, trials: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a proportion."""
    if trials == 0:
        return 0.0, 1.0
    share, weight = hits / trials, z * z / trials
    middle = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * sqrt(share * (1 - share) / trials + weight / (4 * trials))
    return max(0.0, middle - half), min(1.0, middle + half)


def percent(hits: list[bool]) -> str:
    if not hits:
        return "-"
    low, high = wilson(sum(hits), len(hits))
    return f"{100 * sum(hits) / len(hits):.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def attack_all(clips: list[Clip], perth: Any) -> tuple[dict[str, Outcomes], dict[str, Interval], dict[str, float]]:
    """What each attack leaves of both marks; PESQ of both; CPU seconds for marking and reading ten seconds."""
    random = np.random.default_rng(9)
    outcomes = {name: Outcomes() for name in ATTACKS}
    quality: dict[str, list[float]] = {"ours": [], "Perth": []}
    spent: dict[str, list[float]] = defaultdict(list)
    for clip in track(clips, "marking and attacking", console=_stderr()):
        whole = read_audio(clip.path, rate=RATE)
        audio = Audio(whole.samples[: int(LONGEST * RATE)], RATE)
        payload = int(random.integers(1 << BITS))
        began = time.process_time()
        ours = mark(audio, payload)
        spent["mark"].append((time.process_time() - began) / audio.duration)
        quality["ours"].append(pesq_wb(audio, ours))
        theirs = None
        if perth is not None:
            began = time.process_time()
            theirs = Audio(perth.embed(audio.samples, RATE), RATE)
            spent["Perth mark"].append((time.process_time() - began) / audio.duration)
            quality["Perth"].append(pesq_wb(audio, theirs))
        for name, attack in ATTACKS.items():
            seed = int(random.integers(1 << 32))
            hit = Audio(attack(ours.samples, np.random.default_rng(seed)), RATE)
            began = time.process_time()
            reading = read_mark(hit)
            spent["read"].append((time.process_time() - began) / hit.duration)
            outcome = outcomes[name]
            outcome.found.append(reading.present)
            outcome.right.append(reading.payload == payload)
            # An unread payload is a guess: half of its bits are wrong.
            errors = BITS / 2 if reading.payload is None else (reading.payload ^ payload).bit_count()
            outcome.bit_errors.append(errors / BITS)
            outcome.scores.append(reading.score / reading.threshold)
            if theirs is not None:
                hit = Audio(attack(theirs.samples, np.random.default_rng(seed)), RATE)
                began = time.process_time()
                outcome.perth.append(perth.confidence(hit.samples, RATE) >= PERTH_THRESHOLD)
                spent["Perth read"].append((time.process_time() - began) / hit.duration)
    speakers = [clip.speaker for clip in clips]
    intervals = {name: mean_interval(values, speakers) for name, values in quality.items() if values}
    intervals["ours, least"] = Interval(min(quality["ours"]), float("nan"), float("nan"), 0)
    return outcomes, intervals, {name: 10 * float(np.median(values)) for name, values in spent.items()}


@dataclass
class Alarms:
    """False alarms on the clips of one set."""

    ours: list[bool] = field(default_factory=list)
    perth: list[bool] = field(default_factory=list)
    highest: float = 0.0


def false_alarms(clips: dict[str, list[Path]], perth: Any) -> dict[str, Alarms]:
    alarms = {name: Alarms() for name in clips}
    every = [(alarms[name], path) for name, paths in clips.items() for path in paths]
    for found, path in track(every, "real speech", console=_stderr()):
        audio = read_audio(path, rate=RATE)
        reading = read_mark(audio)
        found.ours.append(reading.present)
        found.highest = max(found.highest, reading.score / reading.threshold)
        if perth is not None:
            found.perth.append(perth.confidence(audio.samples, RATE) >= PERTH_THRESHOLD)
    return alarms


def report(
    clips: list[Clip],
    outcomes: dict[str, Outcomes],
    quality: dict[str, Interval],
    seconds: dict[str, float],
    alarms: dict[str, Alarms],
) -> str:
    """The tables as Markdown."""
    speakers = len({clip.speaker for clip in clips})
    lines = [
        "## Watermark",
        "",
        f"`python benchmarks/watermark.py`, {datetime.now(UTC):%Y-%m-%d}, commit {_commit()}, {_machine()}.",
        f"{len(clips)} real clips of {speakers} speakers of the bank (4 to 10 s, 16 kHz), a random payload each. Per "
        "cent [95 % Wilson interval]. Bit errors count an unread payload as half of its bits. z / threshold: mean and "
        "least of the clips; from 1 on it is a mark. Perth (resemble-perth 1.0.1) reads presence alone; found: its "
        "confidence is 0.5 or more.",
        "",
        "| attack | found % | payload right % | bit errors % | z / threshold | Perth found % |",
        "|---|---|---|---|---|---|",
    ]
    for name, outcome in outcomes.items():
        scores = f"{np.mean(outcome.scores):.2f}, {min(outcome.scores):.2f}"
        errors = f"{100 * float(np.mean(outcome.bit_errors)):.2f}"
        cells = [name, percent(outcome.found), percent(outcome.right), errors, scores, percent(outcome.perth)]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "| cost | ours | Perth |", "|---|---|---|"]
    lines.append(
        f"| PESQ-wb, marked against unmarked (bootstrap over speakers) | {quality['ours']:.2f} | {_of(quality)} |"
    )
    lines.append(f"| least PESQ-wb of a clip | {quality['ours, least'].value:.2f} | |")
    for what in ("mark", "read"):
        theirs = seconds.get(f"Perth {what}")
        lines.append(
            f"| CPU time to {what} 10 s of speech (median) | {1000 * seconds[what]:.0f} ms | "
            f"{'-' if theirs is None else f'{1000 * theirs:.0f} ms'} |"
        )
    if alarms:
        lines += [
            "",
            "| false alarms on real speech | clips | ours | highest z / threshold | Perth |",
            "|---|---|---|---|---|",
        ]
        total = Alarms()
        for name, found in alarms.items():
            lines.append(_alarm_row(name, found))
            total = Alarms(total.ours + found.ours, total.perth + found.perth, max(total.highest, found.highest))
        lines.append(_alarm_row("all", total))
    return "\n".join(lines) + "\n"


def _of(quality: dict[str, Interval]) -> str:
    return format(quality["Perth"], ".2f") if "Perth" in quality else "-"


def _alarm_row(name: str, alarms: Alarms) -> str:
    def share(hits: list[bool]) -> str:
        if not hits:
            return "-"
        return (
            f"{sum(hits)} ({100 * sum(hits) / len(hits):.2f} %, at most {100 * wilson(sum(hits), len(hits))[1]:.2f} %)"
        )

    return f"| {name} | {len(alarms.ours)} | {share(alarms.ours)} | {alarms.highest:.2f} | {share(alarms.perth)} |"


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=Path(__file__).parent, check=False
    )
    return done.stdout.strip() or "unknown"


def _machine() -> str:
    threads = os.environ.get("OMP_NUM_THREADS", "unset")
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}"
    return f"{os.cpu_count()} cores of {platform.machine()}, {versions}, OMP_NUM_THREADS={threads}"


def _stderr() -> Any:
    from rich.console import Console

    return Console(stderr=True)


def _perth() -> Any:
    try:
        from perth_network import Perth

        with redirect_stdout(sys.stderr):  # it says what it loads
            return Perth()
    except ImportError as reason:
        print(f"without Perth ({reason}): pip install --no-deps resemble-perth==1.0.1", file=sys.stderr)
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the watermark.")
    here = Path(__file__).resolve().parents[1]
    parser.add_argument("--shared", type=Path, default=here.parent / "shared", help="folder with bench/ and speech/")
    parser.add_argument("--clips", type=int, default=0, help="mark only so many clips (0: all)")
    parser.add_argument("--alarms", type=int, default=0, help="read only so many clips a set for false alarms (0: all)")
    parser.add_argument("--no-perth", action="store_true")
    parser.add_argument("--out", type=Path, help="also write the tables to this file")
    given = parser.parse_args()
    if not (given.shared / "bench/manifest.tsv").is_file():
        parser.exit(2, f"{given.shared} holds no bench/manifest.tsv; say with --shared where the speech is\n")
    perth = None if given.no_perth else _perth()
    clips = marked_clips(given.shared)[: given.clips or None]
    real = {name: paths[: given.alarms or None] for name, paths in real_clips(given.shared).items()}
    text = report(clips, *attack_all(clips, perth), false_alarms(real, perth))
    print(text)
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
