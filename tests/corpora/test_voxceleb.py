"""VoxCeleb1 and 2: trees, tables of two kinds, and lists."""

import av
import numpy as np
import pytest

from voxproof.corpora import voxceleb  # noqa: F401 (it registers itself)
from voxproof.errors import CorpusError

META1 = (
    "VoxCeleb1 ID\tVGGFace1 ID\tGender\tNationality\tSet\n"
    "id10001\tA.J._Buckley\tm\tIreland\tdev\n"
    "id10270\tEartha_Kitt\tf\tUSA\ttest\n"
    "id10271\tbroken\n"
    "id10272\tEd_Westwick\tx\tUK\ttest\n"
)
IDEN = """1 id10001/1zcIwhmdeo4/00001.wav
3 id10001/7gWzIy6yIIk/00001.wav
2 id10001/7gWzIy6yIIk/00009.wav
4 id10001/1zcIwhmdeo4/00001.wav
"""
VERI = """1 id10270/x6uYqmx31kE/00001.wav id10270/8jEAjG6SegY/00008.wav
0 id10270/x6uYqmx31kE/00001.wav
"""
META2 = """\ufeffVoxCeleb2 ID ,VGGFace2 ID ,Gender ,Set \r
id00012 ,n000012 ,m ,dev \r
id00017 ,n000017 ,f ,test\r
"""
LATER2 = "Name \tVoxCeleb2 ID \tVGGFace2 ID \tGender \tNationality \tSet \nTom\tid00012 \tn000012 \tm \tUSA \tdev \n"


def m4a(path) -> None:
    """Half a second as VoxCeleb2 has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=16_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 8_000), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 16_000
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)


def test_voxceleb1(tmp_path, clip, prepared) -> None:
    root = tmp_path / "set"
    for name in ("1zcIwhmdeo4/00001.wav", "7gWzIy6yIIk/00001.WAV"):
        clip(root / "vox1_dev_wav" / "wav" / "id10001" / name)
    clip(root / "vox1_test_wav" / "wav" / "id10270" / "x6uYqmx31kE" / "00001.wav")
    clip(root / "vox1_test_wav" / "wav" / "id10300" / "ize_eiCFEg0" / "00001.wav")
    clip(root / "vox1_dev_wav" / "wav" / "id10001" / "stray.wav")
    clip(root / "vox2" / "aac" / "id00012" / "21Uxsk56VDQ" / "00001.wav")
    (root / "vox1_meta.csv").write_text(META1)
    (root / "iden_split.txt").write_text(IDEN)
    (root / "veri_test.txt").write_text(VERI)
    found, rows, problems = prepared("voxceleb1", root)
    assert {name: (row.split, row.gender, row.accent) for name, row in rows.items()} == {
        "id10001/1zcIwhmdeo4/00001": ("dev", "m", "Ireland"),
        "id10001/7gWzIy6yIIk/00001": ("dev", "m", "Ireland"),
        "id10270/x6uYqmx31kE/00001": ("test", "f", "USA"),
        "id10300/ize_eiCFEg0/00001": ("test", "", ""),
    }
    assert {name: row.extra for name, row in rows.items() if row.extra} == {
        "id10001/1zcIwhmdeo4/00001": {"iden": "train"},
        "id10001/7gWzIy6yIIk/00001": {"iden": "test"},
        "id10270/x6uYqmx31kE/00001": {"veri": "veri_test"},
    }
    assert (rows["id10270/x6uYqmx31kE/00001"].page, rows["id10270/x6uYqmx31kE/00001"].speaker) == (
        "x6uYqmx31kE",
        "id10270",
    )
    assert found.speakers == 3
    told = sorted((line.split("\t")[0].rpartition("/")[2], *line.split("\t")[1:]) for line in problems)
    assert told == [
        ("id10300", "", "vox1_meta.csv does not name this speaker"),
        ("iden_split.txt", "3", "there is no id10001/7gWzIy6yIIk/00009.wav"),
        ("iden_split.txt", "4", "no line of a part and a clip"),
        ("stray.wav", "", "not in a folder of a speaker and a video (id10001/VIDEO/00001.wav)"),
        ("veri_test.txt", "1", "there is no id10270/8jEAjG6SegY/00008.wav"),
        ("veri_test.txt", "2", "no line of a trial"),
        ("vox1_meta.csv", "4", "2 cells where the head has 5"),
        ("vox1_meta.csv", "5", "no speaker's line"),
    ]


def test_voxceleb2_with_what_was_made_of_it(tmp_path, clip, prepared) -> None:
    root = tmp_path / "set"
    m4a(root / "dev" / "aac" / "id00012" / "21Uxsk56VDQ" / "00001.m4a")
    clip(root / "dev" / "aac" / "id00012" / "21Uxsk56VDQ" / "00001.wav")
    clip(root / "test" / "aac" / "id00017" / "01dfn2spqyE" / "00001.wav")
    (root / "vox2_meta.csv").write_bytes(META2.encode())
    found, rows, problems = prepared("voxceleb2", root)
    assert {name: (row.split, row.gender, row.accent, row.original_codec) for name, row in rows.items()} == {
        "id00012/21Uxsk56VDQ/00001": ("dev", "m", "", "aac"),
        "id00017/01dfn2spqyE/00001": ("test", "f", "", "pcm_s16le"),
    }
    assert problems == []
    assert found.splits == {"dev": 1, "test": 1}


def test_voxceleb2_with_the_later_table_or_none(tmp_path, clip, prepared) -> None:
    root = tmp_path / "set"
    clip(root / "vox2_dev_aac" / "id00012" / "21Uxsk56VDQ" / "00001.wav")
    clip(root / "vox2_test_aac" / "id00017" / "01dfn2spqyE" / "00001.wav")
    (root / "vox2_meta.csv").write_text(LATER2)
    _, rows, problems = prepared("voxceleb2", root)
    assert [(row.split, row.accent) for row in rows.values()] == [("dev", "USA"), ("test", "")]
    assert len(problems) == 1
    assert problems[0].endswith("id00017\t\tvox2_meta.csv does not name this speaker")
    (root / "vox2_meta.csv").unlink()
    _, rows, problems = prepared("voxceleb2", root, again=True)
    assert [(row.split, row.gender) for row in rows.values()] == [("dev", ""), ("test", "")]
    assert [line.split("\t")[2] for line in problems] == ["there is no such file; nothing is known of the speakers"]


def test_the_speakers_of_the_test_are_known_without_a_table(tmp_path, clip, prepared) -> None:
    for name in ("id10269", "id10270", "id10309", "id10310"):
        clip(tmp_path / "set" / "wav" / name / "video" / "00001.wav")
    _, rows, _ = prepared("voxceleb1", tmp_path / "set")
    assert [row.split for row in rows.values()] == ["dev", "test", "test", "dev"]


def test_each_refuses_the_other(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "one" / "wav" / "id10001" / "video" / "00001.wav")
    clip(tmp_path / "two" / "aac" / "id00012" / "video" / "00001.wav")
    with pytest.raises(CorpusError, match="no folder of a speaker of VoxCeleb2"):
        prepared("voxceleb2", tmp_path / "one")
    with pytest.raises(CorpusError, match="no folder of a speaker of VoxCeleb1"):
        prepared("voxceleb1", tmp_path / "two")
