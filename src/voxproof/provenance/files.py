"""Marked sound with its manifest, to disk and back."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from voxproof.audio import Audio, read_audio, write_audio
from voxproof.audio.limits import expecting
from voxproof.audio.tags import comment_of
from voxproof.errors import AudioError, VoxproofError
from voxproof.provenance.manifest import Manifest, samples_sha256
from voxproof.provenance.marking import MARK, mark, read_mark
from voxproof.provenance.watermark import DEFAULT_KEY

MAX_SIDECAR = 1 << 20  # bytes
LOSSLESS = (".wav", ".flac")
State = Literal["unchanged", "recoded", "streamed", "altered"]


def seal(audio: Audio, manifest: Manifest, key: bytes | str = DEFAULT_KEY, *, fresh: bool = False) -> Audio:
    """`audio` with its mark (made now, unless it carries the manifest's own) and the finished manifest.

    The payload is the manifest's own 16 bits. `fresh` sound was just made and has no mark to look for, which saves a
    third of the time. `AudioError` where no mark holds.
    """
    payload = manifest.own_payload()
    held = None if fresh else read_mark(audio, key)
    marked = audio if held is not None and held.payload == payload else mark(audio, payload, key)
    finished = manifest.model_copy(
        update={
            "mark": MARK,
            "payload": payload,
            "rate": marked.rate,
            "samples": len(marked.samples),
            "samples_sha256": samples_sha256(marked),
        }
    )
    return replace(marked, manifest=finished.mapping())


def write_marked(
    path: str | os.PathLike[str], audio: Audio, manifest: Manifest, key: bytes | str = DEFAULT_KEY
) -> Audio:
    """Seal `audio` and write it with `<path>.json`; the mark is read back from the file before it gets its name.

    Both files or neither: `AudioError` says what prevented it. Returns what was written.
    """
    sealed = seal(audio, manifest, key)
    payload = sealed.manifest["payload"] if sealed.manifest else None

    def verify(written: Path) -> None:
        with expecting(sealed.duration):
            sound = read_audio(written)
        if read_mark(sound, key).payload != payload:
            raise AudioError(
                f"cannot write {path}: the watermark does not survive in a {Path(path).suffix} file of this sound, and "
                "without it nothing is written; make it louder, or write .wav or .flac"
            )

    write_audio(path, sealed, verify=verify)
    return sealed


def read_manifest(path: str | os.PathLike[str]) -> Manifest | None:
    """The manifest beside a file (`<path>.json`) or in its comment tag; None if it has none of ours.

    A manifest that says it is ours but cannot be one raises `VoxproofError`.
    """
    target = Path(path)
    for origin, text in ((f"{target.name}.json", _sidecar(target)), ("the comment tag", comment_of(target))):
        manifest = parse_manifest(text, f"{target}: the manifest in {origin}")
        if manifest is not None:
            return manifest
    return None


def parse_manifest(text: str | None, what: str) -> Manifest | None:
    """The manifest in a text; None if there is none of ours, `VoxproofError` about `what` if it cannot be one."""
    facts = _ours(text)
    if facts is None:
        return None
    try:
        return Manifest.model_validate(facts)
    except ValidationError as reason:
        first = reason.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "manifest"
        raise VoxproofError(f"{what} is not valid ({place}: {first['msg']})") from None


def check(
    path: str | os.PathLike[str], manifest: Manifest, audio: Audio | None = None, key: bytes | str = DEFAULT_KEY
) -> State:
    """Whether a file is still what its manifest says.

    `unchanged`: the very samples. `recoded`: other samples, but in a format that changes them (MP3, Ogg, Opus, M4A),
    and the mark is the manifest's. `streamed`: the manifest was sent before the samples were known, and the mark is its
    own. `altered`: other samples. `audio` saves reading the file again.
    """
    sound = audio if audio is not None else read_audio(path)
    if manifest.samples_sha256 is not None and samples_sha256(sound) == manifest.samples_sha256:
        return "unchanged"
    streamed = manifest.samples_sha256 is None
    changes = streamed or Path(path).suffix.lower() not in LOSSLESS
    if changes and manifest.payload is not None and read_mark(sound, key).payload == manifest.payload:
        return "streamed" if streamed else "recoded"
    return "altered"


def _sidecar(target: Path) -> str | None:
    beside = target.with_name(target.name + ".json")
    try:
        if not beside.is_file() or beside.stat().st_size > MAX_SIDECAR:
            return None
        return beside.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _ours(text: str | None) -> dict[str, Any] | None:
    try:
        facts = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    return facts if isinstance(facts, dict) and facts.get("tool") == "voxproof" else None
