"""Blizzard Challenge, the English voices of 2011, 2012 and 2013 (CSTR, Edinburgh, and the challenge's papers).

- 2011, Nancy (Lessac; 16.6 hours, a woman, American): `wavn/RURAL-02198.wav` (or `wav`), and beside that folder
  `prompts.data`, whose lines are `( RURAL-02198 "The text." )`.
- 2012, four books by Mark Twain (Toshiba; John Greenman, LibriVox): `ATrampAbroad/wav/chp01_00001.wav`, and beside that
  folder `sentence_index.txt`: eight columns by tabs, comments after `#`. They are: file, paragraph, sentence in it,
  confidence in percent, sentence in the book, text of the book, text as recognized, text of the labels. Sentences
  without a file are known, and so are low confidences.
- 2013, Catherine Byers (Lessac; EH2, 19 hours in sentences, American): `segmented/wavn/CA-BB-07-04.wav`, and beside
  that folder `prompts.gui`: name, text with marks of prosody (`@`, `#`, `|`), and a line of `||`, for each sentence.

Other years, the chapters in `unsegmented`, and tables that were made later (`metadata.csv`) are not read.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tables import lines
from voxproof.corpora.tree import Sounds, found
from voxproof.errors import CorpusError

_PROMPT = re.compile(r'\(\s*(\S+)\s+"(.*)"\s*\)\s*')
_CHAPTER = re.compile(r"(chp\d+)", re.IGNORECASE)
_BEFORE_MARKS = re.compile(r" (?=(?:[,.;:?!]|'s)(?:\s|$))")
_DEPTH = 4


class _Said(NamedTuple):
    line: int
    name: str
    text: str
    extra: dict[str, str]


class _Voice(NamedTuple):
    year: str
    speaker: str
    gender: str


_VOICES = {
    "prompts.data": _Voice("2011", "nancy", "f"),
    "sentence_index.txt": _Voice("2012", "john-greenman", "m"),
    "prompts.gui": _Voice("2013", "catherine-byers", "f"),
}


@corpora.register("blizzard")
class Blizzard(Corpus):
    """`extra` has the `challenge`'s year; `page` is the chapter; texts of 2013 come without their marks of prosody."""

    title = "Blizzard Challenge 2011, 2012, 2013"
    hours = 0.0
    speakers = 3
    languages = "en"
    licence = "research only, by each year's own licence (CSTR, Lessac, Toshiba)"
    home = "https://www.cstr.ed.ac.uk/projects/blizzard/"
    how = "Its licence is signed, year by year; a name and a password come back."

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` has one of the releases or several, up to four folders deep."""
        listings = list(_listings(folder, _DEPTH))
        if not listings:
            raise CorpusError(f"{folder}: no {', '.join(_VOICES)} beside a folder wavn or wav, as Blizzard has")
        for listed, place in listings:
            yield from _listing(folder, listed, place, problems)


def _listings(folder: Path, depth: int) -> Iterator[tuple[Path, Path]]:
    """Lists, each with the folder of its clips: `wavn` (as the challenge normalized them) before `wav`."""
    for name in _VOICES:
        listed, place = found(folder, name), found(folder, "wavn", "wav")
        if listed is not None and listed.is_file() and place is not None and place.is_dir():
            yield listed, place
    if depth:
        for below in sorted(folder.iterdir()):
            if below.is_dir() and not below.name.startswith(".") and below.name.lower() not in ("wav", "wavn"):
                yield from _listings(below, depth - 1)


def _listing(folder: Path, listed: Path, place: Path, problems: Problems) -> Iterator[Row]:
    kind = listed.name.lower()
    voice, clips, book = _VOICES[kind], Sounds(place), listed.parent.name
    for said in _READERS[kind](listed, problems):
        path = clips.get(said.name)
        if path is None:
            problems.add(listed, said.line, f"there is no {said.name}.wav in {place.name}")
            continue
        yield Row(
            path.relative_to(folder).as_posix(),
            id=f"{voice.year}-{book}-{path.stem}" if voice.year == "2012" else f"{voice.year}-{path.stem}",
            page=_page(voice.year, book, path.stem),
            speaker=voice.speaker,
            gender=voice.gender,
            language="en",
            accent="American",
            text=said.text,
            extra={"challenge": voice.year, **said.extra},
        )


def _page(year: str, book: str, name: str) -> str:
    if year == "2012":
        chapter = _CHAPTER.match(name)
        return f"{book}-{chapter.group(1)}" if chapter else book
    return name.rpartition("-")[0] if year == "2013" else ""


def _prompts(listed: Path, problems: Problems) -> Iterator[_Said]:
    for number, line in lines(listed):
        prompt = _PROMPT.fullmatch(line)
        if prompt is None:
            problems.add(listed, number, 'no line of ( NAME "text" )')
            continue
        yield _Said(number, prompt.group(1), prompt.group(2).replace('\\"', '"').strip(), {})


def _sentences(listed: Path, problems: Problems) -> Iterator[_Said]:
    for number, line in lines(listed):
        cells = [cell.strip() for cell in line.split("\t")]
        if line.startswith("#") or (len(cells) == 8 and not _CHAPTER.match(cells[0])):  # a sentence without a file
            continue
        if len(cells) != 8:
            problems.add(listed, number, f"{len(cells)} cells where a sentence has 8")
            continue
        yield _Said(number, cells[0], cells[5], {"confidence": cells[3]})


def _blocks(listed: Path, problems: Problems) -> Iterator[_Said]:
    first, block = 0, list[str]()
    for number, line in lines(listed):
        if line.strip() != "||":
            first = first if block else number
            block.append(line.strip())
            continue
        if len(block) == 2:
            plain = " ".join(re.sub(r"[@#|]", " ", block[1]).split())
            yield _Said(first, block[0], _BEFORE_MARKS.sub("", plain), {"prompt": block[1]})
        else:
            problems.add(listed, first or number, f"{len(block)} lines before || where a sentence has 2")
        block.clear()
    if block:
        problems.add(listed, first, "the last sentence does not end with ||")


_READERS = {"prompts.data": _prompts, "sentence_index.txt": _sentences, "prompts.gui": _blocks}
