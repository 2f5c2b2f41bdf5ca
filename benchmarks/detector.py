"""The detector's figures: accuracy on the detector corpus, processor time, memory over many files.

Cold start and peak memory are measured by benchmarks/speed.py.

python benchmarks/detector.py --corpus ../shared/speech            # everything but the long run
python benchmarks/detector.py --files 10000                        # memory over 10,000 files
python benchmarks/detector.py --corpus ../shared/speech --write-card   # and put the figures into the card
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from voxproof.audio import Audio, read_audio, write_audio
from voxproof.detection import DEFAULT_DETECTOR, detect_audio, load_detector
from voxproof.evaluation.bootstrap import Interval
from voxproof.evaluation.detector_evaluation import Options, evaluate_detector
from voxproof.evaluation.report import Report, Table, command_line
from voxproof.evaluation.tasks import progress_bar
from voxproof.models import Card, Figure, save_card

VOICES = Path(__file__).parent.parent / "examples" / "voices"
DIFFERENT, LENGTHS = 300, (0.8, 1.8)  # files of the memory run and their seconds; they are read again and again


def warm_speed(model: str, clip: Path) -> tuple[float, float]:
    """Seconds of processor time a second of sound: the detector alone and a whole verdict, warm, on 30 s of speech."""
    audio = read_audio(clip, rate=16_000)
    long = Audio(np.resize(audio.samples, 30 * 16_000), 16_000)
    detector = load_detector(model)
    detect_audio(long, detector)

    def timed(work: object) -> float:
        assert callable(work)
        best = min(_seconds(work) for _ in range(3))
        return best / long.duration

    return timed(lambda: detector.score(long)), timed(lambda: detect_audio(long, detector))


def _seconds(work: object) -> float:
    assert callable(work)
    begin = time.process_time()
    work()
    return time.process_time() - begin


def memory_over(model: str, clips: list[Path], files: int) -> list[tuple[int, float]]:
    """Resident MiB after every tenth of `files` files of different lengths, read from disk one after the other."""
    sounds = [read_audio(clip, rate=16_000) for clip in clips]
    seen = []
    detector = load_detector(model)
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number in range(min(files, DIFFERENT)):
            sound, length = sounds[number % len(sounds)], int(rng.uniform(*LENGTHS) * 16_000)
            start = int(rng.integers(0, len(sound.samples) - length))
            paths.append(Path(folder) / f"clip{number}{('.flac', '.wav', '.opus')[number % 3]}")
            write_audio(paths[-1], Audio(sound.samples[start : start + length], sound.rate))
        for number in range(1, files + 1):
            detect_audio(paths[number % len(paths)], detector)
            if number % max(files // 10, 1) == 0:
                seen.append((number, _resident()))
                print(f"{number} files: {seen[-1][1]:.1f} MiB", file=sys.stderr, flush=True)
    return seen


def _resident() -> float:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write_card(card: Card, report: Report, command: str) -> None:
    """Replace the card's figures on the corpus by those of the report."""
    kept = [figure for figure in card.figures if "dev" not in figure.name]
    for name in ("the figure that counts", "all dev", "family codec"):
        eer = report.figures[name]["eer"]
        assert isinstance(eer, Interval)
        kept.append(
            Figure(
                name=f"EER, dev, {name}",
                value=round(100 * eer.value, 2),
                unit="%",
                interval=(round(100 * eer.low, 2), round(100 * eer.high, 2)),
                command=command,
                note=f"{report.figures[name]['fake']} fake, {report.figures[name]['real']} real, {report.date}",
            )
        )
    assert card.folder is not None
    save_card(card.model_copy(update={"figures": tuple(kept)}), card.folder)


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--model", default=DEFAULT_DETECTOR)
    cli.add_argument("--corpus", type=Path, help="detector corpus, with manifest.tsv")
    cli.add_argument("--files", type=int, default=300, help="length of the memory run")
    cli.add_argument("--limit", type=int)
    cli.add_argument("--scores", type=Path, help="write the scores of the clips here")
    cli.add_argument("--out", type=Path, help="Markdown here, JSON beside it")
    cli.add_argument("--write-card", action="store_true")
    args = cli.parse_args()
    clips = sorted(VOICES.glob("*.flac"))
    alone, whole = warm_speed(args.model, clips[0])
    memory = memory_over(args.model, clips, args.files)
    rows = [
        ["processor time a second of sound, detector alone, s", f"{alone:.4f}"],
        ["processor time a second of sound, verdict (speech activity, warnings), s", f"{whole:.4f}"],
        [f"memory after {memory[0][0]} files, MiB", f"{memory[0][1]:.0f}"],
        [f"memory after {memory[-1][0]} files, MiB", f"{memory[-1][1]:.0f}"],
    ]
    speed = Table("Cost", ["what", "figure"], rows)
    command = command_line("python benchmarks/detector.py")
    detector = load_detector(args.model)
    if args.corpus:
        with progress_bar() as advance:
            report = evaluate_detector(
                args.corpus, detector, Options(command=command), advance=advance, limit=args.limit, keep=args.scores
            )
        report = Report(
            report.title, [*report.tables, speed], {**report.figures, "cost": dict(rows)}, report.about, command
        )
        if args.write_card:
            write_card(detector.card, report, command)
    else:
        report = Report(f"Detector {args.model}", [speed], {"cost": dict(rows)}, command=command)
    if args.out:
        report.save(args.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
