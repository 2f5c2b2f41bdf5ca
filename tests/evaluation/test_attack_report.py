"""The table of attacks: who is attacked, what stands before and after, and what could not be done."""

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.detection import Detector, Scores
from voxproof.detection.calibration import Calibration, Line
from voxproof.errors import AudioError
from voxproof.evaluation.attack_report import NONE, attack_corpus, attack_report
from voxproof.evaluation.attacks import Attack
from voxproof.evaluation.detector_protocol import read_corpus
from voxproof.models import load_card

EVEN = Calibration(clip=Line(slope=1, offset=0), window=Line(slope=1, offset=0), real_below=-0.5, fake_above=0.5)


class Loudness(Detector):
    """Calls what has a level over a tenth fake."""

    def __init__(self) -> None:
        super().__init__(load_card("detector-fast"))
        self.calibration = EVEN

    def score(self, audio: Audio, speech: list[tuple[float, float]] | None = None) -> Scores:
        level = float(np.log(np.sqrt(np.mean(audio.samples**2)) / 0.1 + 1e-9))
        return Scores(np.array([[0.0, audio.duration]]), np.array([level]), level)


def quieter(samples, rng):
    return samples * np.float32(0.1)


def broken(samples, rng):
    raise AudioError("cannot")


@pytest.fixture(scope="module")
def rows(detector_corpus):
    return [row for row in read_corpus(detector_corpus) if row.split == "dev"]


def test_an_attack_of_fakes_leaves_real_clips_alone(rows):
    told = attack_corpus(rows, Loudness(), [Attack("softer", "-20 dB", quieter, both=False)])
    clean, after = ({s.row.name: s.llr for s in told.scored[name]} for name in (NONE, "softer"))
    assert clean.keys() == after.keys()
    for row in rows:
        if row.name in clean:
            assert after[row.name] == pytest.approx(clean[row.name] - (np.log(10) if row.fake else 0), abs=1e-4)
    assert told.unread == 1  # broken.wav


def test_an_attack_of_both_moves_both(rows):
    told = attack_corpus(rows, Loudness(), [Attack("softer", "-20 dB", quieter)])
    moved = [b.llr - a.llr for a, b in zip(told.scored[NONE], told.scored["softer"], strict=True)]
    np.testing.assert_allclose(moved, -np.log(10), atol=1e-4)


def test_a_clip_that_an_attack_cannot_take_is_told(rows):
    told = attack_corpus(rows, Loudness(), [Attack("no", "", broken)])
    assert told.scored["no"] == []
    assert told.failed["no"] == len(told.scored[NONE])


def test_a_mixture_takes_another_real_clip_of_the_page(rows):
    heard = []

    def keep(samples, real, rng):
        heard.append((samples, real))
        return samples

    attack_corpus([row for row in rows if row.page == "p"], Loudness(), [Attack("mixed", "", mixture=keep)])
    assert heard
    assert all(len(samples) != len(real) or np.any(samples != real) for samples, real in heard)


def test_the_report_has_a_row_before_and_one_after(detector_corpus):
    attacks = [Attack("softer", "-20 dB", quieter), Attack("cannot", "", broken, missing="no such thing")]
    report = attack_report(detector_corpus, Loudness(), attacks, resamples=100)
    table = report.tables[0]
    assert [row[0] for row in table.rows] == [NONE, "softer"]
    assert report.figures["softer"]["target"] == "both"
    # Both classes lost the same, so the order is as it was; only the threshold suffers.
    assert report.figures["softer"]["eer_all"].value == report.figures[NONE]["eer_all"].value
    assert report.figures["softer"]["fakes_called_fake"].value == 0
    assert "no such thing" in report.about["Not done"]
    assert "before" in report.markdown().lower()


def test_a_part_meets_the_same_as_the_whole(rows):
    def noisy(samples, rng):
        return samples + np.float32(0.01) * rng.standard_normal(len(samples), np.float32)

    attack = Attack("noise", "", noisy)
    whole = attack_corpus(rows, Loudness(), [attack]).scored["noise"]
    part = attack_corpus(rows[2:5], Loudness(), [attack]).scored["noise"]
    known = {s.row.name: s.llr for s in whole}
    assert [s.llr for s in part] == [known[s.row.name] for s in part]
