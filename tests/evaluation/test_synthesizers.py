"""Synthesizers side by side, on the bank of the bundled voices."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("faster_whisper")

from voxproof import paths
from voxproof.errors import ModelError
from voxproof.evaluation.bank import Bank
from voxproof.evaluation.synthesizers import synthesizer_report
from voxproof.models import load_card, verify
from voxproof.provenance.manifest import Manifest

CANTOR = paths.PACKAGE_WEIGHTS / "cantor"


def test_a_copy_under_another_name_measures_the_same(
    bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if any(state.state != "ok" for name in ("distillmos", "whisper-tiny-en") for state in verify(load_card(name))):
        pytest.skip("the judges are not installed")
    # The mark's number is that of the moment, and a recogniser hears a word otherwise for less.
    monkeypatch.setattr(Manifest, "own_payload", lambda manifest: 0x1234)
    twin = shutil.copytree(CANTOR, tmp_path / "twin")
    report = synthesizer_report(["cantor", str(twin)], bank, limit=1, with_cost=False)
    figures = [report.figures[name] for name in ("cantor", "twin")]
    assert [one.name for one in figures] == ["cantor", "twin"]
    assert figures[0].parameters > 1e6
    assert set(figures[0].wer) == {"all", "short", "long"}
    assert [one.value for one in figures[0].wer.values()] == [one.value for one in figures[1].wer.values()]
    assert figures[0].distillmos.value == pytest.approx(figures[1].distillmos.value, abs=1e-3)
    assert 1 < figures[0].distillmos.value < 5
    (table,) = report.tables
    assert "RTF" not in table.columns, "nobody was timed"
    assert str(tmp_path) not in report.markdown()


def test_what_is_no_synthesizer_or_twice_the_same_is_refused(bank: Bank) -> None:
    with pytest.raises(ModelError, match="pulsar is a vocoder, not a synthesizer"):
        synthesizer_report(["pulsar"], bank, limit=1)
    with pytest.raises(ModelError, match="two synthesizers are called cantor"):
        synthesizer_report(["cantor", str(CANTOR)], bank, limit=1)
