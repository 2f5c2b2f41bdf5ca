"""What a clone, a conversion, a verdict or a vocoder costs: time and memory, in a process of its own.

    python -m voxproof.evaluation.cost clone --reference me.wav --engine native

prints one line of JSON. A child process keeps the measuring program's own memory and warm caches out of the figures.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from voxproof import api
from voxproof.audio import read_audio
from voxproof.errors import VoxproofError
from voxproof.features import f0, log_mel
from voxproof.models import thread_count
from voxproof.speakers import Voice
from voxproof.vocoders import load_vocoder

THREADS = 2
WARM_UP = "This sentence only warms up the engine."
TEXTS = (
    "The ferry leaves the harbour just before the sun comes up.",
    "When the storm had passed, the villagers came out of their houses and looked at the damage in silence. Two boats "
    "had been thrown against the sea wall, and the roof of the school lay in the middle of the square.",
)
DEFAULT_ENGINES = {"clone": "native", "convert": "ppg", "detect": "default", "vocode": "pulsar"}
REPEATS = 5
VOCODED = 2  # times; a WaveNet is slow


@dataclass(frozen=True)
class Cost:
    """Of one task in a process of its own, with a warm model except where it says cold."""

    task: str
    engine: str
    threads: int
    seconds_of_audio: float
    seconds_taken: float
    first_audio: float | None  # seconds from the call to the first piece of sound, the median of five; clone only
    cold_start: float  # seconds from the start of the process to the first result
    peak_memory: int  # bytes

    @property
    def rtf(self) -> float:
        """Seconds taken for a second of audio."""
        return self.seconds_taken / self.seconds_of_audio

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {**asdict(self), "rtf": self.rtf}


def measure_cost(task: str, audio: Path, *, engine: str | None = None, threads: int = THREADS) -> Cost:
    """Run `task` (clone, convert, detect, vocode) in a child process.

    `audio` is the reference, the clip to judge, or what is brought to mel and pitch and back, the way back alone timed.
    Models compute with `threads`, NumPy's matrix products with one, as in every command.

    Raises the child's `VoxproofError` again.
    """
    command = [sys.executable, "-m", "voxproof.evaluation.cost", task, "--reference", os.fspath(audio)]
    if engine is not None:
        command += ["--engine", engine]
    given = {"VOXPROOF_THREADS": str(threads), "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": "1"}
    environment = os.environ | given
    started = time.time()
    child = subprocess.run(
        [*command, "--started", repr(started)], capture_output=True, text=True, check=False, env=environment
    )
    if child.returncode != 0:
        reason = child.stderr.strip().splitlines()[-1:] or [f"it ended with {child.returncode}"]
        raise VoxproofError(f"measuring what {task} costs failed: {reason[0]}")
    found = json.loads(child.stdout.strip().splitlines()[-1])
    found.pop("rtf")
    return Cost(**found)


def peak_memory() -> int:
    """The most memory that this process has held at once, in bytes.

    Linux counts it anew for each program (VmHWM); `ru_maxrss` there also remembers the program that started this one.
    """
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _clone(reference: str, engine: str, started: float) -> Cost:
    voice = api.enroll(reference)
    api.clone(WARM_UP, voice, engine=engine)
    cold = time.time() - started
    audio = taken = 0.0
    for text in TEXTS:
        start = time.perf_counter()
        audio += api.clone(text, voice, engine=engine).duration
        taken += time.perf_counter() - start
    delay = statistics.median(_first_piece(TEXTS[-1], voice, engine) for _ in range(REPEATS))
    return Cost("clone", engine, thread_count(), audio, taken, delay, cold, peak_memory())


def _first_piece(text: str, voice: Voice, engine: str) -> float:
    start = time.perf_counter()
    next(api.clone(text, voice, engine=engine, stream=True))
    return time.perf_counter() - start


def _convert(reference: str, engine: str, started: float) -> Cost:
    voice = api.enroll(reference)
    source = read_audio(reference)
    api.convert(source, voice, engine=engine)
    cold = time.time() - started
    start = time.perf_counter()
    for _ in range(REPEATS):
        api.convert(source, voice, engine=engine)
    taken = time.perf_counter() - start
    return Cost("convert", engine, thread_count(), REPEATS * source.duration, taken, None, cold, peak_memory())


def _detect(clip: str, engine: str, started: float) -> Cost:
    model = None if engine == DEFAULT_ENGINES["detect"] else engine
    api.detect(clip, model=model)
    cold = time.time() - started
    start = time.perf_counter()
    for _ in range(REPEATS):
        api.detect(clip, model=model)
    taken = time.perf_counter() - start
    duration = read_audio(clip).duration
    return Cost("detect", engine, thread_count(), REPEATS * duration, taken, None, cold, peak_memory())


def _vocode(clip: str, engine: str, started: float) -> Cost:
    vocoder = load_vocoder(engine)
    samples = read_audio(clip).resampled(vocoder.spec.rate).samples
    mel, pitch = log_mel(samples, vocoder.spec), f0(samples, vocoder.spec.rate, vocoder.spec.hop)
    warm = round(vocoder.spec.frame_rate)  # a second
    vocoder.vocode(mel[:, :warm], pitch[:warm])
    cold = time.time() - started
    start = time.perf_counter()
    made = sum(len(vocoder.vocode(mel, pitch)) for _ in range(VOCODED))
    taken = time.perf_counter() - start
    return Cost("vocode", engine, thread_count(), made / vocoder.spec.rate, taken, None, cold, peak_memory())


_TASKS: dict[str, Callable[[str, str, float], Cost]] = {
    "clone": _clone, "convert": _convert, "detect": _detect, "vocode": _vocode,
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """The child's command; one line on stderr and the error's exit code when the task refuses."""
    parser = argparse.ArgumentParser(prog="python -m voxproof.evaluation.cost", description="Measure one task.")
    parser.add_argument("task", choices=sorted(_TASKS))
    parser.add_argument("--reference", required=True, help="the reference to clone from, or the clip to judge")
    parser.add_argument("--engine")
    parser.add_argument("--started", type=float, default=None, help="when the process was started (Unix time)")
    given = parser.parse_args(arguments)
    started = given.started if given.started is not None else time.time()
    engine = given.engine or DEFAULT_ENGINES[given.task]
    try:
        print(json.dumps(_TASKS[given.task](given.reference, engine, started).as_dict()))
    except VoxproofError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
