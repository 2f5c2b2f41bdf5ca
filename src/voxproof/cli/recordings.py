"""Which recordings are meant by paths on a command line."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

SUFFIXES = frozenset(".wav .flac .mp3 .ogg .oga .opus .m4a .m4b .mp4 .webm .aif .aiff .au .caf .w64 .rf64".split())


def recordings(paths: Sequence[Path]) -> Iterator[Path]:
    """Files as they are named; of folders, at any depth and in the order of names, what a suffix calls sound.

    Hidden files and what is reached by links to folders is left out; so is nothing that is named itself. A path that is
    neither comes back as it is: whoever reads it says what is wrong with it.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, inner, files in os.walk(path):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            for name in sorted(files):
                if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                    yield Path(folder, name)
