"""CSTR NAM TIMIT Plus: whispers through the skin and through the air at once (CSTR, Edinburgh; Yang et al., 2012).

`CSTR-NAM-TIMIT-Plus/CONDITION/001_nam.wav` is the microphone for non-audible murmur behind the ear, `001_headset.wav`
the same whisper through a condenser microphone before the mouth; conditions are `HERALD-CLEAN`, `HERALD-NOISY` and
`TIMIT-NOISY` (sentences of a newspaper or of TIMIT; in quiet or in noise); `HERALD-TEXT/001.txt` and
`TIMIT-TEXT/001.txt` have the sentences, by the same numbers. This tree is what evaluations by others show. Assumed, not
verified: that one woman whispers all of it. Nothing in it is spoken aloud. What the owners' terms are is not verified.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tables import lines
from voxproof.corpora.tree import found, sounds
from voxproof.errors import CorpusError

_CONDITIONS = ("HERALD-CLEAN", "HERALD-NOISY", "TIMIT-NOISY")
_NAME = re.compile(r"(\d+)_(nam|headset)", re.IGNORECASE)


@corpora.register("cstr_nam_timit_plus")
class CstrNamTimitPlus(Corpus):
    """`pair` and `page` are one whisper, which has two rows; `extra` has `microphone`, `condition` and `sentences`."""

    title = "CSTR NAM TIMIT Plus"
    hours = 0.0
    speakers = 1
    languages = "en"
    licence = "its owners' terms, in the archive"
    home = "https://homepages.inf.ed.ac.uk/jyamagis/page3/page57/page57.html"

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` is `CSTR-NAM-TIMIT-Plus`, or what holds it."""
        root = found(folder, "CSTR-NAM-TIMIT-Plus") or folder
        places = [place for name in _CONDITIONS if (place := found(root, name)) is not None and place.is_dir()]
        if not places:
            raise CorpusError(f"{folder}: no HERALD-CLEAN, HERALD-NOISY or TIMIT-NOISY in it")
        for place in places:
            yield from _condition(folder, root, place, problems)


def _condition(folder: Path, root: Path, place: Path, problems: Problems) -> Iterator[Row]:
    sentences, condition = place.name.upper().split("-")
    there = {path.stem.lower(): path for path in sounds(place)}
    texts = _texts(root, sentences)
    silent: set[str] = set()
    for stem, path in there.items():
        named = _NAME.fullmatch(stem)
        if named is None:
            problems.add(path, 0, "its name is none of a whisper (001_nam.wav, 001_headset.wav)")
            continue
        number, microphone = named.groups()
        other = "headset" if microphone == "nam" else "nam"
        if f"{number}_{other}" not in there:
            problems.add(path, 0, f"there is no {number}_{other}.wav beside it")
        if number not in texts and number not in silent:  # once for the two files of a whisper
            silent.add(number)
            problems.add(path, 0, f"there is no {sentences}-TEXT/{number}.txt; the whisper has no text")
        whisper = f"{sentences}-{condition}-{number}"
        yield Row(
            path.relative_to(folder).as_posix(),
            id=f"{whisper}-{microphone}",
            pair=whisper,
            page=whisper,
            speaker="cstr-nam",
            gender="f",
            language="en",
            text=_text(texts.get(number)),
            extra={"microphone": microphone, "condition": condition.lower(), "sentences": sentences.lower()},
        )


def _texts(root: Path, sentences: str) -> dict[str, Path]:
    place = found(root, f"{sentences}-TEXT")
    listed = sorted(place.iterdir()) if place is not None and place.is_dir() else []
    return {path.stem: path for path in listed if path.suffix.lower() == ".txt" and not path.name.startswith(".")}


def _text(listed: Path | None) -> str:
    return " ".join(line.strip() for _, line in lines(listed)) if listed is not None else ""
