"""WaveFake: ten folders, four ways to name a clip, and one copy of a whole folder."""

import shutil

import pytest

from voxproof.corpora import wavefake  # noqa: F401 (it registers itself)
from voxproof.errors import CorpusError

SPOKEN = "common_voices_prompts_from_conformer_fastspeech2_pwg_ljspeech"


def test_its_tree(tmp_path, clip, prepared) -> None:
    root = tmp_path / "set" / "generated_audio"
    clip(root / "ljspeech_melgan" / "LJ001-0001_gen.wav", rate=22_050)
    clip(root / "ljspeech_hifiGAN" / "LJ001-0001_generated.WAV", rate=22_050)
    clip(root / "ljspeech_waveglow" / "LJ001-0001.wav", rate=22_050)
    clip(root / "ljspeech_waveglow" / "notes.wav")
    clip(root / "jsut_parallel_wavegan" / "BASIC5000_0002_gen.wav", rate=24_000)
    spoken = clip(root / SPOKEN / "gen_0.wav", rate=22_050)
    (root / SPOKEN / "generated").mkdir()
    shutil.copy(spoken, root / SPOKEN / "generated" / "gen_0.wav")
    clip(root / SPOKEN / "generated" / "gen_1.wav")
    clip(root / "ljspeech_real" / "LJ001-0001.wav")
    found, rows, problems = prepared("wavefake", tmp_path / "set")
    assert {name: (row.generator, row.family, row.pair, row.speaker) for name, row in rows.items()} == {
        "ljspeech_melgan/LJ001-0001": ("melgan", "vocoder", "LJ001-0001", "LJ"),
        "ljspeech_hifigan/LJ001-0001": ("hifigan", "vocoder", "LJ001-0001", "LJ"),
        "ljspeech_waveglow/LJ001-0001": ("waveglow", "vocoder", "LJ001-0001", "LJ"),
        "jsut_parallel_wavegan/BASIC5000_0002": ("parallel_wavegan", "vocoder", "BASIC5000_0002", "JSUT"),
        f"{SPOKEN}/gen_0": ("conformer_fastspeech2_pwg", "tts-nar", "", "LJ"),
        f"{SPOKEN}/gen_1": ("conformer_fastspeech2_pwg", "tts-nar", "", "LJ"),
    }
    assert rows["ljspeech_melgan/LJ001-0001"].page == "LJ001"
    assert rows["jsut_parallel_wavegan/BASIC5000_0002"].page == "BASIC5000_0002"
    assert found.labels == {"fake": 6}
    assert found.splits == {"": 6}
    row = rows["jsut_parallel_wavegan/BASIC5000_0002"]
    assert (row.language, row.gender, row.licence, row.original_sample_rate) == ("ja", "f", "CC-BY-SA-4.0", 24_000)
    assert rows[f"{SPOKEN}/gen_0"].source_path == f"generated_audio/{SPOKEN}/gen_0.wav"
    assert len(problems) == 1
    assert problems[0].endswith("notes.wav\t\tits name is none of a clip in ljspeech_waveglow; it is left out")


def test_the_folder_itself(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "set" / "ljspeech_full_band_melgan" / "LJ050-0278_gen.wav")
    _, rows, problems = prepared("wavefake", tmp_path / "set")
    assert [row.generator for row in rows.values()] == ["full_band_melgan"]
    assert problems == []


def test_another_folder_is_refused(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "set" / "melgan" / "LJ001-0001_gen.wav")
    with pytest.raises(CorpusError, match="no ljspeech_melgan or other folder"):
        prepared("wavefake", tmp_path / "set")
