"""CSTR VCTK: newspaper sentences in many accents of English (Yamagishi, Veaux, MacDonald; doi:10.7488/ds/2645).

0.80 has `wav48/p225/p225_001.wav`; 0.92 has `wav48_silence_trimmed/p225/p225_001_mic1.flac` and `_mic2.flac`, trimmed,
of two microphones. Both have `txt/p225/p225_001.txt` and `speaker-info.txt` (ID, AGE, GENDER, ACCENTS, REGION, and in
0.92 comments in brackets; columns apart by any number of blanks; 0.80 leaves out the `p`). p315 has no texts; p315 and
p280 have no second microphone, and 0.80 does not list p280. About 44 hours, 110 speakers, 48 kHz.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.archives import Archive
from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tables import lines
from voxproof.corpora.tree import found, sounds
from voxproof.errors import CorpusError

_NAME = re.compile(r"([ps]\d+)_(\d+)(?:_(mic[12]))?", re.IGNORECASE)
_COMMENT = re.compile(r"\(([^)]*)\)")
_SUFFIXES = frozenset({".wav", ".flac"})


@corpora.register("vctk")
class Vctk(Corpus):
    """The first microphone is the row; `extra` has the path of the second as `mic2`, and `region` and `comment`.

    Where the first is missing the second is the row, and `extra` says `microphone`. The sentences 1 to 24 are spoken
    by everybody: leave them out where texts must differ.
    """

    title = "CSTR VCTK"
    hours = 44.0
    speakers = 110
    languages = "en"
    licence = "CC-BY-4.0"
    home = "https://datashare.ed.ac.uk/handle/10283/3443"
    archives = (
        Archive(
            "0.92",
            "https://datashare.ed.ac.uk/bitstream/handle/10283/3443/VCTK-Corpus-0.92.zip",
            "md5:8a6ba2946b36fcbef0212cad601f4bfa",
        ),
    )

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` is what holds `wav48` or `wav48_silence_trimmed`, or the folder above it."""
        places = [folder, *sorted(place for place in folder.iterdir() if place.is_dir())]
        trees = ((place, found(place, "wav48_silence_trimmed", "wav48")) for place in places)
        root, audio = next(((place, tree) for place, tree in trees if tree is not None), (folder, None))
        if audio is None:
            raise CorpusError(f"{folder}: no wav48 or wav48_silence_trimmed in it, as VCTK has")
        licence = "ODC-By-1.0" if audio.name.lower() == "wav48" else ""  # the terms of 0.80
        facts, texts = _speakers(root, problems), found(root, "txt")
        for place in sorted(place for place in audio.iterdir() if place.is_dir()):
            for row in _speaker(folder, place, texts and found(texts, place.name), problems):
                yield _with_facts(row._replace(licence=licence), facts.get(row.speaker, {}))


def _speaker(folder: Path, place: Path, texts: Path | None, problems: Problems) -> Iterator[Row]:
    speaker = place.name.lower()
    if texts is None:
        problems.add(place, 0, "no texts of this speaker; its clips have none")
    clips: dict[str, dict[str, Path]] = {}
    for path in sounds(place, _SUFFIXES):
        named = _NAME.fullmatch(path.stem)
        if named is None or named.group(1).lower() != speaker:
            problems.add(path, 0, "not called after its speaker (p225/p225_001.wav)")
            continue
        name = f"{speaker}_{named.group(2)}"
        clips.setdefault(name, {})[(named.group(3) or "mic1").lower()] = path
    for name, microphones in clips.items():
        first = microphones.get("mic1") or microphones["mic2"]
        extra = {} if "mic1" in microphones else {"microphone": "mic2"}
        if "mic1" in microphones and "mic2" in microphones:
            extra["mic2"] = microphones["mic2"].relative_to(folder).as_posix()
        yield Row(
            first.relative_to(folder).as_posix(),
            id=name,
            speaker=speaker,
            language="en",
            text=_text(texts / f"{name}.txt", problems) if texts is not None else "",
            extra=extra,
        )


def _text(file: Path, problems: Problems) -> str:
    if not file.is_file():
        problems.add(file, 0, "there is no such file; the clip has no text")
        return ""
    return " ".join(line.strip() for _, line in lines(file)).strip()


def _with_facts(row: Row, facts: dict[str, str]) -> Row:
    beside = {key: facts[key] for key in ("region", "comment") if facts.get(key)}
    gender, age, accent = (facts.get(key, "") for key in ("gender", "age", "accent"))
    return row._replace(gender=gender, age=age, accent=accent, extra={**row.extra, **beside})


def _speakers(root: Path, problems: Problems) -> dict[str, dict[str, str]]:
    listed = found(root, "speaker-info.txt")
    if listed is None:
        problems.add(root / "speaker-info.txt", 0, "there is no such file; nothing is known of the speakers")
        return {}
    speakers = {}
    for number, line in lines(listed):
        comment = _COMMENT.search(line)
        cells = _COMMENT.sub(" ", line).split()
        if cells[:2] == ["ID", "AGE"] or not cells:
            continue
        if len(cells) < 3 or not cells[1].isdigit() or cells[2][0].lower() not in "fm":
            problems.add(listed, number, "no line of a speaker, an age and a gender")
            continue
        words = cells[3:]
        two = words[1:2] == ["English"] and words[0] != "English"  # "Australian English", "NewZealand English"
        speakers[f"p{cells[0]}" if cells[0].isdigit() else cells[0].lower()] = {
            "age": cells[1],
            "gender": cells[2][0].lower(),
            "accent": " ".join(words[: 2 if two else 1]),
            "region": " ".join(words[2 if two else 1 :]),
            "comment": comment.group(1).strip() if comment else "",
        }
    return speakers
