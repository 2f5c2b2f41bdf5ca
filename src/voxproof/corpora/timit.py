"""TIMIT: read American English with phones (Garofolo et al., LDC93S1; 5.4 hours, 630 speakers, 6,300 sentences).

`TIMIT/TRAIN/DR1/FCJF0/SA1.WAV` with `.TXT`, `.WRD` and `.PHN` beside it. The disc has NIST SPHERE in capitals; copies
have RIFF, lower case, or `SA1.WAV.wav` beside the SPHERE file.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tables import lines
from voxproof.corpora.tree import below, found, sounds
from voxproof.errors import CorpusError

_SPEAKER = re.compile(r"([fm])[a-z]{3}\d", re.IGNORECASE)
_REGION = re.compile(r"dr([1-8])", re.IGNORECASE)
REGIONS = (
    "New England",
    "Northern",
    "North Midland",
    "South Midland",
    "Southern",
    "New York City",
    "Western",
    "Army Brat",
)
RATE = 16_000  # samples a second, in which .PHN and .WRD count
_SUFFIXES = frozenset({".wav", ".flac", ".sph"})


@corpora.register("timit")
class Timit(Corpus):
    """`extra` has `kind` (SA, SI, SX), and the paths of `phones` and `words`; `accent` is the dialect region.

    SA sentences are spoken by everybody: leave them out where texts must differ.
    """

    title = "TIMIT"
    hours = 5.4
    speakers = 630
    languages = "en"
    licence = "LDC User Agreement"
    home = "https://catalog.ldc.upenn.edu/LDC93S1"
    how = "It is bought from the Linguistic Data Consortium."

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` is what holds `TRAIN` and `TEST`, or a folder above it."""
        root = next((place for place in below(folder) if found(place, "train") and found(place, "test")), None)
        if root is None:
            raise CorpusError(f"{folder}: no folder in it has TRAIN and TEST, as TIMIT has")
        for part in ("train", "test"):
            place = found(root, part)
            assert place is not None
            taken: set[str] = set()
            for path in sounds(place, _SUFFIXES):
                sentence = path.name.split(".")[0]
                key = f"{path.parent.name}/{sentence}".lower()
                if key in taken:  # SA1.WAV and SA1.WAV.wav are one recording
                    continue
                taken.add(key)
                row = _row(folder, part, path, sentence, problems)
                if row is not None:
                    yield row


def _row(folder: Path, part: str, path: Path, sentence: str, problems: Problems) -> Row | None:
    speaker, region = path.parent.name, _REGION.fullmatch(path.parent.parent.name)
    named = _SPEAKER.fullmatch(speaker)
    if named is None or region is None:
        problems.add(path, 0, "not in a folder of a dialect region and a speaker (DR1/FCJF0)")
        return None
    text = _text(path.parent, sentence, problems)
    aligned = {
        kind: beside.relative_to(folder).as_posix()
        for kind, suffix in (("phones", "PHN"), ("words", "WRD"))
        if (beside := found(path.parent, f"{sentence}.{suffix}")) is not None
    }
    return Row(
        path.relative_to(folder).as_posix(),
        id=f"{part}-{speaker}-{sentence}".lower(),
        split=part,
        speaker=speaker.upper(),
        gender=named.group(1).lower(),
        language="en",
        text=text,
        accent=REGIONS[int(region.group(1)) - 1],
        extra={"kind": sentence[:2].upper(), "region": f"DR{region.group(1)}", **aligned},
    )


def _text(place: Path, sentence: str, problems: Problems) -> str:
    """The `.TXT`: first and last sample, then the sentence."""
    beside = found(place, f"{sentence}.TXT")
    if beside is None:
        problems.add(place / f"{sentence}.TXT", 0, "there is no such file; the clip has no text")
        return ""
    for number, line in lines(beside):
        cells = line.split(None, 2)
        if len(cells) == 3 and cells[0].isdigit() and cells[1].isdigit():
            return cells[2].strip()
        problems.add(beside, number, "no line of two samples and a sentence")
    return ""


def segments(file: Path, problems: Problems) -> list[tuple[float, float, str]]:
    """A `.PHN` or `.WRD`: start and end in seconds, and the phone or word. Broken lines are told and left out."""
    spans = []
    for number, line in lines(file):
        cells = line.split()
        if len(cells) != 3 or not cells[0].isdigit() or not cells[1].isdigit() or int(cells[0]) > int(cells[1]):
            problems.add(file, number, "no line of two samples and a label")
            continue
        spans.append((int(cells[0]) / RATE, int(cells[1]) / RATE, cells[2]))
    return spans
