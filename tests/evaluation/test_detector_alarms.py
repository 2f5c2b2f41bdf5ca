import numpy as np
import pytest

from voxproof.detection import Detector, Scores, load_detector
from voxproof.errors import CorpusError
from voxproof.evaluation.detector_alarms import CLEAN, PAGES, alarm_report, alarms_of, degraded
from voxproof.evaluation.detector_protocol import read_corpus
from voxproof.evaluation.detector_scores import Scored


class ByLevel(Detector):
    """Calls quiet recordings fake; real verdicts come of it, with the shipped detector's card and thresholds."""

    def __init__(self):
        shipped = load_detector()
        super().__init__(shipped.card)
        self.calibration = shipped.calibration

    def score(self, audio, speech=None):
        llr = 9.0 if np.abs(audio.samples).max() < 0.3 else -9.0
        return Scores(np.array([[0.0, audio.duration]]), np.array([llr]), llr)


@pytest.fixture(scope="module")
def report(detector_corpus):
    conditions = {
        "clean": lambda samples, rng: samples,
        "softer": lambda samples, rng: samples * np.float32(0.2 / np.abs(samples).max()),
    }
    return alarm_report(detector_corpus, ByLevel(), conditions)


def test_alarms_are_counted_by_kind_language_and_condition(report):
    kinds, languages = report.figures["Real speech by kind"], report.figures["Real speech by language"]
    assert {name: kinds[name]["clips"] for name in kinds} == {"all": 7, PAGES: 6, "books": 1}
    assert {name: languages[name]["clips"] for name in languages} == {"en": 6, "not told": 1}
    conditions = report.figures["All of it through simulated conditions"]
    assert list(conditions) == [CLEAN, "softer"]  # the clips as they are need no second run
    assert conditions["softer"]["fake"].value == 1
    assert conditions["softer"]["fake"].clusters == 3
    assert conditions[CLEAN]["fake"].value < 1
    assert report.about["Unreadable"] == "1"
    row = next(row for row in report.tables[2].rows if row[0] == "softer")
    assert row[-1] == "**missed**"


def test_conditions_are_the_same_every_time_and_differ_by_clip(speech):
    def noise(samples, rng):
        return samples + 0.01 * rng.standard_normal(len(samples)).astype(np.float32)

    first, again = degraded(speech, "a", "noise", noise), degraded(speech, "a", "noise", noise)
    np.testing.assert_array_equal(first.samples, again.samples)
    assert (first.samples != degraded(speech, "b", "noise", noise).samples).any()
    assert (first.samples != degraded(speech, "a", "hiss", noise).samples).any()


def test_only_wide_pages_of_training_are_shown_as_seen(tmp_path, corpora, speech):
    from voxproof.audio import write_audio

    rows = [*corpora.train, corpora.row("d.wav")]
    for row in rows:
        write_audio(tmp_path / row["path"], speech)
    report = alarm_report(corpora.write(tmp_path, rows), ByLevel(), {}, seen=True)
    assert {name: one["clips"] for name, one in report.figures["seen"].items()} == {"books": 1}
    assert report.figures["Real speech by kind"]["all"]["clips"] == 1
    with pytest.raises(CorpusError, match="no real clips of dev"):
        alarm_report(corpora.write(tmp_path, corpora.train), ByLevel(), {})


def test_alarms_of_scored_clips(detector_corpus):
    dev = [row for row in read_corpus(detector_corpus) if row.split == "dev"]
    labels = {"p0.wav": "fake", "p1.wav": "uncertain"}
    _, figures = alarms_of([Scored(row, 0.0, labels.get(row.name, "real")) for row in dev])
    assert figures["all"]["fake"].value == pytest.approx(1 / 8)
    assert figures["all"]["uncertain"] == pytest.approx(1 / 8)
    assert alarms_of([Scored(row, 0.0) for row in dev])[0].rows == []
