"""CHiME-5: dinner parties of four, at home (Barker et al., Interspeech 2018); CHiME-6 is the same, in step.

`audio/{train,dev,eval}/S02_P05.wav` is what the ears of P05 heard, in stereo; `S02_U01.CH1.wav` one channel of an array
in the room. `transcriptions/{train,dev,eval}/S02.json` is a list of utterances with `session_id`, `speaker`, `words`,
`start_time` and `end_time` (`H:MM:SS.ss`: one in CHiME-6; in CHiME-5 one for each device, and `original` for the
speaker's own recording) and, of dev and eval, `ref` (the array that is taken) and `location`. 20 parties, 50 hours, 48
speakers, 16 kHz.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tree import found, sounds
from voxproof.errors import CorpusError

_SPLITS = ("train", "dev", "eval")
_WORN = re.compile(r"(S\d{2})_(P\d{2})", re.IGNORECASE)
_TIME = re.compile(r"(\d+):(\d{2}):(\d{2}(?:\.\d+)?)")
_MARK = re.compile(r"\[[^\]]*\]")
_BETWEEN = re.compile(r"[\s,]*")


@corpora.register("chime5")
class Chime5(Corpus):
    """Rows are utterances: stretches of the speaker's own recording, where others are heard too; `page` is the party.

    `text` is without marks such as `[noise]`; `extra` has the `words` as they are where those have any, and `ref` and
    `location`. What is `[redacted]` was silenced by its owners and is left out, which is no problem.
    """

    title = "CHiME-5"
    hours = 50.2
    speakers = 48
    languages = "en"
    licence = "CHiME-5 licence of the University of Sheffield"
    home = "https://licensing.sheffield.ac.uk/product/chime5"
    how = "Its licence is asked for from the University of Sheffield."

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` holds `audio` and `transcriptions`, or is what holds `CHiME5` or `CHiME6`."""
        root = found(folder, "CHiME5", "CHiME6") or folder
        audio, said = found(root, "audio"), found(root, "transcriptions")
        if audio is None or said is None:
            raise CorpusError(f"{folder}: no audio and transcriptions in it, as CHiME-5 has")
        for split in _SPLITS:
            worn = _worn(found(audio, split), problems)
            place = found(said, split)
            listed = sorted(place.glob("*.json")) if place is not None and place.is_dir() else []
            for session in listed:
                yield from _session(folder, split, session, worn, problems)
            told = {session.stem.upper() for session in listed}
            for name in sorted({session for session, _ in worn} - told):
                problems.add(said / split / f"{name}.json", 0, "there is no such file; the party has no utterances")


def _worn(place: Path | None, problems: Problems) -> dict[tuple[str, str], Path]:
    """Recordings at the ears, by party and person."""
    worn: dict[tuple[str, str], Path] = {}
    for path in sounds(place) if place is not None else ():
        named = _WORN.fullmatch(path.stem)
        if named is not None and worn.setdefault((named[1].upper(), named[2].upper()), path) != path:
            problems.add(path, 0, "this recording is there twice; only the first one is taken")
    return worn


def _session(
    folder: Path, split: str, listed: Path, worn: dict[tuple[str, str], Path], problems: Problems
) -> Iterator[Row]:
    session, missing = listed.stem.upper(), set[str]()
    for number, one in _utterances(listed, problems):
        try:
            speaker, words = str(one["speaker"]).upper(), str(one["words"])
            start, end = (_seconds(one[name], speaker) for name in ("start_time", "end_time"))
        except (KeyError, TypeError, ValueError) as reason:
            problems.add(listed, number, f"no utterance with speaker, words, start_time and end_time ({reason})")
            continue
        if "[redacted]" in words.lower():
            continue
        if not start < end:
            problems.add(listed, number, f"the utterance ends at {end:g} s, before it starts at {start:g} s")
            continue
        path = worn.get((session, speaker))
        if path is None:
            if speaker not in missing:  # once, not for a thousand utterances
                problems.add(listed, number, f"there is no {session}_{speaker}.wav; its utterances are left out")
            missing.add(speaker)
            continue
        text = " ".join(_MARK.sub(" ", words).split())
        yield Row(
            path.relative_to(folder).as_posix(),
            id=f"{session}_{speaker}-{round(start * 100):07d}-{round(end * 100):07d}",
            split=split,
            page=session,
            speaker=speaker,
            language="en",
            text=text,
            start_s=start,
            end_s=end,
            extra={
                **({"words": words} if _MARK.search(words) else {}),
                **{name: str(one[name]) for name in ("ref", "location") if one.get(name)},
            },
        )


def _utterances(listed: Path, problems: Problems) -> Iterator[tuple[int, dict[str, Any]]]:
    """Those of a JSON list one by one, each with its line, up to where the file breaks off."""
    try:
        text = listed.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        problems.add(listed, 0, "cannot be read as text in UTF-8")
        return
    decoder, line, seen, at = json.JSONDecoder(), 1, 0, text.find("[") + 1
    while at:
        gap = _BETWEEN.match(text, at)
        at = gap.end() if gap else at
        line, seen = line + text.count("\n", seen, at), at
        if text.startswith("]", at):
            return
        try:
            one, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as reason:
            problems.add(listed, line, f"the list breaks off here ({reason})")
            return
        if isinstance(one, dict):
            yield line, one
        else:
            problems.add(listed, line, "no utterance")
    problems.add(listed, 0, "no list of utterances")


def _seconds(said: object, speaker: str) -> float:
    """Of a time, or of the one of the speaker's own recording."""
    if isinstance(said, dict):
        said = said["original"] if "original" in said else said[speaker]
    time = _TIME.fullmatch(str(said).strip())
    if time is None:
        raise ValueError(f"{str(said)[:20]!r} is no time")
    return int(time[1]) * 3600 + int(time[2]) * 60 + float(time[3])
