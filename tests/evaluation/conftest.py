"""A bank of the bundled voices, and a detector corpus of them.

The bank has four speakers, one reference and two real clips each, cut out of their one clip.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from voxproof.audio import Audio, write_audio
from voxproof.evaluation.bank import COLUMNS, Bank, load_bank

SHARED_BANK = Path(__file__).parents[2] / ".." / "shared" / "bench"
GENDERS = {"anna": "f", "ben": "m", "carl": "m", "dora": "f"}
SHORT = [f"Short text number {number} of the twelve that there are." for number in range(12)]
LONG = [f"Long text number {number}. It has two sentences." for number in range(4)]


def write_bank(folder: Path, voices: dict[str, Audio]) -> Path:
    """Write a bank in the layout of the real one."""
    rows = []
    for name, gender in GENDERS.items():
        (folder / name).mkdir(parents=True)
        samples = voices[name].samples
        cuts = {"reference00": (0, 64_000), "reference01": (64_000, 80_000), "real00": (80_000, 112_000)}
        cuts["real01"] = (112_000, min(len(samples), 160_000))
        for stem, (start, end) in cuts.items():
            write_audio(folder / name / f"{stem}.flac", Audio(samples[start:end], 16_000))
            role = "reference" if stem.startswith("reference") else "real"
            rows.append((f"{name}/{stem}.flac", name, role, stem[-1], "some words", gender, ""))
    lines = ["\t".join(COLUMNS), *("\t".join(row) for row in rows)]
    (folder / "manifest.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    texts = [f"s{n:02d}\tshort\t{text}" for n, text in enumerate(SHORT)]
    texts += [f"l{n:02d}\tlong\t{text}" for n, text in enumerate(LONG)]
    (folder / "texts.tsv").write_text("\n".join(["id\tlength\ttext", *texts]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def bank_folder(tmp_path_factory: pytest.TempPathFactory, voices: dict[str, Audio]) -> Path:
    """A bank on disk."""
    return write_bank(tmp_path_factory.mktemp("bank"), voices)


@pytest.fixture(scope="session")
def bank(bank_folder: Path) -> Bank:
    """The bank of the bundled voices."""
    return load_bank(bank_folder)


@pytest.fixture(scope="session")
def real_bank() -> Bank:
    """The frozen bank itself, where it is at hand."""
    if not (SHARED_BANK / "manifest.tsv").is_file():
        pytest.skip("the frozen bank is not here")
    return load_bank(SHARED_BANK)


class CorpusWriter:
    """Manifests of detector corpora."""

    columns = (
        "path label split page generator family novel matched speaker language gender text original_codec repo "
        "source_path"
    ).split()

    def row(self, path: str, label: str = "real", split: str = "dev", page: str = "p", **rest: str) -> dict[str, str]:
        """One clip."""
        row = {"path": path, "label": label, "split": split, "page": page, "matched": "1", "speaker": f"of {page}"}
        return {**row, "repo": "r", "source_path": path, **rest}

    @property
    def train(self) -> list[dict[str, str]]:
        """A page of training with both classes, and a book."""
        return [
            self.row("t0.wav", split="train", page="old", text="An old sentence."),
            self.row("t1.wav", "fake", "train", "old", generator="Known", novel="0"),
            self.row("t2.wav", split="train", page="wide-books"),
        ]

    def write(self, folder: Path, rows: list[dict[str, str]]) -> Path:
        """`manifest.tsv` in `folder`."""
        with (folder / "manifest.tsv").open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, self.columns, delimiter="\t", restval="")
            table.writeheader()
            table.writerows(rows)
        return folder


@pytest.fixture(scope="session")
def corpora() -> CorpusWriter:
    """Writes manifests of detector corpora."""
    return CorpusWriter()


@pytest.fixture(scope="session")
def detector_corpus(tmp_path_factory: pytest.TempPathFactory, corpora: CorpusWriter, voices: dict[str, Audio]) -> Path:
    """Two pages of a voice each, real clips and copies whose phases are gone; a codec copy; wide speech."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = corpora.train

    def add(path: str, samples: np.ndarray, *args: str, **rest: str) -> None:
        write_audio(folder / path, Audio(samples.astype(np.float32), 16_000))
        rows.append(corpora.row(path, *args, **rest))

    for page, name in (("p", "anna"), ("q", "carl")):
        for number in range(3):
            part = voices[name].samples[number * 40_000 :][:40_000]
            frames = part[: len(part) // 400 * 400].reshape(-1, 400)
            flat = np.fft.irfft(np.abs(np.fft.rfft(frames, axis=1)), axis=1).ravel()
            flat *= 0.5 / np.abs(flat).max()
            told = {"language": "en", "gender": GENDERS[name].upper(), "original_codec": "WAV/PCM_16"}
            add(f"{page}{number}.wav", part, page=page, **told)
            fake = {"generator": f"New {page}", "family": "vocoder", "novel": "1", "original_codec": "pcm_s16le"}
            add(f"{page}{number}-fake.wav", flat, "fake", page=page, **fake)
        add(f"{page}-codec.wav", 0.5 * flat, "fake", page=page, generator="C", family="codec", novel="1")
    add("wide.wav", voices["dora"].samples[:40_000], page="wide-books", matched="0", speaker="of old")
    add("known.wav", 0.9 * flat, "fake", page="q", generator="Known", family="vocoder", novel="0")
    (folder / "broken.wav").write_text("no sound")
    rows.append(corpora.row("broken.wav", page="q", text="an OLD sentence"))
    return corpora.write(folder, rows)
