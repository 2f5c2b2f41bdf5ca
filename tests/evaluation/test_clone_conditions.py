"""The four conditions, on clones that were never made: hand-made counts of errors."""

from pathlib import Path

import numpy as np
import pytest

from voxproof.evaluation.bank import Bank
from voxproof.evaluation.clone_conditions import SV2TTS, clone_conditions, conditions_table, long_over_short
from voxproof.evaluation.clones import Clone, planned
from voxproof.evaluation.dnsmos import DnsmosScores
from voxproof.evaluation.error_rate import ErrorCount
from voxproof.evaluation.measures import Measures
from voxproof.evaluation.similarity import Cosines, SimilarityFigures, similarity_figures

RATES = {("5", "short"): 1, ("5", "long"): 3, ("30", "short"): 2, ("30", "long"): 4}  # errors in ten words


def measured(bank: Bank, lengths: tuple[str, ...]) -> list[tuple[Clone, Measures]]:
    return [
        (
            clone,
            Measures(
                clone.text.text, "", ErrorCount(RATES.get((clone.length, clone.text.length), 0), 10), ErrorCount(0, 50),
                3.0 if clone.text.length == "long" else 2.0, DnsmosScores(3.0, 3.0, 3.0, 3.0), 1.0,
            ),
        )
        for clone in planned(bank, Path("run"), lengths)
    ]  # fmt: skip


def similarity(clones: list[Clone]) -> SimilarityFigures:
    """Half way from a stranger to the speaker; with long texts all the way."""
    near = {"short": 0.5, "long": 0.9}
    cosines = [Cosines(clone.speaker.name, near[clone.text.length], 0.1) for clone in clones]
    return similarity_figures(cosines, {clone.speaker.name: 0.9 for clone in clones})


def test_each_condition_has_its_own_clips(bank: Bank) -> None:
    found = clone_conditions(measured(bank, ("5", "10", "30")), similarity)
    assert {(length, text): found[length][text]["wer"].value for length, text in RATES} == {
        condition: pytest.approx(errors / 10) for condition, errors in RATES.items()
    }
    assert found["5"]["short"]["clips"] == 12
    assert found["30"]["long"]["clips"] == 4
    assert found["5"]["ratio"].value == pytest.approx(3.0)
    assert found["30"]["ratio"].value == pytest.approx(2.0)
    assert found["5"]["long"]["similarity"].normalised.value == pytest.approx(1.0)
    assert found["5"]["short"]["distillmos"].value == pytest.approx(2.0)


@pytest.mark.parametrize("lengths", [("10",), ("5", "10"), ("30", "all")])
def test_one_length_makes_no_table(bank: Bank, lengths: tuple[str, ...]) -> None:
    assert clone_conditions(measured(bank, lengths), similarity) == {}


def test_the_ratio_has_an_interval_over_speakers(bank: Bank) -> None:
    clips = measured(bank, ("5",))
    assert long_over_short(clips).low == pytest.approx(3.0)  # all speakers alike
    worse = [
        (clone, one if clone.speaker.name != "anna" else Measures(**(vars(one) | {"words": ErrorCount(9, 10)})))
        for clone, one in clips
    ]
    found = long_over_short(worse)
    assert found.low < found.value < found.high
    assert found.clusters == 4


def test_without_errors_in_short_texts_there_is_no_ratio(bank: Bank) -> None:
    found = long_over_short(measured(bank, ("10",)))
    assert np.isnan(found.value)
    assert f"{found:.2f}" == "n/a"


def test_the_table_names_lengths_and_stands_beside_the_earlier_project(bank: Bank) -> None:
    table = conditions_table(clone_conditions(measured(bank, ("5", "30")), similarity), "the-judge")
    rows = [[str(cell) for cell in row] for row in table.rows]
    assert [row[:2] for row in rows] == [
        ["short, 5 s", "short"], ["short, 5 s", "long"], ["long, 30 s", "short"], ["long, 30 s", "long"],
    ]  # fmt: skip
    assert [float(row[7]) for row in rows] == list(SV2TTS.values())
    assert [row[4].split(" ")[0] for row in rows] == ["None", "3.00", "None", "2.00"]
    assert [row[8] for row in rows] == ["None", "2.32", "None", "2.75"]
    assert all(len(row) == len(table.columns) for row in rows)
    assert "the-judge" in table.note
    assert "1806.04558" in table.note
