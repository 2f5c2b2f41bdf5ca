"""What `clone` and `convert` do with the sound that they made: write it, marked and with its manifest, and say so."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voxproof.cli.stderr import note
from voxproof.cli.stdout import print_json
from voxproof.errors import AudioError

if TYPE_CHECKING:
    from voxproof.audio import Audio


def check_target(path: Path, inputs: Iterable[str | os.PathLike[str]] = ()) -> None:
    """Raise `AudioError` now for what could not be written later, and for a file that would replace its own source."""
    from voxproof.audio.writing import FORMATS
    from voxproof.files import check_writable

    if path.suffix.lower() not in FORMATS:
        raise AudioError(f"cannot write {path}: the suffix must be one of {', '.join(FORMATS)}")
    check_writable(path, AudioError)
    for source in inputs:
        if path.exists() and Path(source).exists() and path.samefile(source):
            raise AudioError(f"cannot write {path}: it is one of the recordings given; choose another name")


def write(path: Path, audio: "Audio") -> None:
    """Write sealed sound with its manifest; its mark is read back from the file before the file gets its name."""
    from voxproof.provenance import Manifest, write_marked

    write_marked(path, audio, Manifest.model_validate(audio.manifest))


def report(path: Path, audio: "Audio", elapsed: float, told: list[str], as_json: bool) -> None:
    """Say on stdout what was made. `elapsed` is in seconds, with all models loaded before."""
    manifest = audio.manifest or {}
    if "consent" not in manifest:
        note(told, "nobody's consent is recorded; say who agreed to what with --consent 'Ann agreed by mail on 3 May'")
    factor = elapsed / audio.duration
    if not as_json:
        print(
            f"{path}: {audio.duration:.1f} s of speech in {elapsed:.1f} s, RTF {factor:.2f}; marked, "
            f"manifest in {path.name}.json"
        )
        return
    facts: dict[str, Any] = {
        "path": str(path),
        "manifest_path": f"{path}.json",
        "seconds": round(audio.duration, 3),
        "rate": audio.rate,
        "elapsed_seconds": round(elapsed, 3),
        "rtf": round(factor, 4),
        "notes": told,
        "manifest": manifest,
    }
    print_json(facts)
