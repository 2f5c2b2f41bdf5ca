"""Which recordings are meant by paths and addresses on a command line."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from voxproof.places import Address, Place, place

SUFFIXES = frozenset(".wav .flac .mp3 .ogg .oga .opus .m4a .m4b .mp4 .webm .aif .aiff .au .caf .w64 .rf64".split())


def recordings(paths: Sequence[str | Place]) -> Iterator[Place]:
    """Files as they are named; of folders, at any depth and in the order of names, what a suffix calls sound.

    Hidden files and what is reached by links to folders is left out; so is nothing that is named itself. A path that is
    neither comes back as it is: whoever reads it says what is wrong with it.
    """
    for path in map(place, paths):
        if isinstance(path, Address):
            yield from _at(path)
        elif not path.is_dir():
            yield path
        else:
            for folder, inner, files in os.walk(path):
                inner[:] = sorted(name for name in inner if not name.startswith("."))
                yield from (Path(folder, name) for name in sorted(files) if _sounds(name))


def _at(address: Address) -> Iterator[Address]:
    """What is called sound needs not be asked for; whoever reads it says whether it is there."""
    if _sounds(address.name) or not address.is_dir():
        yield address
        return
    inside = [(one, is_folder) for one, is_folder in address.listed() if not one.name.startswith(".")]
    yield from (one for one, is_folder in inside if not is_folder and _sounds(one.name))
    for one, is_folder in inside:
        if is_folder:
            yield from _at(one)


def _sounds(name: str) -> bool:
    return not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES
