from pathlib import Path

import numpy as np
import pytest

from voxproof import paths
from voxproof.errors import VoxproofError
from voxproof.speakers import Voice, delete_voice, list_voices, load_voice, rename_voice, save_voice


def make_voice(name: str) -> Voice:
    embedding = np.zeros(4, np.float32)
    embedding[0] = 1.0
    return Voice(name, embedding, "voice-encoder", 5.0)


def names() -> list[str]:
    return [stored.name for stored in list_voices()]


def test_save_list_load_rename_delete() -> None:
    assert names() == []
    save_voice(make_voice("Anna"))
    save_voice(make_voice("ben"))
    assert names() == ["Anna", "ben"]
    assert load_voice("Anna").name == "Anna"
    rename_voice("Anna", "Änne")
    assert load_voice("Änne").name == "Änne"
    assert names() == ["ben", "Änne"]
    delete_voice("ben")
    assert names() == ["Änne"]


def test_a_name_is_taken_once_unless_it_is_replaced() -> None:
    save_voice(make_voice("anna"))
    save_voice(make_voice("ben"))
    with pytest.raises(VoxproofError, match="already"):
        save_voice(make_voice("anna"))
    with pytest.raises(VoxproofError, match="already"):
        rename_voice("ben", "anna")
    save_voice(make_voice("anna"), replace_old=True)
    assert names() == ["anna", "ben"]


def test_what_is_not_there_is_named() -> None:
    save_voice(make_voice("anna"))
    with pytest.raises(VoxproofError, match="no voice is called 'carl'; enrolled are: anna"):
        load_voice("carl")
    with pytest.raises(VoxproofError, match="no voice is called 'carl'"):
        delete_voice("carl")
    with pytest.raises(VoxproofError, match="carl"):
        rename_voice("carl", "dora")
    for name in ("", ".", "a:b"):
        with pytest.raises(VoxproofError):
            load_voice(name)


def test_a_path_is_read_as_a_file(tmp_path: Path) -> None:
    make_voice("anna").save(tmp_path / "x.voice")
    assert load_voice(tmp_path / "x.voice").name == "anna"
    assert load_voice(str(tmp_path / "x.voice")).name == "anna"


def test_a_broken_file_is_listed_and_can_be_deleted() -> None:
    save_voice(make_voice("anna"))
    (paths.voices() / "bad.voice").write_bytes(b"garbage")
    listed = {stored.name: stored for stored in list_voices()}
    assert listed["anna"].voice is not None
    assert listed["bad"].voice is None
    assert "bad.voice" in listed["bad"].problem
    delete_voice("bad")
    assert names() == ["anna"]


def test_a_home_that_is_a_file_gives_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("x", encoding="utf-8")
    monkeypatch.setenv("VOXPROOF_HOME", str(blocked))
    with pytest.raises(VoxproofError, match="cannot be made"):
        save_voice(make_voice("anna"))
