import csv
import json

import numpy as np
import pytest
from typer import Typer
from typer.testing import CliRunner

from voxproof.audio import Audio
from voxproof.cli.evaluate_detector import evaluate_detector_command
from voxproof.detection import load_detector
from voxproof.errors import CorpusError
from voxproof.evaluation.detector_protocol import (
    Scored,
    check_disjoint,
    evaluate_detector,
    figures_of,
    groups_of,
    read_corpus,
    that_counts,
    unseen_speakers,
)

HEAD = (
    "path label split page generator family novel matched speaker language gender original_codec repo source_path"
).split()


def entry(path, label="real", split="dev", page="p", **rest):
    row = {"path": path, "label": label, "split": split, "page": page, "matched": "1", "speaker": f"of {page}"}
    return {**row, "repo": "r", "source_path": path, **rest}


def write(folder, rows):
    with (folder / "manifest.tsv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, HEAD, delimiter="\t", restval="")
        table.writeheader()
        table.writerows(rows)
    return folder


TRAIN = [
    entry("t0.wav", split="train", page="old"),
    entry("t1.wav", "fake", "train", "old", generator="Known", novel="0"),
    entry("t2.wav", split="train", page="wide-books"),
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, voices):
    """Two pages of a voice each, real clips and copies whose phases are gone; a codec copy; wide speech."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = list(TRAIN)

    def add(path, samples, *args, **rest):
        Audio(samples.astype(np.float32), 16_000).save(folder / path)
        rows.append(entry(path, *args, **rest))

    for page, name in (("p", "anna"), ("q", "carl")):
        for number in range(3):
            part = voices[name].samples[number * 40_000 :][:40_000]
            frames = part[: len(part) // 400 * 400].reshape(-1, 400)
            flat = np.fft.irfft(np.abs(np.fft.rfft(frames, axis=1)), axis=1).ravel()
            flat *= 0.5 / np.abs(flat).max()
            add(f"{page}{number}.wav", part, "real", page=page)
            fake = {"generator": "New", "family": "vocoder", "novel": "1"}
            add(f"{page}{number}-fake.wav", flat, "fake", page=page, **fake)
        add(f"{page}-codec.wav", 0.5 * flat, "fake", page=page, generator="C", family="codec", novel="1")
    add("wide.wav", voices["dora"].samples[:40_000], page="wide-books", matched="0", speaker="of old")
    add("known.wav", 0.9 * flat, "fake", page="q", generator="Known", family="vocoder", novel="0")
    (folder / "broken.wav").write_text("no sound")
    rows.append(entry("broken.wav", page="q"))
    return write(folder, rows)


@pytest.mark.parametrize(
    ("row", "shared"),
    [
        (entry("d.wav", page="old"), "pages"),
        (entry("d.wav", repo="r", source_path="t0.wav"), "recordings"),
        (entry("d.wav", "fake", generator="Known", novel="1"), "novel generators"),
    ],
)
def test_splits_that_overlap_are_refused(tmp_path, row, shared):
    rows = read_corpus(write(tmp_path, [*TRAIN, entry("ok.wav"), row]))
    with pytest.raises(CorpusError, match=f"share 1 {shared}"):
        check_disjoint(rows)


def test_splits_that_meet_where_they_may_pass(corpus):
    rows = read_corpus(corpus)
    found = check_disjoint(rows)
    assert found["speakers"] == 1
    assert found["clips of those speakers in dev"] == 1
    assert "wide.wav" not in [row.path.name for row in unseen_speakers(rows)]


def test_a_corpus_without_dev_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="lacks one of its splits"):
        check_disjoint(read_corpus(write(tmp_path, TRAIN)))
    with pytest.raises(CorpusError, match="detector corpus"):
        read_corpus(tmp_path / "nowhere")


def test_the_report(corpus):
    detector = load_detector()
    report = evaluate_detector(corpus, detector, resamples=100)
    figures = report.figures
    # Six novel fakes on two pages and their six real clips; codec, known generator, wide speech stand aside.
    assert (figures["the figure that counts"]["fake"], figures["the figure that counts"]["real"]) == (6, 6)
    assert (figures["all dev"]["fake"], figures["all dev"]["real"]) == (9, 7)
    assert figures["family codec"]["fake"] == 2
    assert 0 <= figures["the figure that counts"]["eer"].value <= 1
    shares = figures["verdicts"]["all dev"]["real"]
    assert shares["real"] + shares["uncertain"] + shares["fake"] == pytest.approx(1, abs=0.01)
    assert report.about["Unreadable"] == "1"
    text = report.markdown()
    assert "the figure that counts" in text
    assert detector.card.sha256[:12] in text
    assert json.loads(report.json())["figures"]["all dev"]["eer"]["clusters"] == 3


def test_the_figure_is_that_of_its_scores(corpus):
    rows = [row for row in read_corpus(corpus) if row.split == "dev" and row.path.name != "broken.wav"]

    class Said:
        def __init__(self, llr):
            self.llr = llr

    # Fakes above real clips but for one pair that is swapped: of six and six, one sixth errs.
    scored = [Scored(row, Said(2.0 if row.fake else -2.0), 0.0) for row in rows]
    scored = [
        Scored(s.row, Said({"p0.wav": 3.0, "p0-fake.wav": -3.0}.get(s.row.path.name, s.verdict.llr)), 0.0)
        for s in scored
    ]
    found = figures_of(that_counts(scored), resamples=100)
    assert found["eer"].value == pytest.approx(1 / 6)
    assert found["accuracy"].value == pytest.approx(10 / 12)
    groups = groups_of(scored, read_corpus(corpus))
    assert figures_of(groups["family codec"], resamples=100)["eer"].value < 0.2
    assert figures_of([s for s in scored if s.row.fake]) is None


def test_the_command(corpus, tmp_path):
    app = Typer()
    app.command()(evaluate_detector_command)
    run = CliRunner().invoke(
        app, [str(corpus), "--limit", "8", "--resamples", "100", "--json", "-o", str(tmp_path / "out.md")]
    )
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["title"] == "Detector detector-fast"
    assert (tmp_path / "out.md").read_text().startswith("## Detector detector-fast")
    assert (tmp_path / "out.json").is_file()
