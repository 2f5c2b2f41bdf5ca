import math

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.detection import detect_audio, load_detector
from voxproof.errors import CorpusError
from voxproof.evaluation.detector_protocol import read_corpus
from voxproof.evaluation.detector_scores import (
    Overheard,
    Scored,
    first_seconds,
    read_scores,
    score_corpus,
    write_scores,
)


@pytest.fixture(scope="module")
def rows(detector_corpus):
    return [row for row in read_corpus(detector_corpus) if row.split == "dev"]


def test_every_clip_gets_scores_of_all_lengths_and_bad_ones_are_told(rows):
    few = [row for row in rows if row.name in ("p0.wav", "q0-fake.wav", "broken.wav")]
    scored, unread = score_corpus(few, load_detector(), durations=(0.5, 1.0))
    assert [s.row.name for s in scored] == ["p0.wav", "q0-fake.wav"]
    assert len(unread) == 1
    assert "broken.wav" in unread[0]
    for one in scored:
        assert set(one.shorter) == {0.5, 1.0}
        assert all(value != 0 and math.isfinite(value) for value in one.shorter.values())
        assert one.label in ("real", "fake", "uncertain")
        assert one.seconds == pytest.approx(2.5, abs=0.02)
        assert 0 < one.detector_cpu < one.cpu


def test_a_clip_too_short_for_a_verdict_has_a_score_all_the_same(speech):
    detector = Overheard(load_detector())
    verdict = detect_audio(Audio(speech.samples[16_000:24_000], 16_000), detector)
    assert verdict.label == "uncertain"
    alone = load_detector().score(detector.audio, detector.speech).clip_llr
    assert detector.llr == alone != 0


def test_cut_to_the_first_seconds_of_speech(speech):
    cut = first_seconds(speech, [(1.5, 4.0)], 0.5)
    np.testing.assert_array_equal(cut.samples, speech.samples[24_000:32_000])
    assert first_seconds(speech, [], 2.0).duration == 2.0
    assert first_seconds(speech, [(speech.duration - 1, speech.duration)], 4.0).duration == pytest.approx(1)


def test_the_table_holds_everything(tmp_path, rows):
    scored = [
        Scored(rows[0], 0.1 + 0.2, "real", {0.5: -1.25, 4.0: 2.0}, 4.5, 0.25, 0.125),
        Scored(rows[1], -3.0, "uncertain", {0.5: 1e-9, 4.0: 7.0}, 1.0, 0.5, 0.25),
    ]
    write_scores(tmp_path / "scores.tsv", scored)
    assert read_scores(tmp_path / "scores.tsv", rows) == scored
    head = (tmp_path / "scores.tsv").read_text().splitlines()[0].split("\t")
    assert head == ["path", "score", "verdict", "seconds", "cpu", "detector_cpu", "score_0.5s", "score_4s"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("path\tllr\n", "lacks the column"),
        ("path\tscore\nnobody.wav\t1\n", "scores.tsv:2: 'nobody.wav' is no clip"),
        ("path\tscore\np0.wav\t1\np1.wav\tlots\n", "scores.tsv:3: the score of p1.wav"),
        ("path\tscore\np0.wav\tinf\n", "no finite number"),
        ("path\tscore\tverdict\np0.wav\t1\tperhaps\n", "verdict"),
        ("path\tscore\np0.wav\t1\np0.wav\t2\n", "scores 1 clips twice"),
    ],
)
def test_tables_that_make_no_sense_are_refused(tmp_path, rows, table, said):
    (tmp_path / "scores.tsv").write_text(table)
    with pytest.raises(CorpusError, match=said):
        read_scores(tmp_path / "scores.tsv", rows)
    with pytest.raises(CorpusError, match="give a table"):
        read_scores(tmp_path / "none.tsv", rows)
