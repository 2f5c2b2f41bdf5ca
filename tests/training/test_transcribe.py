"""Clips get the text that was surely heard, and lose none of what their manifest said of them."""

import csv

import numpy as np
import pytest

from voxproof.audio import Audio, write_audio
from voxproof.errors import CorpusError
from voxproof.evaluation.recognition import Heard
from voxproof.training.pack_speech import pack
from voxproof.training.speech_pack import SpeechPack
from voxproof.training.transcribe import main, transcribe_manifest

HEAD = "path\tspeaker\ttext\tcorpus\tlanguage"


@pytest.fixture
def clips(tmp_path, speech):
    write_audio(tmp_path / "sure.wav", Audio(speech.samples[:32_000], 16_000))
    write_audio(tmp_path / "unsure.wav", Audio(speech.samples[:24_000], 16_000))
    write_audio(tmp_path / "short.wav", Audio(speech.samples[:20_000], 16_000))
    (tmp_path / "broken.wav").write_bytes(b"RIFF")
    rows = [f"{name}.wav\t{name}\t\ta\ten" for name in ("sure", "unsure", "short", "broken")]
    rows += ["other.wav\tother\t\ta\tde", "sure.wav\tsure\t\tb\ten"]
    (tmp_path / "manifest.tsv").write_text("\n".join([HEAD, *rows]) + "\n")
    return tmp_path


def hear(audio):
    if len(audio.samples) == 32_000:
        return Heard('Say "so"\tonce more.', -0.1)
    return Heard("What was it now?", -0.9) if len(audio.samples) == 24_000 else Heard("Well.", -0.1)


def test_what_is_surely_heard_is_kept(clips):
    counts = transcribe_manifest(clips / "manifest.tsv", clips / "heard.tsv", corpora=frozenset("a"), hear=hear)
    assert counts == {"kept": 1, "unsure": 2, "unreadable": 1}
    with (clips / "heard.tsv").open(newline="") as file:
        (row,) = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    assert row["text"] == 'Say "so" once more.'
    assert (row["path"], row["speaker"], row["language"]) == ("sure.wav", "sure", "en")
    assert transcribe_manifest(clips / "manifest.tsv", clips / "heard.tsv", hear=hear)["kept"] == 2


def test_of_a_long_clip_the_beginning_is_taken_up_to_a_pause(tmp_path, speech):
    pause = np.zeros(16_000, np.float32)
    long = Audio(np.concatenate([speech.samples[:128_000], pause, speech.samples[:128_000]]), 16_000)
    write_audio(tmp_path / "long.wav", long)
    (tmp_path / "manifest.tsv").write_text(f"{HEAD}\nlong.wav\ts\tof the whole clip\tc\ten\n")
    given = []

    def listen(audio):
        given.append(audio.duration)
        return Heard("just the beginning", -0.1)

    assert transcribe_manifest(tmp_path / "manifest.tsv", tmp_path / "heard.tsv", hear=listen)["kept"] == 1
    assert 6 < given[0] < 9
    pack(tmp_path / "heard.tsv", tmp_path / "pack", 1)
    (row,) = SpeechPack(tmp_path / "pack").rows
    assert row["text"] == "just the beginning"
    assert row["samples"] <= given[0] * 16_000 + 1


def test_a_text_that_is_known_is_not_heard_again(tmp_path, speech):
    write_audio(tmp_path / "a.wav", speech)
    (tmp_path / "manifest.tsv").write_text(f"{HEAD}\na.wav\ts\tas it was read\tc\ten\n")
    assert transcribe_manifest(tmp_path / "manifest.tsv", tmp_path / "heard.tsv", hear=lambda audio: 1 / 0)["kept"] == 1
    assert "as it was read" in (tmp_path / "heard.tsv").read_text()


def test_real_speech_is_written_down(tmp_path, speech):
    pytest.importorskip("faster_whisper")
    write_audio(tmp_path / "a.wav", speech)
    noise = np.random.default_rng(0).standard_normal(32_000).astype(np.float32) * np.float32(0.05)
    write_audio(tmp_path / "noise.wav", Audio(noise, 16_000))
    (tmp_path / "manifest.tsv").write_text(f"{HEAD}\na.wav\ts\t\tc\ten\nnoise.wav\tn\t\tc\ten\n")
    assert transcribe_manifest(tmp_path / "manifest.tsv", tmp_path / "heard.tsv")["kept"] == 1
    assert len((tmp_path / "heard.tsv").read_text().splitlines()[1].split("\t")[2].split()) > 5


def test_bad_input_is_one_line(clips, tmp_path, capsys):
    with pytest.raises(CorpusError, match="must lie beside"):
        transcribe_manifest(clips / "manifest.tsv", tmp_path / "sub" / "out.tsv", hear=hear)
    with pytest.raises(CorpusError, match="no manifest"):
        transcribe_manifest(clips / "none.tsv", clips / "out.tsv", hear=hear)
    with pytest.raises(CorpusError, match="no English clip"):
        transcribe_manifest(clips / "manifest.tsv", clips / "out.tsv", corpora=frozenset(["none"]), hear=hear)
    assert not (clips / "out.tsv").exists()


def test_the_command_says_what_is_wrong(clips, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["transcribe", str(clips / "none.tsv"), str(clips / "out.tsv")])
    assert main() == 2
    assert capsys.readouterr().err.count("\n") == 1
