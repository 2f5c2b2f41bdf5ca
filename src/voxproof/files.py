"""No half files: write aside, then rename.

Everything that Voxproof writes (audio, manifests, voices, models, reports) goes through `write_aside`.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voxproof.errors import VoxproofError


@contextmanager
def write_aside(path: str | os.PathLike[str], error: type[VoxproofError] = VoxproofError) -> Iterator[Path]:
    """A temporary path beside `path`, which becomes `path` when the block ends well.

    The temporary name keeps the suffix (writers choose the format by it) and begins with a dot. Whatever goes wrong,
    Ctrl-C too, removes the temporary file and leaves an older `path` as it was. A missing or read-only folder, a full
    disk or a folder in the place of the file raise `error` with one line; the caller's own `VoxproofError`s pass.
    """
    target = Path(path)
    check_writable(target, error)
    aside = target.with_name(f".{target.stem[:60]}-{secrets.token_hex(4)}{target.suffix}")
    try:
        yield aside
        _to_disk(aside)
        aside.replace(target)
    except OSError as reason:
        raise error(f"cannot write {target}: {reason.strerror or reason}") from reason
    finally:
        aside.unlink(missing_ok=True)


def check_writable(path: Path, error: type[VoxproofError] = VoxproofError) -> None:
    """Raise `error` if `path` cannot become a file: its folder is missing or read-only, or it is a folder itself."""
    folder = path.parent
    if not path.name or path.is_dir():
        raise error(f"cannot write {path}: it is a folder; give the name of a file")
    if not folder.is_dir():
        raise error(f"cannot write {path}: there is no folder {folder}; make it first")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise error(f"cannot write {path}: the folder {folder} is read-only")


def _to_disk(path: Path) -> None:
    """Flush the file to disk before the rename, so that a crash cannot leave a renamed but empty file."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
