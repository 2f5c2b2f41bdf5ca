"""What is measured of one clip (words heard, opinion scores), kept on disk so that an interrupted run goes on.

Beside every clip lies a JSON file with its measures and the SHA-256 of the samples they belong to: a clip that was made
anew is measured anew.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from voxproof.audio import Audio
from voxproof.errors import VoxproofError
from voxproof.evaluation.distillmos import DistillMos
from voxproof.evaluation.dnsmos import Dnsmos, DnsmosScores
from voxproof.evaluation.error_rate import ErrorCount
from voxproof.evaluation.recognition import Recogniser, score_transcript
from voxproof.files import write_aside


@dataclass(frozen=True)
class Measures:
    """Of one clip: what it should say, what was heard, and how good it sounds."""

    text: str
    heard: str
    words: ErrorCount
    characters: ErrorCount
    distillmos: float
    dnsmos: DnsmosScores
    seconds: float


@lru_cache(maxsize=2)
def _recogniser(name: str) -> Recogniser:
    return Recogniser(name)


@lru_cache(maxsize=1)
def _quality() -> tuple[DistillMos, Dnsmos]:
    return DistillMos(), Dnsmos()


def measure(audio: Audio, text: str, kept: Path, recogniser: str) -> Measures:
    """The measures of a clip that should say `text`; those in the file `kept` that still hold are not made again."""
    digest = hashlib.sha256(audio.samples.tobytes()).hexdigest()
    known = _read(kept)
    if known.get("samples") != digest:
        known = {"samples": digest, "heard": {}}
    before = json.dumps(known, sort_keys=True)
    if recogniser not in known["heard"]:
        known["heard"][recogniser] = _recogniser(recogniser).transcribe(audio)
    mos, noise = _quality()
    if "distillmos" not in known:
        known["distillmos"] = mos.score(audio)
    if "dnsmos" not in known:
        known["dnsmos"] = noise.score(audio).as_dict()
    if json.dumps(known, sort_keys=True) != before:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with write_aside(kept, VoxproofError) as aside:
            aside.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    heard = known["heard"][recogniser]
    words, characters = score_transcript(text, heard)
    return Measures(
        text, heard, words, characters, known["distillmos"], DnsmosScores(**known["dnsmos"]), audio.duration
    )


def _read(kept: Path) -> dict[str, Any]:
    try:
        known = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) and isinstance(known.get("heard"), dict) else {}
