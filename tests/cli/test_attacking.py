"""`evaluate detector --attack`: one table of every attack, and one line for what cannot be."""

import csv

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.cli.attacking import attack_detector
from voxproof.evaluation.attacks import ATTACKS
from voxproof.evaluation.tasks import silent

HEAD = (
    "path label split page generator family novel matched speaker language gender text original_codec repo source_path"
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, voices):
    """Two real clips and two crude fakes of a page of dev, and a page of training."""
    folder = tmp_path_factory.mktemp("corpus")
    with (folder / "manifest.tsv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, HEAD.split(), delimiter="\t", restval="")
        table.writeheader()
        for split, name in (("train", "ben"), ("dev", "anna")):
            for number in range(2):
                part = voices[name].samples[number * 24_000 :][:16_000]
                for label, samples in (("real", part), ("fake", np.abs(part))):
                    path = f"{split}-{label}{number}.wav"
                    Audio(samples.astype(np.float32), 16_000).save(folder / path)
                    row = {"path": path, "label": label, "split": split, "page": split, "speaker": name}
                    row |= {"generator": f"of {split}" * (label == "fake"), "family": "vc" * (label == "fake")}
                    table.writerow({**row, "novel": "1", "matched": "1", "repo": "r", "source_path": path})
    return folder


def test_a_detector_without_gradients_gets_the_other_attacks(corpus):
    report = attack_detector(
        corpus, "detector-classical-lr", limit=None, resamples=100, advance=silent, command="a command"
    )
    assert [row[0] for row in report.tables[0].rows] == ["none", *(a.name for a in ATTACKS if not a.missing)]
    assert "white box" in report.about["Not done"]
    assert report.figures["none"]["clips"] == 4
