"""LibriSpeech: read English audiobooks (Panayotov et al., ICASSP 2015; openslr.org/12).

`SPLIT/SPEAKER/CHAPTER/SPEAKER-CHAPTER-NUMBER.flac`, a `.trans.txt` in each chapter, and `SPEAKERS.TXT` at the root.
982 hours, 2,484 speakers, 16 kHz FLAC.
"""

from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.archives import Archive
from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tables import lines
from voxproof.corpora.tree import found
from voxproof.errors import CorpusError

_LONGEST = 64  # characters of a clip's name; a broken line may be a longer one than any file's
# Of the archives, by the list of sums beside them.
_MD5 = {
    "train-clean-100": "2a93770f6d5c6c964bc36631d331a522",
    "train-clean-360": "c0e676e450a7ff2f54aeade5171606fa",
    "train-other-500": "d1a0fd59409feb2c614ce4d30c387708",
    "dev-clean": "42e2234ba48799c1f50f24a7926300a1",
    "dev-other": "c8d0bcc9cca99d4f8b62fcc847357931",
    "test-clean": "32fa31d27d2e1cad72775fee3f4849a9",
    "test-other": "fb5a50374b501bb3bac4815ee91d3135",
}
_SPLITS = tuple(_MD5)


@corpora.register("librispeech")
class LibriSpeech(Corpus):
    """Texts come in capitals without punctuation, as they are published."""

    title = "LibriSpeech"
    hours = 982.0
    speakers = 2484
    languages = "en"
    licence = "CC-BY-4.0"
    home = "https://www.openslr.org/12"
    archives = tuple(
        Archive(name, f"https://www.openslr.org/resources/12/{name}.tar.gz", f"md5:{md5}") for name, md5 in _MD5.items()
    )

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` is `LibriSpeech`, or what holds it."""
        root = found(folder, "LibriSpeech") or folder
        splits = [place for name in _SPLITS if (place := found(root, name)) is not None]
        if not splits:
            raise CorpusError(f"{folder}: no {_SPLITS[0]} or other part of LibriSpeech in it")
        genders = _genders(root, problems)
        for split in splits:
            for chapter in sorted(split.glob("*/*")):
                if chapter.is_dir():
                    yield from _chapter(folder, split.name, chapter, genders, problems)


def _chapter(folder: Path, split: str, chapter: Path, genders: dict[str, str], problems: Problems) -> Iterator[Row]:
    listed = next(iter(sorted(chapter.glob("*.trans.txt"))), None)
    if listed is None:
        problems.add(chapter, 0, "no .trans.txt in this chapter; its clips are left out")
        return
    speaker = chapter.parent.name
    for number, line in lines(listed):
        name, _, text = line.partition(" ")
        clip = chapter / f"{name}.flac"
        if len(name) > _LONGEST or not clip.is_file():
            problems.add(listed, number, f"there is no {clip.name}")
            continue
        yield Row(
            clip.relative_to(folder).as_posix(),
            id=name,
            split=split,
            speaker=speaker,
            gender=genders.get(speaker, ""),
            language="en",
            text=text.strip(),
            page=f"{speaker}-{chapter.name}",
        )


def _genders(root: Path, problems: Problems) -> dict[str, str]:
    """From `SPEAKERS.TXT`: ID | SEX | SUBSET | MINUTES | NAME, and comments after a semicolon."""
    listed = found(root, "SPEAKERS.TXT")
    if listed is None:
        return {}
    genders = {}
    for number, line in lines(listed):
        if line.startswith(";"):
            continue
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) < 2 or cells[1] not in ("F", "M"):
            problems.add(listed, number, "no speaker's line")
            continue
        genders[cells[0]] = cells[1].lower()
    return genders
