"""AudioSet: three lists, and files as people cut them."""

import json

import pytest

from voxproof.corpora import audioset  # noqa: F401 (it registers itself)
from voxproof.errors import CorpusError

HEAD = (
    "# Segments csv created Sun Mar  5 10:54:31 2017\n"
    "# num_ytids=22160, num_segs=22160, num_unique_labels=527, num_positive_labels=52882\n"
    "# YTID, start_seconds, end_seconds, positive_labels\n"
)
BALANCED = HEAD + (
    '--PJHxphWEs, 30.000, 40.000, "/m/09x0r,/t/dd00088"\n'
    '-0DLPzsiXXE, 1.000, 2.000, "/m/04rlf"\n'
    '-0dlpzsixxe, 30.000, 40.000, "/m/09x0r"\n'
    'gone0000000, 30.000, 40.000, "/m/09x0r"\n'
    'aaaaaaaaaaa, 40.000, 30.000, "/m/09x0r"\n'
    "aaaaaaaaaaa, 30.000, 40.000\n"
    "broken\n"
    'bbbbbbbbbbb, 0.000, 10.000, "/m/09x0r,/m/none"\n'
)
EVAL = HEAD + (
    'ccccccccccc, 20.000, 30.000, "/m/09x0r"\r\n'
    'ddddddddddd, 30.000, 40.000, "/m/09x0r"\r\n'
    'eeeeeeeeeee, 7.000, 9.000, "/m/04rlf"\r\n'
    'fffffffffff, 0.500, 1.000, "/m/04rlf"\r\n'
)
ONTOLOGY = [
    {"id": "/m/09x0r", "name": "Speech", "child_ids": []},
    {"id": "/t/dd00088", "name": "Gush", "child_ids": []},
    {"id": "/m/04rlf", "name": "Music", "child_ids": []},
]


def write(root) -> None:
    (root / "csv").mkdir(parents=True)
    (root / "csv" / "balanced_train_segments.csv").write_text(BALANCED)
    (root / "eval_segments.csv").write_bytes(b"\xef\xbb\xbf" + EVAL.encode())
    (root / "csv" / "unbalanced_train_segments.csv").write_text(HEAD + 'zzzzzzzzzzz, 0.000, 10.000, "/m/09x0r"\n')


def test_its_lists_and_files(tmp_path, clip, prepared) -> None:
    root = tmp_path / "set"
    write(root)
    (root / "ontology.json").write_text(json.dumps(ONTOLOGY))
    balanced, judged = root / "audio" / "balanced_train", root / "audio" / "eval"
    clip(balanced / "--PJHxphWEs_30.000.wav")
    clip(balanced / "-0DLPzsiXXE.WAV", seconds=4.0)  # a whole video: 1 to 2 s of it are the clip
    clip(balanced / "Y-0dlpzsixxe.flac", seconds=1.0)  # another video, by case
    clip(balanced / "bbbbbbbbbbb_0_10.wav")
    clip(judged / "ccccccccccc_20000.wav")
    clip(judged / "Yddddddddddd_30.000_40.000.wav")
    clip(judged / "eeeeeeeeeee.wav", seconds=2.0)
    clip(judged / "fffffffffff_500_1000.wav", seconds=3.0)  # cut with something around it, not a whole video
    found, rows, problems = prepared("audioset", root)
    assert found.splits == {"balanced_train": 4, "eval": 4}
    assert found.labels == {"": 8}
    first = rows["--PJHxphWEs"]
    assert first.extra == {
        "start": "30", "end": "40", "labels": "/m/09x0r,/t/dd00088", "classes": "Speech; Gush",
    }  # fmt: skip
    assert (first.page, first.start_s, first.end_s, first.speaker) == ("--PJHxphWEs", 0.0, 0.0, "")
    assert {name: (row.start_s, row.end_s) for name, row in rows.items() if row.end_s} == {"-0DLPzsiXXE": (1.0, 2.0)}
    assert rows["-0dlpzsixxe"].source_path.endswith("Y-0dlpzsixxe.flac")
    assert rows["-0DLPzsiXXE"].extra["classes"] == "Music"
    assert rows["bbbbbbbbbbb"].extra["classes"] == "Speech; /m/none"
    told = [(line.split("\t")[0].rpartition("/")[2], *line.split("\t")[1:]) for line in problems]
    assert sorted(told) == [
        ("balanced_train_segments.csv", "10", "no line of a video, its start and end, and labels"),
        ("balanced_train_segments.csv", "11", "no class is called /m/none"),
        ("balanced_train_segments.csv", "7", "there is no file of gone0000000"),
        ("balanced_train_segments.csv", "8", "no line of a video, its start and end, and labels"),
        ("balanced_train_segments.csv", "9", "no line of a video, its start and end, and labels"),
        ("unbalanced_train_segments.csv", "", "no file of this list is there"),
    ]


def test_names_of_classes_from_the_other_list_or_none(tmp_path, clip, prepared) -> None:
    root = tmp_path / "set"
    root.mkdir()
    (root / "eval_segments.csv").write_text(EVAL)
    clip(root / "ccccccccccc.wav")
    _, rows, problems = prepared("audioset", root)
    assert rows["ccccccccccc"].extra == {"start": "20", "end": "30", "labels": "/m/09x0r"}
    assert any("ontology.json" in line and "classes have no names" in line for line in problems)
    (root / "class_labels_indices.csv").write_text('index,mid,display_name\n0,/m/09x0r,"Speech"\n1,/m/04rlf,"Music"\n')
    _, rows, problems = prepared("audioset", root, again=True)
    assert rows["ccccccccccc"].extra["classes"] == "Speech"
    (root / "ontology.json").write_text("{}x")
    _, rows, problems = prepared("audioset", root, again=True)
    assert rows["ccccccccccc"].extra["classes"] == "Speech"
    assert any("no list of classes" in line for line in problems)


def test_another_folder_is_refused(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "set" / "--PJHxphWEs.wav")
    with pytest.raises(CorpusError, match=r"no balanced_train_segments\.csv"):
        prepared("audioset", tmp_path / "set")
