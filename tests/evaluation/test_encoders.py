import shutil
from pathlib import Path

import pytest

from voxproof.audio import Audio, write_audio
from voxproof.errors import CorpusError, ModelError
from voxproof.evaluation.bank import Bank
from voxproof.evaluation.encoders import encoder_report, evaluate_encoder, held_out_clips
from voxproof.models import load_card, verify

ENCODER = "ge2e-resemblyzer"
TINY = Path(__file__).parents[1] / "speakers" / "tiny-encoder"
HEADER = "path\tlabel\tsplit\tspeaker\tgender"


@pytest.fixture
def speech_folder(tmp_path: Path, voices: dict[str, Audio]) -> Path:
    """Two halves of each voice as the development split, and rows that must not count."""
    rows = [HEADER]
    for name, gender in {"anna": "F", "ben": "m", "carl": "M", "dora": "f"}.items():
        for half, samples in enumerate((voices[name].samples[:48_000], voices[name].samples[-48_000:])):
            write_audio(tmp_path / f"{name}{half}.flac", Audio(samples, 16_000))
            rows.append(f"{name}{half}.flac\treal\tdev\t{name}\t{gender}")
    rows += [
        "a.flac\treal\tdev\tpage+unknown\tf", "b.flac\treal\tdev\tpage+unknown\tf", "c.flac\tfake\tdev\tanna\tf",
        "d.flac\treal\ttrain\tanna\tf", "e.flac\treal\tdev\tonce\tm", "f.flac\treal\tdev\tsilent\t",
    ]  # fmt: skip
    (tmp_path / "manifest.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


def test_only_real_clips_of_known_speakers_count(speech_folder: Path) -> None:
    clips = held_out_clips(speech_folder)
    assert [(clip.speaker, clip.gender) for clip in clips] == [
        (name, gender) for name, gender in (("anna", "f"), ("ben", "m"), ("carl", "m"), ("dora", "f")) for _ in range(2)
    ]


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="--speech"):
        held_out_clips(tmp_path)


def test_ge2e_tells_the_bundled_voices_apart(bank: Bank, speech_folder: Path) -> None:
    if any(state.state != "ok" for state in verify(load_card(ENCODER))):
        pytest.skip("the package Resemblyzer is not installed")
    found = evaluate_encoder(ENCODER, bank, held_out_clips(speech_folder))
    assert found.bank.value <= 0.15
    assert found.bank_trials == (8, 8)
    assert found.dev is not None
    assert found.dev_trials == (4, 8)
    assert 0 < found.rtf < 1
    report = encoder_report([ENCODER], bank)
    assert "| ge2e-resemblyzer | 256 |" in report.markdown()


def test_an_encoder_is_measured_by_the_folder_of_its_card(bank: Bank, tmp_path: Path) -> None:
    for name in ("one/run3", "two/run3"):
        shutil.copytree(TINY, tmp_path / name)
    report = encoder_report([str(tmp_path / "one" / "run3")], bank)
    assert list(report.figures) == ["run3"]
    assert "| run3 | 32 |" in report.markdown()
    assert str(tmp_path) not in report.markdown()
    with pytest.raises(ModelError, match="two encoders are called run3"):
        encoder_report([str(tmp_path / name / "run3") for name in ("one", "two")], bank)
