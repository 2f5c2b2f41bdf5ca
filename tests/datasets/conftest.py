"""Real speech for the makers: three seconds of bundled voices, and a small set of them on disk."""

from collections.abc import Callable
from pathlib import Path

import pytest

from voxproof.audio import Audio, write_audio
from voxproof.features.mel import Floats

RATE = 16_000
HEADER = "path\tcorpus\tspeaker\tgender\tlanguage\ttext\tduration_s\tlicence\trepo\tcommit\tsource_path\n"
TEXT = "The ferry leaves the harbour just before the sun comes up."


@pytest.fixture(scope="session")
def clip(voices: dict[str, Audio]) -> Floats:
    return voices["anna"].samples[: 3 * RATE]


@pytest.fixture(scope="session")
def other(voices: dict[str, Audio]) -> Floats:
    return voices["ben"].samples[: 4 * RATE]


@pytest.fixture
def corpus(tmp_path: Path, voices: dict[str, Audio]) -> Callable[[], Path]:
    """Three stretches of 3 s of each bundled voice, with a manifest."""

    def make() -> Path:
        folder = tmp_path / "corpus"
        folder.mkdir()
        rows = []
        for name, audio in voices.items():
            for number in range(3):
                start = number * 3 * RATE
                path = f"{name}{number}.flac"
                write_audio(folder / path, Audio(audio.samples[start : start + 3 * RATE], RATE))
                facts = (path, "bundled", name, "", "en", TEXT, "3.0", "CC0", "owner/repo", "0", f"speech/{path}")
                rows.append("\t".join(facts))
        (folder / "manifest.tsv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
        return folder

    return make
