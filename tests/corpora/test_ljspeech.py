"""LJ Speech: bars, and quotation marks that quote nothing."""

import pytest

from voxproof.corpora import ljspeech  # noqa: F401 (registers itself)
from voxproof.errors import CorpusError

METADATA = (
    "\ufeffLJ001-0001|Printing, in the only sense|Printing, in the only sense\r\n"
    'LJ001-0002|"in being comparatively modern. |"in being comparatively modern. \r\n'
    "LJ002-0026|in the three years 1813-1815|in the three years eighteen thirteen to eighteen fifteen\r\n"
    "LJ002-0027|Only printed.|\r\n"
    "LJ002-0028|no third column\r\n"
    "\r\n"
    "LJ002-0029|Not there.|Not there.\r\n"
    "clip-1|Another corpus.|Another corpus.\r\n"
    "LJ001-0001|again|again\r\n"
    "LJ001-0003|a|bar|too many\r\n"
)


def test_its_tree(tmp_path, clip, prepared) -> None:
    root = tmp_path / "LJSpeech-1.1"
    for name in ("LJ001-0001.wav", "LJ001-0002.WAV", "LJ001-0003.wav", "LJ002-0026.wav", "LJ002-0027.wav"):
        clip(root / "wavs" / name, rate=22_050)
    clip(root / "wavs" / "clip-1.wav")
    (root / "metadata.csv").write_bytes(METADATA.encode())
    found, rows, problems = prepared("ljspeech", tmp_path)
    assert sorted(rows) == ["LJ001-0001", "LJ001-0002", "LJ002-0026", "LJ002-0027"]
    assert (found.speakers, found.labels) == (1, {"real": 4})
    row = rows["LJ002-0026"]
    assert row.text == "in the three years eighteen thirteen to eighteen fifteen"
    assert row.extra == {"original": "in the three years 1813-1815"}
    assert (row.speaker, row.gender, row.page, row.language) == ("LJ", "f", "LJ002", "en")
    assert (row.original_sample_rate, row.original_codec) == (22_050, "pcm_s16le")
    assert rows["LJ001-0001"].text == "Printing, in the only sense"
    assert rows["LJ001-0002"].text == '"in being comparatively modern.'
    assert rows["LJ002-0027"].text == "Only printed."
    told = [line.split("\t") for line in problems]
    assert [(line[0].rsplit("/", 1)[1], line[1]) for line in told] == [
        ("metadata.csv", "5"),
        ("metadata.csv", "7"),
        ("metadata.csv", "8"),
        ("LJ001-0001.wav", ""),
        ("metadata.csv", "10"),
    ]
    assert told[1][2] == "there is no LJ002-0029.wav"
    _, again, _ = prepared("ljspeech", root, again=True)
    assert again["LJ001-0001"] == rows["LJ001-0001"]._replace(source_path="wavs/LJ001-0001.wav")


def test_other_folders_are_refused(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "set" / "wavs" / "a.wav")
    with pytest.raises(CorpusError, match=r"no metadata\.csv and wavs"):
        prepared("ljspeech", tmp_path / "set")
    (tmp_path / "set" / "metadata.csv").write_text("a|One.|One.\n")
    with pytest.raises(CorpusError, match=r"no clip of LJ Speech .*metadata\.csv:1: no line of a name"):
        prepared("ljspeech", tmp_path / "set")
