"""Hashes of files, against known ones."""

from pathlib import Path

import pytest

from voxproof.places import hash_of


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("md5", "900150983cd24fb0d6963f7d28e17f72"),
    ],
)
def test_abc(kind: str, known: str, tmp_path: Path) -> None:
    """FIPS 180-2, appendix B.1, and RFC 1321, appendix A.5."""
    (tmp_path / "abc").write_bytes(b"abc")
    assert hash_of(tmp_path / "abc", kind) == known


def test_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        hash_of(tmp_path / "abc")
