"""The demo's steps: listen, clone, convert, judge, draw, and write everything into one folder."""

import io
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from voxproof.api import clone, convert, detect, enroll
from voxproof.audio import Audio, read_audio, write_audio
from voxproof.cli.demo.page import page_of
from voxproof.cli.making import write
from voxproof.detection import Verdict
from voxproof.detection.picture import draw
from voxproof.errors import VoxproofError
from voxproof.files import write_aside
from voxproof.speakers import Voice

VOICES = Path(__file__).parent / "voices"
REAL, OTHER = VOICES / "anna.flac", VOICES / "carl.flac"
_CONSENT = "a LibriVox volunteer's recording for the public domain, shipped with Voxproof (CC BY 4.0)"
_STEPS = 6

T = TypeVar("T")


@dataclass(frozen=True)
class Clip:
    """One recording of the demo: where it lies, what it is, and what the detector says of the file."""

    path: Path
    title: str
    about: str
    audio: Audio
    verdict: Verdict

    @property
    def mark(self) -> str:
        """The watermark's payload, empty if there is no mark."""
        for finding in self.verdict.findings:
            if finding.kind == "watermark":
                return f"{finding.details['payload']:04x}"
        return ""


@dataclass(frozen=True)
class Demo:
    """What a run made."""

    folder: Path
    clips: tuple[Clip, ...]
    voice: Voice
    text: str
    speaking_seconds: float
    picture: Path
    page: Path

    @property
    def rtf(self) -> float:
        """Seconds of work for a second of cloned speech."""
        return self.speaking_seconds / self.clips[1].audio.duration

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "folder": str(self.folder),
            "page": str(self.page),
            "picture": str(self.picture),
            "text": self.text,
            "rtf": round(self.rtf, 4),
            "recordings": [
                {
                    "path": str(clip.path),
                    "title": clip.title,
                    "seconds": round(clip.audio.duration, 3),
                    "watermark": clip.mark or None,
                    "verdict": clip.verdict.as_dict(),
                }
                for clip in self.clips
            ],
        }


def make_demo(folder: Path, recording: Path | None, text: str) -> Demo:
    """Run it; `recording` is the voice to clone (one of the package's by default). Says on stderr how far it is."""
    _make(folder)
    own = recording is not None
    real = recording if recording is not None else REAL
    consent = None if own else _CONSENT
    voice = _step(1, f"listening to {real.name}", lambda: enroll(real, consent=consent))
    started = time.perf_counter()

    def ready(sentences: int, seconds: float) -> None:
        nonlocal started
        if sentences == 0:
            started = time.perf_counter()

    cloned = _step(2, "saying a sentence in that voice", lambda: clone(text, voice, progress=ready))
    speaking = time.perf_counter() - started
    moved = _step(3, f"saying {OTHER.name} again in that voice", lambda: convert(OTHER, voice))
    sounds = (
        ("real.wav", read_audio(real), "a real voice", "What the clone was made from, and nothing else."),
        ("clone.wav", cloned, "its clone", f"It says: “{text}” Nobody ever recorded this."),
        ("other.wav", read_audio(OTHER), "another real voice", "Somebody else, reading something else."),
        (
            "converted.wav",
            moved,
            "that, converted",
            "Timing and melody stayed, the voice is the first one; many words are lost yet.",
        ),
    )
    clips = _step(
        4,
        "judging all four",
        lambda: tuple(_judged(folder / name, audio, title, about) for name, audio, title, about in sounds),
    )
    picture = folder / "picture.png"
    _step(5, "drawing", lambda: _draw(picture, clips[:2]))
    page = folder / "index.html"
    made = Demo(folder, clips, voice, text, speaking, picture, page)
    _step(6, "writing the page", partial(_write_page, made, own))
    return made


def _judged(path: Path, audio: Audio, title: str, about: str) -> Clip:
    """Write the sound; the verdict is on the file, as anybody would get it."""
    if audio.manifest is None:
        write_audio(path, audio)
    else:
        write(path, audio)
    return Clip(path, title, about, audio, detect(path))


def _draw(path: Path, clips: tuple[Clip, ...]) -> None:
    """Pictures side by side in one PNG; of 256 colours, since spectrograms make large files."""
    from PIL import Image

    drawn = [Image.open(io.BytesIO(draw(clip.audio, clip.verdict, title=clip.title))) for clip in clips]
    side_by_side = Image.new("RGB", (sum(one.width for one in drawn), max(one.height for one in drawn)))
    left = 0
    for one in drawn:
        side_by_side.paste(one, (left, 0))
        left += one.width
    with write_aside(path) as aside:
        side_by_side.quantize(256).save(aside, format="PNG", optimize=True)


def _write_page(made: Demo, own: bool) -> None:
    with write_aside(made.page) as aside:
        aside.write_text(page_of(made, own_voice=own), encoding="utf-8")


def _step(number: int, what: str, work: Callable[[], T]) -> T:
    """Do one step and say so: its name when it begins, its seconds when it ends."""
    print(f"[{number}/{_STEPS}] {what} ...", end="", file=sys.stderr, flush=True)
    started = time.perf_counter()
    try:
        done = work()
    except BaseException:
        print(file=sys.stderr, flush=True)  # what went wrong is said on a line of its own
        raise
    print(f" {time.perf_counter() - started:.1f} s", file=sys.stderr, flush=True)
    return done


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise VoxproofError(f"cannot make the folder {folder}: {reason.strerror or reason}") from None
