"""Splices and their measure, on the bundled voices: `ben` stands for the machine."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from voxproof.detection import load_detector
from voxproof.detection.localise import Segment
from voxproof.errors import CorpusError
from voxproof.evaluation.localisation import compare, measure_localisation
from voxproof.evaluation.splices import LONGEST_PART, SHORTEST_PART, build_splices, join

RATE = 16_000


@dataclass(frozen=True)
class Clip:
    path: Path
    fake: bool
    page: str
    speaker: str = "nobody"


@pytest.fixture
def rows(voice_path):
    return [Clip(voice_path("anna"), False, "a"), Clip(voice_path("ben"), True, "a"), Clip(Path("gone"), True, "b")]


def test_parts_are_joined_at_one_level_without_a_click(voices):
    loud, quiet = voices["anna"].samples[RATE : 3 * RATE], 0.1 * voices["anna"].samples[RATE : 3 * RATE]
    whole, (boundary,) = join([loud, quiet])
    assert boundary == pytest.approx(2 - 0.005, abs=1e-4)
    assert len(whole) == 4 * RATE - 160
    assert whole[:RATE].std() == pytest.approx(whole[-2 * RATE : -RATE].std(), rel=0.02)
    steps = np.abs(np.diff(whole))
    assert steps[round(boundary * RATE) - 100 : round(boundary * RATE) + 100].max() <= steps.max()


def test_splices_have_two_and_three_parts_by_turns(rows):
    made = build_splices(rows, 6, seed=1)
    assert [len(splice.boundaries) for splice in made] == [1, 2, 1, 2, 1, 2]
    for splice in made:
        assert len(splice.fake) == len(splice.boundaries) + 1
        edges = [0.0, *splice.boundaries, splice.audio.duration]
        for start, end in pairwise(edges):
            assert SHORTEST_PART - 0.02 <= end - start <= LONGEST_PART + 0.02
    assert all(splice.fake == (False, True, False) for splice in made[1::2])
    again = build_splices(rows, 6, seed=1)
    assert all(np.array_equal(a.audio.samples, b.audio.samples) for a, b in zip(made, again, strict=True))


def test_one_class_alone_cannot_be_spliced(rows):
    with pytest.raises(CorpusError, match="splice"):
        build_splices(rows[:1], 2)


def test_errors_are_counted_from_the_truth(rows):
    splice = build_splices(rows, 2)[1]
    first, second = splice.boundaries
    end = splice.audio.duration
    perfect = [Segment(0, first, "real", -1), Segment(first, second, "fake", 2), Segment(second, end, "real", -2)]
    assert compare(splice, perfect).errors == (0.0, 0.0)
    assert compare(splice, perfect).right == 1.0
    one = compare(splice, [Segment(0, first + 0.1, "real", -1), Segment(first + 0.1, end, "fake", 2)])
    assert one.errors == (pytest.approx(0.1), pytest.approx(second - first - 0.1))
    missed = compare(splice, [Segment(0, end, "real", -1)])
    assert missed.errors == (np.inf, np.inf)
    assert missed.right == pytest.approx(1 - (second - first) / end, abs=0.03)


def test_the_report_has_all_figures(rows):
    report = measure_localisation(load_detector(), rows, splices=4, resamples=100)
    kinds = {"two parts", "three parts", "one speaker", "all splices"}
    assert set(report.figures) == {*kinds, "false boundaries a minute"}
    shares = report.figures["all splices"]
    assert 0 <= shares["near"].value <= 1
    assert 0 <= shares["missed"].value <= 1
    assert "within 0.25 s" in report.markdown()
