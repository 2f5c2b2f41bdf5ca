"""The hash of a file, wherever it lies."""

import hashlib

from voxproof.places.address import Place


def hash_of(file: Place, kind: str = "sha256") -> str:
    """In hexadecimal, by any algorithm that `hashlib` knows; `OSError` if the file cannot be read."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, lambda: hashlib.new(kind, usedforsecurity=False)).hexdigest()
