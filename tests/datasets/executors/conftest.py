"""Work that a test can give to other processes: it lies in a folder that they find their modules in."""

from collections.abc import Callable
from pathlib import Path

import pytest

WORK = '''
import os
from dataclasses import dataclass
from functools import partial

from voxproof.datasets.build.cluster import Making
from voxproof.errors import CorpusError


@dataclass(frozen=True)
class Doubling:
    """Twice a number; 13 ends the process, 14 is refused, 15 is a mistake."""

    loads: bool = True

    def __call__(self):
        if not self.loads:
            os._exit(7)
        return doubled


def doubled(number):
    if number == 13:
        os._exit(9)
    if number == 14:
        raise CorpusError("14 is out of stock")
    if number == 15:
        raise ZeroDivisionError("by\\nzero")
    return 2 * number, os.getpid(), os.environ.get("VOXPROOF_THREADS")


class DeadlyMaking(Making):
    """Makes units, but for number 2, which ends its process."""

    def __call__(self):
        return partial(_made, super().__call__())


def _made(make, unit):
    if unit.number == 2:
        os._exit(9)
    return make(unit)
'''


@pytest.fixture(scope="session")
def work_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the module `rigged_work`."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "rigged_work.py").write_text(WORK, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def content() -> Callable[[Path], dict[str, bytes]]:
    """All files of a folder but journals and locks, by name: what must be the same however it was made."""

    def read(folder: Path) -> dict[str, bytes]:
        files = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".jsonl", ".lock"))
        return {str(path.relative_to(folder)): path.read_bytes() for path in files}

    return read
