"""No half files: write aside, then rename.

Everything that Voxproof writes (audio, manifests, voices, models, reports) goes through `write_aside`.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
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
    with write_together([path], error) as (aside,):
        yield aside


@contextmanager
def write_together(
    paths: Sequence[str | os.PathLike[str]], error: type[VoxproofError] = VoxproofError
) -> Iterator[list[Path]]:
    """`write_aside` for files that belong together: all of them are on disk before the first one is renamed."""
    targets = [Path(path) for path in paths]
    for target in targets:
        check_writable(target, error)
    asides = [target.with_name(f".{target.stem[:60]}-{secrets.token_hex(4)}{target.suffix}") for target in targets]
    names = " and ".join(map(str, targets))
    renamed: list[Path] = []
    try:
        yield asides
        for aside in asides:
            _to_disk(aside)
        for aside, target in zip(asides, targets, strict=True):
            aside.replace(target)
            renamed.append(target)
    except OSError as reason:
        for target in renamed:  # better none than one without the other
            target.unlink(missing_ok=True)
        raise error(f"cannot write {names}: {reason.strerror or reason}") from reason
    finally:
        for aside in asides:
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
