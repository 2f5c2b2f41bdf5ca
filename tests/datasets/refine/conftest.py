"""Real speech in short clips, with a manifest that has speakers, texts and both labels."""

from collections.abc import Callable
from pathlib import Path

import pytest

from voxproof.audio import Audio, write_audio
from voxproof.corpora import Row, write_manifest
from voxproof.datasets.refine.pieces import Piece, Planned, Stretch

RATE = 16_000


@pytest.fixture
def clips(tmp_path: Path, voices: dict[str, Audio]) -> Callable[..., Path]:
    """`clips(3)`: so many clips of 2 s of each bundled voice, in turn real and fake; the manifest comes back."""

    def make(each: int = 4) -> Path:
        folder = tmp_path / "corpus"
        (folder / "clips").mkdir(parents=True)
        rows = []
        for name, audio in voices.items():
            for number in range(each):
                start = int(number * 7.0 / each * RATE)
                path = f"clips/{name}{number}.flac"
                write_audio(folder / path, Audio(audio.samples[start : start + 2 * RATE], RATE))
                label, generator = ("fake", f"made-by-{name}") if number % 2 else ("real", "")
                known = {"text": f"Sentence {number} of {name}.", "id": f"{name}{number}", "generator": generator}
                row = Row(path, label, speaker=name, language="en", duration_s=2.0, corpus="bundled", **known)
                rows.append(row._replace(original_sample_rate=RATE))
        write_manifest(folder / "manifest.tsv", rows)
        return folder / "manifest.tsv"

    return make


@pytest.fixture
def plan(tmp_path: Path) -> Callable[[str], Path]:
    """`plan(steps)`: the file of a plan of the manifest that `clips` writes; steps are lines of YAML."""

    def make(steps: str, *, seed: int = 0, manifest: str = "corpus/manifest.tsv", name: str = "asked.yaml") -> Path:
        lines = "\n".join(f"  {line}" for line in steps.strip().splitlines())
        file = tmp_path / name
        file.write_text(f"manifest: {manifest}\nseed: {seed}\nsteps:\n{lines}\n", encoding="utf-8")
        return file

    return make


@pytest.fixture
def planned() -> Callable[..., Planned]:
    """`planned("a", 5.0, speaker="x")`: a row of so many seconds, made of a file of that name."""

    def make(name: str, seconds: float = 1.0, **columns: str) -> Planned:
        row = Row(name, id=name, duration_s=seconds)._replace(**columns)
        return Planned(row, Piece((Stretch(("m.tsv", name), 1, file=name),)))

    return make
