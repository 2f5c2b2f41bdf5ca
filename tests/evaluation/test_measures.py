import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("faster_whisper")

from voxproof.audio import Audio
from voxproof.errors import ModelError
from voxproof.evaluation.bank import Bank
from voxproof.evaluation.bootstrap import Interval
from voxproof.evaluation.dnsmos import DnsmosScores
from voxproof.evaluation.error_rate import ErrorCount
from voxproof.evaluation.measures import Measures, measure
from voxproof.evaluation.recognition import CARD
from voxproof.evaluation.summary import kept_beside, spoken_figures, worst_speakers
from voxproof.models import load_card, verify


def test_measures_are_kept_and_belong_to_their_samples(speech: Audio, tmp_path: Path) -> None:
    if any(state.state != "ok" for name in (CARD, "distillmos", "dnsmos") for state in verify(load_card(name))):
        pytest.skip("the weights that measure are not installed")
    clip = Audio(speech.samples[:40_000], 16_000)
    kept = tmp_path / "folder" / "clip.measures.json"
    found = measure(clip, "I knew well enough that he might be", kept, "tiny.en")
    assert found.words.rate < 0.4
    assert 1 < found.distillmos < 5
    assert found.seconds == 2.5
    known = json.loads(kept.read_text(encoding="utf-8"))

    # What is kept is believed: a marked value comes back, another text is scored anew.
    kept.write_text(json.dumps({**known, "distillmos": 4.25}), encoding="utf-8")
    again = measure(clip, "something else altogether", kept, "tiny.en")
    assert again.distillmos == 4.25
    assert again.heard == found.heard
    assert again.words.rate > 0.9

    # Other samples are not.
    quieter = Audio(clip.samples * 0.5, 16_000)
    other = measure(quieter, found.text, kept, "tiny.en")
    assert other.distillmos == pytest.approx(found.distillmos, abs=1e-3)
    with pytest.raises(ModelError):
        measure(quieter, found.text, kept, "no-such-recogniser")
    kept.write_text("{", encoding="utf-8")  # a broken file is made anew
    assert measure(quieter, found.text, kept, "tiny.en").heard == other.heard


def scores(overall: float) -> DnsmosScores:
    return DnsmosScores(3.0, 3.0, overall, 3.5)


def test_figures_of_several_clips(bank: Bank) -> None:
    anna, ben = bank.speakers[:2]
    measured = [
        (anna, Measures("a", "a", ErrorCount(1, 10), ErrorCount(2, 40), 3.0, scores(2.0), 1.0)),
        (anna, Measures("a", "a", ErrorCount(0, 5), ErrorCount(0, 20), 4.0, scores(3.0), 1.0)),
        (ben, Measures("a", "a", ErrorCount(5, 5), ErrorCount(10, 20), 2.0, scores(4.0), 1.0)),
    ]
    found = spoken_figures(measured)
    assert found["wer"].value == pytest.approx(6 / 20)
    assert found["cer"].value == pytest.approx(12 / 80)
    assert found["distillmos"].value == pytest.approx(3.0)
    assert found["dnsmos"].value == pytest.approx(3.0)
    assert (found["wer"].low, found["wer"].high) == (pytest.approx(1 / 15), pytest.approx(1.0))
    assert all(isinstance(one, Interval) and one.clusters == 2 for one in found.values())
    assert list(worst_speakers(measured)) == ["ben", "anna"]


def test_measures_do_not_lie_where_the_manifest_lies() -> None:
    assert kept_beside(Path("run/s01.wav")) == Path("run/s01.measures.json")
    assert np.isfinite(scores(1.0).p808)
