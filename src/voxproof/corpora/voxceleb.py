"""VoxCeleb: speech of celebrities from videos (Nagrani et al., Interspeech 2017; Chung et al., Interspeech 2018).

- VoxCeleb1 (352 hours, 1,251 speakers, 153,516 clips): `wav/id10001/VIDEO/00001.wav`, and `vox1_meta.csv`, by tabs:
  VoxCeleb1 ID, VGGFace1 ID, Gender, Nationality, Set. id10270 to id10309 are the test's speakers.
- VoxCeleb2 (2,442 hours, 6,112 speakers, 1,128,246 clips): `aac/id00012/VIDEO/00001.m4a`, and `vox2_meta.csv`:
  VoxCeleb2 ID, VGGFace2 ID, Gender, Set, by commas or tabs, with blanks around them; a later one has Name and
  Nationality too.

The archives of both unpack to `dev` and `test`, to `vox1_dev_wav` and the like, or one into the other. Copies of
VoxCeleb2 have `.wav` beside the `.m4a`, or instead. `iden_split.txt` (1 train, 2 dev, 3 test) and `veri_test.txt`
(pairs) of VoxCeleb1 are read where they are beside the table. Its first release, with names for folders, is not read.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, NamedTuple

from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tables import lines, split, table
from voxproof.corpora.tree import found, sounds
from voxproof.errors import CorpusError

_PART = re.compile(r"(?:.*_)?(dev|test)(?:_.*)?", re.IGNORECASE)
_IDEN = {"1": "train", "2": "dev", "3": "test"}
_DEPTH = 3


class _Speaker(NamedTuple):
    gender: str
    nationality: str
    split: str


class _VoxCeleb(Corpus):
    licence = "CC-BY-4.0"
    how = "Its owners ask for a form to be filled in; the videos' sound stays their owners'."
    _number: ClassVar[str]
    _speaker: ClassVar[re.Pattern[str]]
    _lists: ClassVar[tuple[str, ...]] = ()

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` holds the speakers' folders up to three folders deep, and the table."""
        places = list(self._places(folder, _DEPTH))
        if not places:
            raise CorpusError(f"{folder}: no folder of a speaker of {self.title} in it")
        known = _speakers(folder, self._number, problems)
        marked, met = _marked(folder, self._lists, problems), set[str]()
        for place in places:
            for speaker in sorted(place.iterdir()):
                if self._speaker.fullmatch(speaker.name) and speaker.is_dir():
                    if known and speaker.name not in known:
                        problems.add(speaker, 0, f"vox{self._number}_meta.csv does not name this speaker")
                    of = known.get(speaker.name) or _Speaker("", "", self._split(folder, speaker))
                    yield from _clips(folder, speaker, of, marked, met, problems)
        for name, (listed, number, _) in marked.items():
            if name not in met:
                problems.add(listed, number, f"there is no {name}.wav")

    def _places(self, folder: Path, depth: int) -> Iterator[Path]:
        below = [entry for entry in sorted(folder.iterdir()) if entry.is_dir()]
        if any(self._speaker.fullmatch(entry.name) for entry in below):
            yield folder
        elif depth:
            for entry in below:
                yield from self._places(entry, depth - 1)

    def _split(self, folder: Path, speaker: Path) -> str:
        """Without a table: by the names of the archives."""
        parts = speaker.relative_to(folder).parts[:-1]
        return next((part.group(1).lower() for name in parts if (part := _PART.fullmatch(name))), "")


@corpora.register("voxceleb1")
class VoxCeleb1(_VoxCeleb):
    """`accent` is the nationality, `page` the video; `extra` has `iden` (its part there) and `veri` (the list)."""

    title = "VoxCeleb1"
    hours = 352.0
    speakers = 1251
    languages = "en and others"
    home = "https://www.robots.ox.ac.uk/~vgg/data/voxceleb/vox1.html"
    _number = "1"
    _speaker = re.compile(r"id1\d{4}")
    _lists = ("iden_split.txt", "veri_test.txt", "veri_test2.txt")

    def _split(self, folder: Path, speaker: Path) -> str:
        return "test" if "id10270" <= speaker.name <= "id10309" else "dev"


@corpora.register("voxceleb2")
class VoxCeleb2(_VoxCeleb):
    """`accent` is the nationality where the table has it, `page` the video."""

    title = "VoxCeleb2"
    hours = 2442.0
    speakers = 6112
    languages = "en and others"
    home = "https://www.robots.ox.ac.uk/~vgg/data/voxceleb/vox2.html"
    _number = "2"
    _speaker = re.compile(r"id0\d{4}")


_Marked = dict[str, tuple[Path, int, dict[str, str]]]


def _clips(
    folder: Path, speaker: Path, of: _Speaker, marked: _Marked, met: set[str], problems: Problems
) -> Iterator[Row]:
    before = ""
    for path in sounds(speaker):
        name = path.relative_to(speaker.parent).with_suffix("").as_posix()
        if name == before:  # 00001.wav that was made of 00001.m4a
            continue
        before = name
        if name.count("/") != 2:
            problems.add(path, 0, "not in a folder of a speaker and a video (id10001/VIDEO/00001.wav)")
            continue
        if name in marked:
            met.add(name)
        yield Row(
            path.relative_to(folder).as_posix(),
            id=name,
            split=of.split,
            page=path.parent.name,
            speaker=speaker.name,
            gender=of.gender,
            accent=of.nationality,
            extra=marked[name][2] if name in marked else {},
        )


def _speakers(folder: Path, number: str, problems: Problems) -> dict[str, _Speaker]:
    listed = found(folder, f"vox{number}_meta.csv")
    if listed is None:
        problems.add(folder / f"vox{number}_meta.csv", 0, "there is no such file; nothing is known of the speakers")
        return {}
    _, head = next(lines(listed), (0, ""))
    needs = (f"VoxCeleb{number} ID", "Gender", "Set")
    speakers = {}
    for line, cells in table(listed, problems, delimiter="\t" if "\t" in head else ",", needs=needs):
        cells = {name: value.strip() for name, value in cells.items()}
        name, gender, part = (cells[need] for need in needs)
        if gender not in ("m", "f") or part not in ("dev", "test"):
            problems.add(listed, line, "no speaker's line")
            continue
        speakers[name] = _Speaker(gender, cells.get("Nationality", ""), part)
    return speakers


def _marked(folder: Path, lists: tuple[str, ...], problems: Problems) -> _Marked:
    """Clips by name, with the first line of a list that names each, and what the lists say of it."""
    marked: _Marked = {}
    for listed in filter(None, (found(folder, name) for name in lists)):
        iden = listed.name.lower().startswith("iden")
        for number, cells in split(listed, delimiter=" "):
            if len(cells) != (2 if iden else 3) or cells[0] not in (_IDEN if iden else ("0", "1")):
                problems.add(listed, number, "no line of a part and a clip" if iden else "no line of a trial")
                continue
            for clip in cells[1:]:
                _, _, said = marked.setdefault(clip.rpartition(".")[0], (listed, number, {}))
                said.update({"iden": _IDEN[cells[0]]} if iden else {"veri": listed.stem})
    return marked
