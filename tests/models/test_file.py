import hashlib
import os
from pathlib import Path

import pytest

from voxproof import paths
from voxproof.models import describe_file
from voxproof.models import file as file_module
from voxproof.models.file import is_intact, sha256_of


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as at rest at once, so that markers are left without waiting."""
    monkeypatch.setattr(file_module, "SETTLED_SECONDS", 0.0)


def markers() -> list[Path]:
    return list((paths.cache() / "checked").glob("*.json"))


def test_hash_is_that_of_the_standard_library(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"voice" * 700_000)
    assert sha256_of(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_checked_file_is_not_hashed_again(tmp_path: Path, settled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    expected = describe_file(path)
    hashed: list[Path] = []
    monkeypatch.setattr(file_module, "sha256_of", lambda p: hashed.append(p) or sha256_of(p))
    assert is_intact(path, expected)
    assert is_intact(path, expected)
    assert len(hashed) == 1
    assert len(markers()) == 1
    assert is_intact(path, expected, hash_again=True)
    assert len(hashed) == 2


def test_a_change_of_the_same_length_is_noticed(tmp_path: Path, settled: None) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    expected = describe_file(path)
    assert is_intact(path, expected)
    before = path.stat()
    path.write_bytes(b"abd")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # even with the old time of change put back
    assert not is_intact(path, expected)
    assert not markers()


def test_a_file_that_changed_just_now_leaves_no_marker(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    assert is_intact(path, describe_file(path))
    assert not markers()


def test_a_broken_marker_and_a_cache_that_cannot_be_written_do_no_harm(
    tmp_path: Path, settled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    expected = describe_file(path)
    assert is_intact(path, expected)
    markers()[0].write_text("{not json", encoding="utf-8")
    assert is_intact(path, expected)
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the cache should be", encoding="utf-8")
    monkeypatch.setenv("VOXPROOF_CACHE", str(blocked))
    assert is_intact(path, expected)
