"""Small trees in the true layouts of corpora, made of real speech."""

from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile

from voxproof.audio import Audio
from voxproof.corpora import Prepared, Row, prepare, read_manifest

Clip = Callable[..., Path]


@pytest.fixture
def clip(speech: Audio) -> Clip:
    """`clip(path, seconds=0.5, start=1.0, rate=16000)` writes a piece of Anna's speech where and as the name says."""

    def write(path: Path, seconds: float = 0.5, start: float = 1.0, rate: int = 16_000, **options: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        piece = Audio(speech.samples[round(start * speech.rate) : round((start + seconds) * speech.rate)], speech.rate)
        kind = {".sph": "NIST", ".ogg": "OGG", ".mp3": "MP3", ".flac": "FLAC"}.get(path.suffix.lower(), "WAV")
        soundfile.write(path, piece.resampled(rate).samples, rate, format=options.pop("format", kind), **options)
        return path

    return write


@pytest.fixture
def prepared(tmp_path: Path) -> Callable[..., tuple[Prepared, dict[str, Row], list[str]]]:
    """`prepared("timit", folder)`: what was found, the rows by id, and the problems as `file<TAB>line<TAB>what`."""

    def run(name: str, folder: Path, **options: bool) -> tuple[Prepared, dict[str, Row], list[str]]:
        out = tmp_path / f"{name}.tsv"
        found = prepare(name, folder, out, **options)
        rows = list(read_manifest(out))
        assert len(rows) == found.rows == len({row.id for row in rows})
        told = tmp_path / f"{name}.problems.tsv"
        problems = told.read_text(encoding="utf-8").splitlines()[1:] if told.exists() else []
        assert len(problems) == found.problems
        return found, {row.id: row for row in rows}, problems

    return run
