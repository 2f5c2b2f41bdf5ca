"""RAVDESS: everything is in the name, and Kaggle has it twice."""

import shutil

import pytest

from voxproof.corpora import ravdess  # noqa: F401 (it registers itself)
from voxproof.errors import CorpusError


def test_its_tree(tmp_path, clip, prepared) -> None:
    root = tmp_path / "set"
    speech = clip(root / "Actor_12" / "03-01-06-01-02-01-12.wav", rate=48_000)
    again = root / "audio_speech_actors_01-24" / "Actor_12" / speech.name
    again.parent.mkdir(parents=True)
    shutil.copy(speech, again)
    clip(root / "Audio_Song_Actors_01-24" / "Actor_01" / "03-02-03-02-01-02-01.WAV")
    clip(root / "Video_Speech_Actor_12" / "Actor_12" / "02-01-06-01-02-01-12.mp4", format="WAV")
    for name in ("03-01-09-01-01-01-12.wav", "03-01-01-01-01-01-25.wav", "03-01-06-01-02-01-11.wav", "notes.wav"):
        clip(root / "Actor_12" / name)
    found, rows, problems = prepared("ravdess", root)
    assert sorted(rows) == ["03-01-06-01-02-01-12", "03-02-03-02-01-02-01"]
    spoken, sung = rows["03-01-06-01-02-01-12"], rows["03-02-03-02-01-02-01"]
    assert (spoken.speaker, spoken.gender, spoken.text) == ("Actor_12", "f", "Dogs are sitting by the door.")
    assert spoken.extra == {
        "modality": "sound", "channel": "speech", "emotion": "fearful", "intensity": "normal", "repetition": "1",
    }  # fmt: skip
    assert spoken.source_path == "Actor_12/03-01-06-01-02-01-12.wav"
    assert spoken.page == "01-06-01-02-01-12"
    assert (sung.speaker, sung.gender, sung.text) == ("Actor_01", "m", "Kids are talking by the door.")
    assert (sung.extra["channel"], sung.extra["emotion"], sung.extra["intensity"]) == ("song", "happy", "strong")
    assert found.splits == {"": 2}
    assert rows["03-02-03-02-01-02-01"].licence == "CC-BY-NC-SA-4.0"
    told = sorted((line.split("\t")[0].rpartition("/")[2], line.split("\t")[2]) for line in problems)
    assert told == [
        ("03-01-01-01-01-01-25.wav", "no actor 25 is known"),
        ("03-01-06-01-02-01-11.wav", "actor 11 by its name, but it is in Actor_12"),
        ("03-01-09-01-01-01-12.wav", "no emotion 09 is known"),
        ("notes.wav", "its name is not seven fields of two digits"),
    ]


def test_another_folder_is_refused(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "set" / "actors" / "03-01-06-01-02-01-12.wav")
    with pytest.raises(CorpusError, match="no Actor_01"):
        prepared("ravdess", tmp_path / "set")
