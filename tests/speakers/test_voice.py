import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from voxproof.errors import VoxproofError
from voxproof.speakers import Voice


def make_voice(**changes: object) -> Voice:
    embedding = np.random.default_rng(0).standard_normal(16).astype(np.float32)
    fields: dict[str, object] = {
        "name": "Anna Ø",
        "embedding": embedding / np.linalg.norm(embedding),
        "encoder": "voice-encoder",
        "seconds": 9.2,
        "f0": 201.5,
        "notes": ("noisy",),
        "consent": {"note": "she said yes", "date": "2026-11-20"},
    }
    return Voice(**{**fields, **changes})  # type: ignore[arg-type]


def test_a_voice_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    voice = make_voice()
    voice.save(tmp_path / "anna.voice")
    again = Voice.load(tmp_path / "anna.voice")
    np.testing.assert_array_equal(again.embedding, voice.embedding)
    for field in ("name", "encoder", "seconds", "f0", "notes", "consent"):
        assert getattr(again, field) == getattr(voice, field)
    assert [path for path in tmp_path.iterdir() if path.is_file()] == [tmp_path / "anna.voice"]


@pytest.mark.parametrize(
    "changes",
    [
        {"embedding": np.zeros(16)},
        {"embedding": np.full(16, np.nan)},
        {"embedding": np.ones((4, 4)) / 4},
        {"embedding": np.ones(16)},
        {"name": ""},
        {"name": " anna"},
        {"name": "../anna"},
        {"name": "a\nb"},
        {"name": "a" * 81},
        {"name": ".anna"},
        {"name": "anna.voice"},
        {"encoder": ""},
        {"seconds": -1.0},
        {"f0": float("nan")},
    ],
)
def test_what_is_no_voice_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(VoxproofError):
        make_voice(**changes)


def refused(path: Path) -> str:
    with pytest.raises(VoxproofError) as caught:
        Voice.load(path)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize("content", [b"", b"hello", b"\x00" * 8, b"\xff" * 64, b"\x08\0\0\0\0\0\0\0{}      "])
def test_garbage_gives_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.voice"
    path.write_bytes(content)
    refused(path)


def test_a_missing_file_and_a_folder_give_one_line(tmp_path: Path) -> None:
    assert "no voice file" in refused(tmp_path / "x.voice")
    refused(tmp_path)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.voice"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    assert "too many" in refused(path)


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        ({}, "header does not say so"),
        ({"format": "voxproof-voice", "version": "2"}, "version 2"),
        ({"format": "voxproof-voice", "version": "1"}, "broken"),
        ({"format": "voxproof-voice", "version": "1", "voice": "{"}, "broken"),
        ({"format": "voxproof-voice", "version": "1", "voice": "[]"}, "fields"),
        ({"format": "voxproof-voice", "version": "1", "voice": json.dumps({"name": "a", "extra": 1})}, "fields"),
    ],
)
def test_a_wrong_header_gives_one_line(tmp_path: Path, metadata: dict[str, str], says: str) -> None:
    path = tmp_path / "x.voice"
    save_file({"embedding": make_voice().embedding}, path, metadata=metadata)
    assert says in refused(path)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", 3), ("seconds", "9"), ("seconds", True), ("notes", "noisy"), ("notes", [1]), ("f0", -3)],
)
def test_a_field_of_the_wrong_type_gives_one_line(tmp_path: Path, field: str, value: object) -> None:
    facts = {"name": "a", "encoder": "e", "seconds": 1.0, "f0": 100.0, "notes": [], "consent": None, field: value}
    path = tmp_path / "x.voice"
    metadata = {"format": "voxproof-voice", "version": "1", "voice": json.dumps(facts)}
    save_file({"embedding": make_voice().embedding}, path, metadata=metadata)
    refused(path)


@settings(max_examples=100, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255), cut=st.booleans())
def test_damage_gives_one_line_or_a_valid_voice(
    tmp_path_factory: pytest.TempPathFactory, place: float, value: int, cut: bool
) -> None:
    path = tmp_path_factory.mktemp("damage") / "x.voice"
    make_voice().save(path)
    data = bytearray(path.read_bytes())
    at = int(place * len(data))
    if cut:
        del data[at:]
    else:
        data[at] = value
    path.write_bytes(data)
    try:
        voice = Voice.load(path)
    except VoxproofError:
        refused(path)
    else:
        assert np.isfinite(voice.embedding).all()


def test_saving_into_a_missing_folder_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(VoxproofError, match="no folder"):
        make_voice().save(tmp_path / "none" / "x.voice")


def test_consent_that_is_not_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VoxproofError, match="cannot be saved"):
        make_voice(consent={"when": object()}).save(tmp_path / "x.voice")
    assert not [path for path in tmp_path.iterdir() if path.is_file()]


def test_a_voice_without_a_pitch_speaks_at_a_usual_one() -> None:
    embedding = np.array([1.0, 0.0], np.float32)
    assert Voice("a", embedding, "tiny", 9.0, f0=211.0).register == 211.0
    assert Voice("a", embedding, "tiny", 9.0).register == 150.0
