"""A set is made, goes on where it stopped, and is fair."""

import numpy as np
import pytest

from voxproof.audio import read_audio
from voxproof.datasets.card import data_card
from voxproof.datasets.fakes.run import make_set
from voxproof.errors import CorpusError
from voxproof.evaluation.detector_protocol import read_corpus

TEXT = "The ferry leaves the harbour just before the sun comes up."


@pytest.fixture
def nobody(tmp_path):
    """A bank and a corpus that judge nothing of what is used here."""
    folder = tmp_path / "nobody"
    folder.mkdir()
    (folder / "manifest.tsv").write_text("split\tspeaker\tpath\ndev\tsomebody\tx.flac\n")
    return {"bank": folder, "judged_on": folder}


def test_a_set_is_made_and_goes_on(corpus, tmp_path, nobody):
    real, out = corpus(), tmp_path / "set"
    only = "own-lpc,own-minphase,own-pulse-phase"
    first = make_set([real], out, only=only, clips=4, fakes=8, **nobody)
    assert first.facts()["fake"] == 8
    rows = read_corpus(out, ("path", "label", "page", "pair"))
    assert {row.page for row in rows} == {"own-bundled"}
    assert {row.generator for row in rows if row.fake} <= set(first.made.counts())
    by_pair = {row["path"]: row["pair"] for row in first.made.rows}
    for row in rows:
        copy, original = read_audio(row.path), read_audio(out / by_pair[row.name])
        assert copy.rate == original.rate == 16_000
        assert len(copy.samples) == len(original.samples)
        assert np.abs(copy.samples[-160:]).max() > 0  # no digital silence where a frame was missing
    lost = next(row for row in rows if row.fake).path
    kept = next(row for row in rows if row.fake and row.path != lost).path
    lost.unlink()
    before = kept.stat().st_mtime_ns
    again = make_set([real], out, only=only, clips=4, fakes=8, **nobody)
    assert lost.is_file()
    assert kept.stat().st_mtime_ns == before
    assert again.made.counts() == first.made.counts()
    assert sorted(row["path"] for row in again.made.rows) == sorted(row["path"] for row in first.made.rows)


def test_processes_make_the_same_as_one(corpus, tmp_path, nobody):
    real = corpus()
    for workers in (1, 2):
        make_set([real], tmp_path / str(workers), only="own-lpc", clips=3, fakes=6, workers=workers, **nobody)
    names = sorted(path.relative_to(tmp_path / "1") for path in (tmp_path / "1").rglob("*.flac"))
    assert names
    assert all((tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes() for name in names)


def test_what_a_maker_refuses_is_skipped_and_told(corpus, tmp_path, nobody):
    real = corpus()
    manifest = real / "manifest.tsv"
    lines = [line for line in manifest.read_text().splitlines() if line.startswith(("path", "anna0"))]
    manifest.write_text("\n".join(lines).replace(TEXT, "..."))
    done = make_set([real], tmp_path / "set", only="own-native", clips=1, fakes=1, **nobody)
    assert done.facts()["fake"] == 0
    assert sum(done.facts()["skipped"].values()) == 1
    assert "can be spoken" in (tmp_path / "set" / "skipped.tsv").read_text()


def test_refusals(corpus, tmp_path, nobody):
    with pytest.raises(CorpusError, match="no maker's name begins with 'wave'"):
        make_set([corpus()], tmp_path / "set", only="wave", **nobody)
    with pytest.raises(CorpusError, match="no manifest"):
        make_set([tmp_path / "nowhere"], tmp_path / "set", **nobody)


def test_the_card_counts(corpus, tmp_path, nobody):
    real, out = corpus(), tmp_path / "set"
    make_set([real], out, only="own-lpc", clips=2, fakes=4, **nobody)
    card = data_card([out, real], split="train", title="Title", command="command")
    facts = card.facts()
    assert facts["clips"] == 12 + 2 + 4
    assert facts["hours"] == pytest.approx((12 + 6) * 3 / 3600, abs=1e-3)
    assert facts["tables"]["class"] == {
        "real": {"real": 14, "fake": 0, "hours": pytest.approx(14 * 3 / 3600, abs=1e-3)},
        "fake": {"real": 0, "fake": 4, "hours": pytest.approx(4 * 3 / 3600, abs=1e-3)},
    }
    assert facts["tables"]["family"].keys() == {"vocoder"}
    assert "| own-lpc |" in card.markdown()
    with pytest.raises(CorpusError, match="no manifest"):
        data_card([tmp_path / "nowhere"], split="train", title="", command="")
