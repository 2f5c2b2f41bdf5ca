"""Common Voice: read sentences from volunteers in any language (Ardila et al., LREC 2020; arXiv:1912.06670).

`cv-corpus-VERSION/LANG` with `clips/*.mp3` and the tables `train.tsv`, `dev.tsv`, `test.tsv`, `validated.tsv`,
`invalidated.tsv` and `other.tsv`. The first three are parts of the fourth. Newer releases add columns
(`sentence_id`, `sentence_domain`, `variant`), call `accent` `accents`, and `male` `male_masculine`. Hours and speakers
grow with each release.
"""

from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tables import table
from voxproof.errors import CorpusError

_SPLITS = ("train", "dev", "test")
_OTHERS = ("validated", "invalidated", "other")
_GENDERS = {"male": "m", "male_masculine": "m", "female": "f", "female_feminine": "f"}
_KEPT = ("up_votes", "down_votes", "segment", "sentence_id", "sentence_domain", "variant")
_SUFFIXES = (".mp3", ".MP3", ".wav", ".flac")  # as published, from a Mac or Windows, and converted


@corpora.register("common_voice")
class CommonVoice(Corpus):
    """`split` is `train`, `dev` or `test`; for clips in none of them `validated`, `invalidated` or `other`.

    `extra` has the votes; `gender` is there too where it is neither of the two letters. Who speaks is known as a
    `client_id` only.
    """

    title = "Common Voice"
    hours = 0.0
    speakers = 0
    languages = "any of more than 100"
    licence = "CC0-1.0"
    home = "https://commonvoice.mozilla.org/en/datasets"
    how = "One promises by form not to find out who the speakers are, and gets a link."

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` is a language of a release, a release, or what holds releases."""
        languages = _languages(folder)
        if not languages:
            raise CorpusError(f"{folder}: no validated.tsv or other table of Common Voice in it")
        for place in languages:
            yield from _language(folder, place, problems)


def _languages(folder: Path) -> list[Path]:
    for pattern in (".", "*", "*/*"):
        places = [folder] if pattern == "." else sorted(folder.glob(pattern))
        several = [place for place in places if any((place / f"{name}.tsv").is_file() for name in (*_SPLITS, *_OTHERS))]
        if several:
            return several
    return []


def _language(folder: Path, place: Path, problems: Problems) -> Iterator[Row]:
    taken: set[str] = set()  # of train, dev and test: all of them stand in validated.tsv again
    for name in (*_SPLITS, *_OTHERS):
        listed = place / f"{name}.tsv"
        if not listed.is_file():
            problems.add(listed, 0, "there is no such table")
            continue
        for number, cells in table(listed, problems, needs=("client_id", "path", "sentence")):
            file = Path(cells["path"].strip()).name  # older copies have folders before it
            if file in taken and name in _OTHERS:
                continue
            if name in _SPLITS:
                taken.add(file)
            clip = _clip(place / "clips", file)
            if clip is None:
                problems.add(listed, number, f"there is no clip {file!r}")
                continue
            yield _row(clip.relative_to(folder).as_posix(), name, cells, place.name)


def _clip(clips: Path, file: str) -> Path | None:
    if not 0 < len(file) < 200:  # a system refuses longer ones with an error of its own
        return None
    if (clips / file).is_file():
        return clips / file
    stem = file.removesuffix(".mp3")  # the first releases name clips without an ending
    return next((clips / f"{stem}{suffix}" for suffix in _SUFFIXES if (clips / f"{stem}{suffix}").is_file()), None)


def _row(path: str, split: str, cells: dict[str, str], language: str) -> Row:
    known = {key: value.strip() for key, value in cells.items()}
    extra = {key: known[key] for key in _KEPT if known.get(key)}
    gender = known.get("gender", "")
    if gender and gender not in _GENDERS:
        extra["gender"] = gender
    return Row(
        path,
        id=Path(path).stem,
        split=split,
        speaker=known["client_id"],
        gender=_GENDERS.get(gender, ""),
        language=known.get("locale") or language,
        text=known["sentence"],
        age=known.get("age", ""),
        accent=known.get("accents") or known.get("accent", ""),
        extra=extra,
    )
