import pytest

pytest.importorskip("pesq")

from pathlib import Path

from voxproof.audio import Audio, read_audio
from voxproof.evaluation.bank import Bank
from voxproof.evaluation.pesq_score import pesq_wb
from voxproof.evaluation.similarity import SimilarityJudge
from voxproof.evaluation.vocoder import FLOOR, copy_synthesis, evaluate_vocoder
from voxproof.models import load_card, verify
from voxproof.vocoders import load_vocoder

from .test_similarity import LongTermSpectrum


def test_a_copy_is_as_long_as_the_speech_and_resembles_it(speech: Audio) -> None:
    copy = copy_synthesis(load_vocoder(FLOOR), speech)
    assert copy.duration == pytest.approx(speech.duration, abs=0.02)
    assert pesq_wb(speech, copy) > 2.5


def test_figures_of_a_vocoder(bank: Bank, tmp_path: Path) -> None:
    if any(state.state != "ok" for state in verify(load_card("distillmos"))):
        pytest.skip("the package distillmos is not installed")
    judge = SimilarityJudge(LongTermSpectrum(), bank)
    told: list[tuple[str, int, int]] = []
    found = evaluate_vocoder(FLOOR, bank, judge, limit=2, keep=tmp_path, advance=lambda *state: told.append(state))
    assert found.pesq.value > 2
    assert found.pesq.clusters == 2
    assert set(found.rtf) == {1, 2}
    assert all(0 < rtf < 5 for rtf in found.rtf.values())
    assert found.parameters == 0
    assert found.similarity.normalised.value == pytest.approx(1, abs=0.35)
    assert 1 < found.distillmos.value < 5
    assert told[-1] == (FLOOR, 4, 4)
    kept = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.wav"))
    assert kept == [f"{FLOOR}/{name}/real0{number}.wav" for name in ("anna", "ben") for number in (0, 1)]
    assert read_audio(tmp_path / kept[0]).duration == pytest.approx(2.0, abs=0.02)
