"""CHiME-5: utterances of four people at a table, each with microphones at the ears."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voxproof.corpora import chime5  # noqa: F401 (it registers itself)
from voxproof.errors import CorpusError


def stereo(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    sound = np.random.default_rng(1).normal(0, 0.01, (64_000, 2))
    soundfile.write(path, sound, 16_000, format="WAV")


def said(speaker: str, start: str, end: str, words: str, **more: str) -> dict[str, object]:
    return {
        "session_id": "S02",
        "speaker": speaker,
        "start_time": {"U01": "0:09:59.00", "original": start, "P06": "0:08:00.00"},
        "end_time": {"U01": "0:09:59.50", "original": end, "P06": "0:08:01.00"},
        "words": words,
        **more,
    }


def write(path: Path, utterances: list[object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = ",\n".join(json.dumps(one) for one in utterances)
    path.write_bytes(b"\xef\xbb\xbf" + f"[\n{text}\n]".encode())


def test_a_party(tmp_path, clip, prepared) -> None:
    root = tmp_path / "set" / "CHiME5"
    dev, train = root / "audio" / "dev", root / "audio" / "train"
    stereo(dev / "S02_P05.wav")
    stereo(dev / "S02_P06.WAV")
    clip(dev / "S02_U01.CH1.wav")
    stereo(train / "S03_P09.wav")
    write(
        root / "transcriptions" / "dev" / "S02.json",
        [
            said("P05", "0:00:01.20", "0:00:02.50", "Mm- what, [noise] the salt?", ref="U02", location="kitchen"),
            said("P06", "00:00:00.50", "00:00:01.00", "[laughs]"),
            said("P06", "0:00:02.00", "0:00:03.00", "My name is [redacted]."),
            said("P05", "0:00:03.00", "0:00:02.00", "Backwards."),
            said("P05", "1:10:05.55", "1:10:06.00", "Too late."),
            said("P07", "0:00:01.00", "0:00:02.00", "Nobody recorded this."),
            said("P07", "0:00:02.00", "0:00:03.00", "Nor this."),
            said("P05", "soon", "0:00:03.00", "No time."),
            {"speaker": "P05", "words": "no times"},
            "no utterance",
            {**said("P06", "", "", "As in CHiME-6."), "start_time": "00:00:03.25", "end_time": "00:00:03.75"},
        ],
    )
    found, rows, problems = prepared("chime5", tmp_path / "set")
    assert {name: (row.speaker, row.start_s, row.end_s, row.text) for name, row in rows.items()} == {
        "S02_P05-0000120-0000250": ("P05", 1.2, 2.5, "Mm- what, the salt?"),
        "S02_P06-0000050-0000100": ("P06", 0.5, 1.0, ""),
        "S02_P06-0000325-0000375": ("P06", 3.25, 3.75, "As in CHiME-6."),
    }
    first = rows["S02_P05-0000120-0000250"]
    assert (first.split, first.page, first.language, first.label) == ("dev", "S02", "en", "real")
    assert first.duration_s == pytest.approx(1.3)
    assert first.source_path == "CHiME5/audio/dev/S02_P05.wav"
    assert first.extra == {"words": "Mm- what, [noise] the salt?", "ref": "U02", "location": "kitchen"}
    assert rows["S02_P06-0000325-0000375"].extra == {}
    assert found.splits == {"dev": 3}
    assert found.speakers == 2
    told = [(line.split("\t")[0].rpartition("/")[2], *line.split("\t")[1:]) for line in problems]
    times = "no utterance with speaker, words, start_time and end_time"
    assert [one for one in told if one[0] == "S02.json"] == [
        ("S02.json", "5", "the utterance ends at 2 s, before it starts at 3 s"),
        ("S02.json", "7", "there is no S02_P07.wav; its utterances are left out"),
        ("S02.json", "9", f"{times} ('soon' is no time)"),
        ("S02.json", "10", f"{times} ('start_time')"),
        ("S02.json", "11", "no utterance"),
    ]
    assert ("S03.json", "", "there is no such file; the party has no utterances") in told
    assert any("it ends at 4.00 s, before 4206.00 s" in one[2] for one in told)
    assert len(told) == 7


def test_a_list_that_breaks_off_gives_what_stands_before(tmp_path, prepared) -> None:
    root = tmp_path / "set"
    stereo(root / "audio" / "eval" / "S01_P01.wav")
    place = root / "transcriptions" / "eval"
    place.mkdir(parents=True)
    one = json.dumps(said("P01", "0:00:01.00", "0:00:02.00", "Yes."))
    (place / "S01.json").write_text(f'[\n{one},\n{{"speaker": "P0')
    (place / "S21.json").write_text("nothing")
    _, rows, problems = prepared("chime5", root)
    assert [(row.text, row.split) for row in rows.values()] == [("Yes.", "eval")]
    told = [(line.split("\t")[0].rpartition("/")[2], *line.split("\t")[1:]) for line in problems]
    assert told[0][:2] == ("S01.json", "3")
    assert told[0][2].startswith("the list breaks off here")
    assert told[1:] == [("S21.json", "", "no list of utterances")]


def test_another_folder_is_refused(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "set" / "audio" / "dev" / "S02_P05.wav")
    with pytest.raises(CorpusError, match="no audio and transcriptions"):
        prepared("chime5", tmp_path / "set")
