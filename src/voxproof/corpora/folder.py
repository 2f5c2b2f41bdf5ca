"""Any tree of sound files, with labels from the names of its folders or from a table.

A table (`metadata.csv`, `labels.csv`, `manifest.tsv`, or whatever `.csv` or `.tsv` lies alone at the root) has a column
for the file (`path`, `file`, `file_name`, `filename`, `audio`) and any columns of a manifest; `label` or `class` may
say real or fake in the usual words. Without one, the folders say it: `real`, `bonafide`, `genuine`, `human`; `fake`,
`spoof`, `synthetic`, `generated`; the folder that holds a clip is its speaker otherwise.
"""

from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import COLUMNS, Row
from voxproof.corpora.tables import table
from voxproof.corpora.tree import sounds
from voxproof.errors import CorpusError

REAL = frozenset("real bonafide bona-fide bona_fide genuine human original authentic true 0".split())
FAKE = frozenset("fake spoof spoofed synthetic generated deepfake ai cloned clone false 1".split())
_FILES = ("path", "file", "file_name", "filename", "audio", "wav")
_LABELS = ("label", "class", "target")
_USUAL = ("metadata.csv", "labels.csv", "meta.csv", "manifest.tsv", "metadata.tsv", "labels.tsv")
_DIGITS = frozenset("01")
_COPIED = frozenset(COLUMNS) - {"path", "label", "extra", "duration_s", "original_sample_rate", "start_s", "end_s"}


def label_of(word: str) -> str | None:
    """`real` or `fake` for one of the words that people use; None for others. 0 is real, 1 is fake."""
    said = word.strip().lower()
    return "real" if said in REAL else "fake" if said in FAKE else None


@corpora.register("folder")
class Folder(Corpus):
    """`label` is empty where neither a table nor a folder says what a clip is."""

    title = "any folder of sound files"
    hours = 0.0
    speakers = 0
    languages = "any"
    licence = "not told"
    home = ""
    labels = "real, fake"
    how = "It is yours."

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`."""
        listed = _listed(folder)
        yield from _of_table(folder, listed, problems) if listed is not None else _of_folders(folder)


def _listed(folder: Path) -> Path | None:
    for name in _USUAL:
        if (folder / name).is_file():
            return folder / name
    tables = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in (".csv", ".tsv")]
    tables = [path for path in tables if not path.name.startswith(".") and not path.name.endswith(".problems.tsv")]
    return tables[0] if len(tables) == 1 else None


def _of_table(folder: Path, listed: Path, problems: Problems) -> Iterator[Row]:
    csv = listed.suffix.lower() == ".csv"
    for number, cells in table(listed, problems, delimiter="," if csv else "\t", quoted=csv):
        named = {name.lower(): value.strip() for name, value in cells.items()}
        file = next((named[key] for key in _FILES if key in named), None)
        if file is None:
            raise CorpusError(f"{listed}: no column of files in its first line ({', '.join(_FILES)})")
        place = _inside(folder, file)
        if place is None:
            problems.add(listed, number, f"there is no {file!r} in the folder")
            continue
        stated = next((named[key] for key in _LABELS if named.get(key)), "")
        label = label_of(stated)
        if stated and label is None:
            problems.add(listed, number, f"the label {stated!r} is neither real nor fake; it is left empty")
        known = {key: value for key, value in named.items() if key in _COPIED}
        text = known.pop("text", "") or named.get("sentence", "") or named.get("transcript", "")
        yield Row(place.relative_to(folder).as_posix(), label=label or "", text=text, **known)  # type: ignore[arg-type]


def _inside(folder: Path, file: str) -> Path | None:
    """The file of a table's row; None if it is not there or lies outside the folder."""
    if not file or "\0" in file:
        return None
    place = folder / file
    try:
        if place.is_file() and place.resolve().is_relative_to(folder.resolve()):
            return place
    except OSError:  # a name too long, say
        pass
    return None


def _of_folders(folder: Path) -> Iterator[Row]:
    for path in sounds(folder):
        within = path.relative_to(folder)
        words = [part for part in within.parts[:-1] if part not in _DIGITS]
        labels = [label for part in words if (label := label_of(part)) is not None]
        speakers = [part for part in words if label_of(part) is None and part.lower() not in _SPLITS]
        splits = [_SPLITS[part.lower()] for part in words if part.lower() in _SPLITS]
        yield Row(
            within.as_posix(),
            label=labels[-1] if labels else "",
            split=splits[0] if splits else "",
            speaker=speakers[-1] if speakers else "",
        )


_SPLITS = {
    "train": "train", "training": "train", "dev": "dev", "val": "dev", "valid": "dev", "validation": "dev",
    "test": "test", "testing": "test", "eval": "test",
}  # fmt: skip
