"""LibriTTS: LibriSpeech cut at sentences, with case and punctuation (Zen et al., arXiv:1904.02882; openslr.org/60).

`LibriTTS/SPLIT/SPEAKER/CHAPTER/SPEAKER_CHAPTER_PARAGRAPH_SENTENCE.wav` with `.normalized.txt` and `.original.txt`
beside it, and `speakers.tsv` (READER, GENDER, SUBSET, NAME) at the root. 585 hours, 2,456 speakers, 24 kHz.
LibriTTS-R (Koizumi et al., arXiv:2305.18802; openslr.org/141) has the same tree below `LibriTTS_R`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.archives import Archive
from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tables import lines, split
from voxproof.corpora.tree import found, sounds
from voxproof.errors import CorpusError

# Of the archives, as many readers of the corpus check them.
_MD5 = {
    "train-clean-100": "4a8c202b78fe1bc0c47916a98f3a2ea8",
    "train-clean-360": "a84ef10ddade5fd25df69596a2767b2d",
    "train-other-500": "7b181dd5ace343a5f38427999684aa6f",
    "dev-clean": "0c3076c1e5245bb3f0af7d82087ee207",
    "dev-other": "815555d8d75995782ac3ccd7f047213d",
    "test-clean": "7bed3bdb047c4c197f1ad3bc412db59f",
    "test-other": "ae3258249472a13b5abef2a816f733e4",
}
_SPLITS = tuple(_MD5)
_NAME = re.compile(r"(\d+)_(\d+)_\d+_\d+")
_RESTORED = ("libritts_r", "libritts-r")


@corpora.register("libritts")
class LibriTts(Corpus):
    """`text` is normalised (numbers in words), `extra` has the `original`.

    A clip of LibriTTS-R is real speech that a neural vocoder wrote anew, and `extra` says `restored`: it is no real
    clip for a detector of vocoders.
    """

    title = "LibriTTS and LibriTTS-R"
    hours = 585.0
    speakers = 2456
    languages = "en"
    licence = "CC-BY-4.0"
    home = "https://www.openslr.org/60"
    archives = tuple(
        Archive(name, f"https://www.openslr.org/resources/60/{name}.tar.gz", f"md5:{md5}") for name, md5 in _MD5.items()
    )

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` is `LibriTTS`, `LibriTTS_R`, or what holds one of them or both."""
        roots = [root for name in ("LibriTTS", *_RESTORED) if (root := found(folder, name)) is not None] or [folder]
        roots = [root for root in roots if any(found(root, name) for name in _SPLITS)]
        if not roots:
            raise CorpusError(f"{folder}: no {_SPLITS[0]} or other part of LibriTTS in it")
        for root in roots:
            genders = _genders(root, problems)
            for name in _SPLITS:
                place = found(root, name)
                for path in sounds(place, frozenset({".wav"})) if place is not None else ():
                    row = _row(folder, name, path, genders, problems)
                    if row is not None:
                        same = row.id if len(roots) == 1 else f"{root.name}/{row.id}"  # both have the same names
                        extra = {"restored": "yes"} if root.name.lower() in _RESTORED else {}
                        yield row._replace(id=same, extra={**row.extra, **extra})


def _row(folder: Path, part: str, path: Path, genders: dict[str, str], problems: Problems) -> Row | None:
    speaker, chapter = path.parent.parent.name, path.parent.name
    named = _NAME.fullmatch(path.stem)
    if named is None or named.groups() != (speaker, chapter):
        problems.add(path, 0, "not in the folders of its speaker and chapter (84/121123/84_121123_000007_000001.wav)")
        return None
    text, original = (_text(path.with_name(f"{path.stem}.{kind}.txt"), problems) for kind in ("normalized", "original"))
    return Row(
        path.relative_to(folder).as_posix(),
        id=path.stem,
        split=part,
        speaker=speaker,
        gender=genders.get(speaker, ""),
        language="en",
        text=text,
        page=f"{speaker}-{chapter}",
        extra={"original": original} if original else {},
    )


def _text(file: Path, problems: Problems) -> str:
    if not file.is_file():
        problems.add(file, 0, "there is no such file; the clip lacks this text")
        return ""
    text = " ".join(line.strip() for _, line in lines(file)).strip()
    if not text:
        problems.add(file, 0, "it is empty; the clip lacks this text")
    return text


def _genders(root: Path, problems: Problems) -> dict[str, str]:
    """From `speakers.tsv`, in which some lines lack the name at the end."""
    listed = found(root, "speakers.tsv")
    if listed is None:
        return {}
    genders = {}
    for number, cells in split(listed, delimiter="\t"):
        if number == 1 and cells[0].strip().upper() == "READER":
            continue
        if len(cells) < 2 or cells[1].strip() not in ("F", "M"):
            problems.add(listed, number, "no speaker's line")
            continue
        genders[cells[0].strip()] = cells[1].strip().lower()
    return genders
