"""How fast `voxproof detect FOLDER` is, from files to printed verdicts: decoding, speech activity, score, mark.

    python benchmarks/folder_speed.py detector-fast --files 400

Half the files are FLAC, half Opus, of the bundled voices, 3 to 9 s long. Each detector runs as a process of its own
with as many processes as there are cores; the start of Python counts. Beside the time on the clock stands the
processor's, which other programs on the machine do not change.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from voxproof.audio import Audio, read_audio, write_audio
from voxproof.detection import DEFAULT_DETECTOR
from voxproof.evaluation.report import Machine, Report, Table, command_line

VOICES = Path(__file__).parent.parent / "examples" / "voices"
RESULTS = Path(__file__).parent / "results"
LENGTHS = (3.0, 9.0)  # seconds


def build(folder: Path, files: int) -> float:
    """Write the files; their seconds of sound together."""
    rng = np.random.default_rng(0)
    voices = [read_audio(path, rate=16_000).samples for path in sorted(VOICES.glob("*.flac"))]
    seconds = 0.0
    for number in range(files):
        voice, length = voices[number % len(voices)], int(rng.uniform(*LENGTHS) * 16_000)
        start = int(rng.integers(0, max(1, len(voice) - length)))
        sound = Audio(voice[start : start + length], 16_000)
        write_audio(folder / f"{number:05}{('.flac', '.opus')[number % 2]}", sound)
        seconds += sound.duration
    return seconds


def timed(folder: Path, model: str, jobs: int) -> tuple[float, float]:
    """Seconds on the clock and of processor time."""
    command = [sys.executable, "-m", "voxproof", "detect", str(folder), "--model", model, "--jobs", str(jobs), "--json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, env=os.environ)
    clock = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("detectors", nargs="*", default=[DEFAULT_DETECTOR])
    cli.add_argument("--files", type=int, default=400)
    cli.add_argument("--jobs", type=int, default=Machine.here().cores)
    cli.add_argument("--out", type=Path, default=RESULTS / "folder_speed.md")
    args = cli.parse_args()
    rows, figures = [], {}
    with tempfile.TemporaryDirectory() as place:
        seconds = build(Path(place), args.files)
        for model in args.detectors:
            clock, processor = timed(Path(place), model, args.jobs)
            rows.append([model, f"{seconds / clock:.0f}", f"{args.jobs * seconds / processor:.0f}", f"{clock:.1f}"])
            figures[model] = {"times_real_time": seconds / clock, "by_processor": args.jobs * seconds / processor}
            print(rows[-1], file=sys.stderr, flush=True)
    note = f"{args.files} files, {seconds:.0f} s of sound, {args.jobs} processes; sound judged in a second of time."
    head = ["detector", "times real time", f"the same, {args.jobs} cores to itself (by processor time)", "seconds"]
    command = command_line("python benchmarks/folder_speed.py")
    report = Report("A folder of files", [Table("Speed", head, rows, note)], figures, {"Intervals": ""}, command)
    report.save(args.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
