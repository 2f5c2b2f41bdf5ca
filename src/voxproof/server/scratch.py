"""The folder for temporary files: one a server, gone with it, and swept by the next one if it crashed.

Uploads are files without a name, which the operating system takes away whatever happens; what is written here has names
because encoders and results need them.
"""

import shutil
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "voxproof-serve-"
_LOCK = ".lock"


class Scratch:
    """A new folder within `parent` (the system's temporary folder if not given); a lock in it says that it is used."""

    def __init__(self, parent: Path | None = None) -> None:
        inside = Path(tempfile.gettempdir()) if parent is None else parent
        self.swept = sweep(inside)
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=inside))
        self._lock = FileLock(self.folder / _LOCK)
        self._lock.acquire()

    def close(self) -> None:
        """Take the folder and all that is in it away."""
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def sweep(parent: Path) -> int:
    """Take away the folders of servers that are no more; how many there were."""
    count = 0
    for folder in parent.glob(f"{PREFIX}*"):
        if folder.is_symlink() or not folder.is_dir():
            continue
        try:
            with FileLock(folder / _LOCK, timeout=0):
                pass
        except (Timeout, OSError):  # it is used, or somebody else's
            continue
        shutil.rmtree(folder, ignore_errors=True)
        count += not folder.exists()
    return count
