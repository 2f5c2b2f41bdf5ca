"""What a sound and its file say of where they come from, as findings of a verdict."""

from collections.abc import Callable

from voxproof.audio import Audio
from voxproof.detection import Finding
from voxproof.errors import VoxproofError
from voxproof.provenance.files import State, check
from voxproof.provenance.manifest import Manifest
from voxproof.provenance.marking import read_mark

SINCE: dict[State, str] = {
    "unchanged": "since then the sound is unchanged",
    "recoded": "since then the sound is recoded",
    "streamed": "it was sent while it was made, and the sound carries its mark",
    "altered": "since then the sound is altered",
}


def findings(
    audio: Audio, name: str | None = None, manifest: Callable[[], Manifest | None] = lambda: None
) -> list[Finding]:
    """The watermark in the sound, and what the manifest of a file called `name` says, if it has one.

    `manifest` reads it; the `VoxproofError` of one that is broken becomes a finding that proves nothing.
    """
    found = []
    reading = read_mark(audio)
    if reading.present:
        message = "it carries Voxproof's watermark: this was made by a machine"
        details = {"payload": reading.payload, "score": round(float(reading.score), 3)}
        found.append(Finding("watermark", message, synthetic=True, details=details))
    try:
        stated = manifest()
    except VoxproofError as broken:
        return [*found, Finding("manifest", str(broken))]
    if stated is not None:
        state = check(name or "", stated, audio)
        said = f"its manifest says: {stated.kind} by {stated.engine} of {stated.time:%Y-%m-%d %H:%M} UTC"
        if stated.voice:
            said += f", in the voice {stated.voice!r}"
        facts = {"state": state, **stated.mapping()}
        found.append(Finding("manifest", f"{said}; {SINCE[state]}", state != "altered", facts))
    return found
