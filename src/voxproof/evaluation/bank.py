"""The frozen bank: speakers nobody trains on, what they really said, and texts that nobody recorded.

A bank is a folder with `manifest.tsv` (one row a clip: path, speaker, role `reference` or `real`, order, text, gender,
accent) and `texts.tsv` (short and long texts). The protocol says who says what:

- Speaker number i (manifest order, from 0) says short texts (3 i + k) mod 12, k = 0, 1, 2, and long text i mod 4.
- A reference of L seconds is the speaker's reference clips in order, joined by 0.2 s of silence, cut after L seconds.
- Conversion takes `real` utterances of speaker i + 1 of the same gender and of the next speaker of the other gender.
"""

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from voxproof.audio import Audio, read_audio
from voxproof.errors import CorpusError

RATE = 16_000  # Hz
LENGTHS = ("5", "10", "30", "all")  # seconds of reference
HEADLINE = "10"
PAUSE = 0.2  # seconds of silence between reference clips
SHORT_TEXTS = 3  # short texts a speaker says
DEFAULT_FOLDERS = ("../shared/bench", "shared/bench")
COLUMNS = ("path", "speaker", "role", "order", "text", "gender", "accent")


@dataclass(frozen=True)
class Text:
    """Something to say: `id` as in `texts.tsv`, length `short` or `long`."""

    id: str
    length: str
    text: str


@dataclass(frozen=True)
class Clip:
    """A recording of the bank and what is said in it."""

    path: Path
    text: str

    @property
    def id(self) -> str:
        """Speaker and file without its ending: `librispeech_1737/real00`."""
        return f"{self.path.parent.name}/{self.path.stem}"

    def audio(self) -> Audio:
        """Mono at 16 kHz."""
        return read_audio(self.path, rate=RATE)


@dataclass(frozen=True)
class Speaker:
    """One speaker: reference clips to clone from and real clips to compare with."""

    number: int
    name: str
    gender: str
    accent: str
    references: tuple[Clip, ...]
    real: tuple[Clip, ...]

    def reference(self, length: str = HEADLINE) -> Audio:
        """The reference of `length` seconds (`5`, `10`, `30`) or of all that there is; never padded."""
        if length != "all" and not length.isdigit():
            raise CorpusError(f"a reference of {length!r} seconds: give whole seconds, or all")
        parts: list[np.ndarray] = []
        wanted = int(length) * RATE if length != "all" else None
        have = 0
        for clip in self.references:
            if parts:
                parts.append(np.zeros(round(PAUSE * RATE), np.float32))
            parts.append(clip.audio().samples)
            have = sum(len(part) for part in parts)
            if wanted is not None and have >= wanted:
                break
        return Audio(np.concatenate(parts)[:wanted].astype(np.float32), RATE)


@dataclass(frozen=True)
class Bank:
    """All speakers and texts of a bank, and the protocol's assignments."""

    folder: Path
    speakers: tuple[Speaker, ...]
    texts: tuple[Text, ...]

    @cached_property
    def _by_length(self) -> dict[str, list[Text]]:
        return {length: [text for text in self.texts if text.length == length] for length in ("short", "long")}

    def texts_for(self, speaker: Speaker) -> list[Text]:
        """Three short texts and a long one."""
        short, long = self._by_length["short"], self._by_length["long"]
        start = SHORT_TEXTS * speaker.number
        chosen = [short[(start + k) % len(short)] for k in range(SHORT_TEXTS)]
        return [*chosen, long[speaker.number % len(long)]]

    def others(self, speaker: Speaker) -> list[Speaker]:
        """The other speakers of the same gender."""
        return [one for one in self.speakers if one.gender == speaker.gender and one.name != speaker.name]

    def sources_for(self, speaker: Speaker) -> list[Speaker]:
        """Whose speech is converted to this speaker: the next one of the same gender and the next one of the other."""
        total = len(self.speakers)
        following = [self.speakers[(speaker.number + step) % total] for step in range(1, total)]
        same = [one for one in following if one.gender == speaker.gender][:1]
        other = [one for one in following if one.gender != speaker.gender][:1]
        return same + other

    def some(self, limit: int | None) -> tuple[Speaker, ...]:
        """The first `limit` speakers, or all; similarity still compares with everybody's real speech."""
        return self.speakers if limit is None else self.speakers[: max(limit, 0)]


def default_bank() -> Path:
    """`$VOXPROOF_BANK`, or the bank in the shared folder beside the checkout."""
    given = os.environ.get("VOXPROOF_BANK")
    if given:
        return Path(given)
    for folder in DEFAULT_FOLDERS:
        if (Path(folder) / "manifest.tsv").is_file():
            return Path(folder)
    return Path(DEFAULT_FOLDERS[0])


def load_bank(folder: str | Path | None = None) -> Bank:
    """Read a bank; `CorpusError` says what is missing or wrong in it, and in which row."""
    root = Path(folder) if folder is not None else default_bank()
    for name in ("manifest.tsv", "texts.tsv"):
        if not (root / name).is_file():
            raise CorpusError(f"{root}: no bank for evaluation here ({name} is missing); name its folder with --bank")
    rows = _rows(root / "manifest.tsv", COLUMNS)
    texts = tuple(
        Text(row["id"], row["length"], row["text"]) for row in _rows(root / "texts.tsv", ("id", "length", "text"))
    )
    for length in ("short", "long"):
        if not any(text.length == length for text in texts):
            raise CorpusError(f"{root / 'texts.tsv'}: it holds no {length} text")
    names = list(dict.fromkeys(row["speaker"] for row in rows))
    if not names:
        raise CorpusError(f"{root / 'manifest.tsv'}: it names no clip")
    speakers = tuple(
        _speaker(root, number, name, [row for row in rows if row["speaker"] == name])
        for number, name in enumerate(names)
    )
    return Bank(root, speakers, texts)


def _rows(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        rows = list(reader)
    missing = [column for column in columns if column not in (reader.fieldnames or [])]
    if missing:
        raise CorpusError(f"{path}: the column {missing[0]} is missing")
    for number, row in enumerate(rows, 2):
        if any(row[column] is None for column in columns):
            raise CorpusError(f"{path}: line {number} has fewer fields than the header")
    return rows


def _speaker(root: Path, number: int, name: str, rows: list[dict[str, str]]) -> Speaker:
    ordered = sorted(rows, key=lambda row: int(row["order"]) if row["order"].isdigit() else 0)
    clips: dict[str, list[Clip]] = {"reference": [], "real": []}
    for row in ordered:
        path = root / row["path"]
        if row["role"] not in clips:
            raise CorpusError(f"{root / 'manifest.tsv'}: {row['path']} has the unknown role {row['role']!r}")
        if not path.is_file():
            raise CorpusError(f"{path}: the manifest names this clip, but it is not there")
        clips[row["role"]].append(Clip(path, row["text"]))
    for role, found in clips.items():
        if len(found) < (2 if role == "real" else 1):
            raise CorpusError(f"{root / 'manifest.tsv'}: {name} has {len(found)} clips of the role {role}: too few")
    return Speaker(number, name, rows[0]["gender"], rows[0]["accent"], tuple(clips["reference"]), tuple(clips["real"]))
