"""A manifest with whole files of several formats and stretches, of both labels."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from voxproof.audio import Audio, write_audio
from voxproof.corpora import Row, write_manifest

RATE = 16_000


@pytest.fixture
def manifest(tmp_path: Path, voices: dict[str, Audio]) -> Path:
    """`corpus/manifest.tsv`: seven rows of three splits."""
    folder = tmp_path / "corpus"
    (folder / "clips").mkdir(parents=True)
    anna, ben = voices["anna"].samples, voices["ben"].samples
    write_audio(folder / "clips" / "anna.flac", Audio(anna[: 2 * RATE], RATE))
    write_audio(folder / "clips" / "long.wav", Audio(ben[: 8 * RATE], RATE))
    write_audio(folder / "clips" / "ben.opus", Audio(ben[: 3 * RATE], RATE))
    write_audio(folder / "clips" / "anna.mp3", Audio(anna[: 3 * RATE], RATE))
    soundfile.write(folder / "clips" / "two.wav", np.stack([anna[:RATE], ben[:RATE]], 1), RATE)
    own = {"corpus": "bundled", "licence": "CC-BY-4.0", "language": "en"}
    fake = {"label": "fake", "generator": "native", "family": "tts", "pair": "a"}
    rows = [
        Row("clips/anna.flac", split="train", speaker="anna", gender="f", text="The box car", id="a", **own),
        Row("clips/anna.mp3", split="train", speaker="anna", id="b", **fake, **own),
        Row("clips/long.wav", split="dev", speaker="ben", start_s=1.25, end_s=3.00003, id="c", **own),
        Row("clips/long.wav", split="dev", speaker="ben", start_s=5.5, id="d", extra={"mood": "hap,\"py"}, **own),
        Row("clips/ben.opus", "", split="dev", speaker="ben", id="e", **own),
        Row("clips/two.wav", split="new voices", speaker="both", page="p1", **own),
        Row("clips/two.wav", split="new voices", start_s=0.5, end_s=1.0, original_sample_rate=44_100, **own),
    ]  # fmt: skip
    write_manifest(folder / "manifest.tsv", rows)
    return folder / "manifest.tsv"
