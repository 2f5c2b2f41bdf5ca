"""A bank of the bundled voices: four speakers, one reference and two real clips each, cut out of their one clip."""

from pathlib import Path

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
