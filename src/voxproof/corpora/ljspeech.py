"""LJ Speech: one woman reads non-fiction in English (Ito and Johnson, 2017; keithito.com/LJ-Speech-Dataset).

`LJSpeech-1.1/wavs/LJ001-0001.wav` and `metadata.csv` with three columns between bars: name, text as printed, text with
numbers and abbreviations in words. 13,100 clips, 23.9 hours, one speaker, 22,050 Hz.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.archives import Archive
from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tables import split
from voxproof.corpora.tree import Sounds, found
from voxproof.errors import CorpusError

_NAME = re.compile(r"(LJ\d{3})-\d{4}")


@corpora.register("ljspeech")
class LjSpeech(Corpus):
    """`text` is the normalised one, `extra` has the `original`; `page` is the part of a book (LJ001)."""

    title = "LJ Speech"
    hours = 23.9
    speakers = 1
    languages = "en"
    licence = "public domain"
    home = "https://keithito.com/LJ-Speech-Dataset/"
    archives = (
        Archive(
            "all",
            "https://data.keithito.com/data/speech/LJSpeech-1.1.tar.bz2",
            "sha256:be1a30453f28eb8dd26af4101ae40cbf2c50413b1bb21936cbcdc6fae3de8aa5",
        ),
    )

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` is `LJSpeech-1.1`, or what holds it."""
        root = found(folder, "LJSpeech-1.1", "LJSpeech") or folder
        listed, wavs = found(root, "metadata.csv"), found(root, "wavs")
        if listed is None or wavs is None:
            raise CorpusError(f"{folder}: no metadata.csv and wavs in it, as LJ Speech has")
        clips = Sounds(wavs)
        for number, cells in split(listed, delimiter="|"):  # quotation marks are part of the text
            named = _NAME.fullmatch(cells[0].strip())
            if len(cells) != 3 or named is None:
                problems.add(listed, number, "no line of a name (LJ001-0001) and two texts between bars")
                continue
            clip = clips.get(named.group())
            if clip is None:
                problems.add(listed, number, f"there is no {named.group()}.wav")
                continue
            original, text = cells[1].strip(), cells[2].strip()
            yield Row(
                clip.relative_to(folder).as_posix(),
                id=named.group(),
                page=named.group(1),
                speaker="LJ",
                gender="f",
                language="en",
                text=text or original,
                extra={"original": original},
            )
