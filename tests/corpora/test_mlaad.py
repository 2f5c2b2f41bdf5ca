"""MLAAD: a table in each model's folder, with the columns of several versions."""

from pathlib import Path

import pytest

from voxproof.corpora import mlaad  # noqa: F401 (registers itself)
from voxproof.errors import CorpusError

HEAD = (
    "path|original_file|language|is_original_language|duration|training_data|model_name|architecture|transcript".split(
        "|"
    )
)
READER = "en_US/by_book/female/judy_bieber/dorothy_and_wizard_oz/wavs/dorothy_01_f000001.wav"


def row(path: str, transcript: str, language: str = "en") -> list[str]:
    return [path, READER, language, "True", "3.21", "ljspeech", "tts_models/en/ljspeech/vits", "VITS", transcript]


def write(model: Path, *rows: list[str], start: str = "", end: str = "\n") -> None:
    model.mkdir(parents=True, exist_ok=True)
    (model / "meta.csv").write_bytes((start + "".join("|".join(cells) + end for cells in rows)).encode())


def test_its_tree(tmp_path, clip, prepared) -> None:
    root = tmp_path / "MLAADv5"
    vits = root / "fake" / "en" / "tts_models_en_ljspeech_vits"
    for name in ("a.wav", "b.WAV", "c.wav", "d.wav", "unlisted.wav"):
        clip(vits / name, rate=22_050)
    write(
        vits,
        HEAD,
        row("./fake/en/tts_models_en_ljspeech_vits/a.wav", '"No," said Dorothy.'),
        row("./fake/en/tts_models_en_ljspeech_vits/b.wav", '"Never closed.'),
        row("./fake/en/tts_models_en_ljspeech_vits/gone.wav", "Gone."),
        ["too", "few"],
        row("./fake/en/tts_models_en_ljspeech_vits/a.wav", "again"),
        row("./fake/en/tts_models_en_ljspeech_vits/c.wav", "one|bar"),
        row("", "no path"),
        row("d.wav", "Plain."),
        start="\ufeff",
        end="\r\n",
    )
    chinese = root / "fake" / "zh-cn" / "OpenVoice"
    clip(chinese / "a.wav")
    write(
        chinese,
        [*HEAD, "reference_speaker"],
        [*row("./fake/zh/OpenVoice/a.wav", "你好。", "")[:6], "", "OpenVoiceV2", "你好。", "p225"],
    )
    clip(root / "fake" / "de" / "bark" / "a.wav")
    found, rows, problems = prepared("mlaad", tmp_path)
    vits_id = "en/tts_models_en_ljspeech_vits"
    assert sorted(rows) == [f"{vits_id}/a", f"{vits_id}/b", f"{vits_id}/d", "zh-cn/OpenVoice/a"]
    assert found.labels == {"fake": 4}
    first = rows[f"{vits_id}/a"]
    assert (first.text, first.generator, first.family) == ('"No," said Dorothy.', "tts_models/en/ljspeech/vits", "tts")
    assert (first.language, first.pair, first.speaker, first.split) == ("en", READER, "", "")
    assert first.extra == {"is_original_language": "True", "training_data": "ljspeech", "architecture": "VITS"}
    assert (first.duration_s, first.licence) == (pytest.approx(0.5), "CC-BY-NC-4.0")
    assert rows[f"{vits_id}/b"].text == '"Never closed.'
    assert rows[f"{vits_id}/b"].path.endswith("b.WAV")
    other = rows["zh-cn/OpenVoice/a"]
    assert (other.language, other.generator, other.text) == ("zh-cn", "OpenVoice", "你好。")
    assert (other.extra["reference_speaker"], other.extra["architecture"]) == ("p225", "OpenVoiceV2")
    told = [line.replace(f"{root}/fake/", "").split("\t") for line in problems]
    assert [line[:2] for line in told] == [
        ["de/bark", ""],
        [f"{vits_id}/meta.csv", "4"],
        [f"{vits_id}/meta.csv", "5"],
        [f"{vits_id}/a.wav", ""],
        [f"{vits_id}/meta.csv", "7"],
        [f"{vits_id}/meta.csv", "8"],
    ]
    assert told[1][2] == "there is no 'gone.wav' in this folder"
    _, again, _ = prepared("mlaad", root / "fake", again=True)
    assert sorted(again) == sorted(rows)


def test_another_folder_is_refused(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "set" / "fake" / "en" / "vits" / "a.wav")
    with pytest.raises(CorpusError, match=r"no fake/LANGUAGE/MODEL/meta\.csv"):
        prepared("mlaad", tmp_path / "set")
