import csv
import json
from dataclasses import replace

import pytest
from typer import Typer
from typer.testing import CliRunner

from voxproof.cli.evaluate_detector import evaluate_detector_command
from voxproof.degradation.conditions import CONDITIONS
from voxproof.detection import load_detector
from voxproof.errors import CorpusError, VoxproofError
from voxproof.evaluation.detector_evaluation import Options, evaluate_detector, evaluate_scores
from voxproof.evaluation.detector_folds import leave_one_generator_out
from voxproof.evaluation.detector_groups import ALL, COUNTS
from voxproof.evaluation.detector_protocol import read_corpus

QUICK = Options(resamples=100)


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    return tmp_path_factory.mktemp("kept") / "scores.tsv"


@pytest.fixture(scope="module")
def report(detector_corpus, scores):
    return evaluate_detector(detector_corpus, load_detector(), QUICK, keep=scores)


def test_the_report(report):
    figures = report.figures
    assert (figures[COUNTS]["fake"], figures[COUNTS]["real"]) == (6, 6)
    assert (figures[ALL]["fake"], figures[ALL]["real"]) == (9, 7)
    assert figures["family codec"]["fake"] == 2
    assert 0 <= figures[COUNTS]["eer"].value <= 1
    assert set(figures["durations"][COUNTS]) == {"0.5 s", "1 s", "2 s", "4 s", "all"}
    assert figures["generators"][COUNTS]["mean"].clusters == 2
    assert figures["by"]["language"]["en"] == {**figures["by"]["language"]["en"], "fake": 0, "real": 6, "eer": None}
    shares = figures["verdicts"][ALL]["real"]
    assert shares["real"] + shares["uncertain"] + shares["fake"] == pytest.approx(1, abs=0.01)
    assert figures["overlap"]["speakers"] == {"shared": 1, "clips": 1}
    assert figures["overlap"]["texts"] == {"shared": 1, "clips": 1}
    assert report.about["Unreadable"] == "1"
    text = report.markdown()
    for said in (
        "the figure that counts",
        "At the threshold carried over",
        "By generator",
        "over generators for fakes",
    ):
        assert said in text
    assert load_detector().card.sha256[:12] in text
    plain = json.loads(report.json())["figures"]
    assert plain[ALL]["eer"]["clusters"] == 7
    assert plain["speed"]["rtf"] >= plain["speed"]["detector_rtf"] > 0


def test_kept_scores_give_the_same_report(report, scores, detector_corpus):
    again = evaluate_scores(detector_corpus, scores, QUICK)
    for name in (COUNTS, ALL, "family codec", "durations", "generators", "by", "verdicts"):
        assert json.dumps(again.as_dict()["figures"][name]) == json.dumps(report.as_dict()["figures"][name]), name
    assert again.about["Not scored"] == "1 clips of dev"


def test_overlap_fails_the_run_before_anything_is_scored(tmp_path, corpora):
    """The clips are not even there: the check comes first."""
    corpora.write(tmp_path, [*corpora.train, corpora.row("new.wav"), corpora.row("d.wav", page="old")])
    with pytest.raises(CorpusError, match="share 1 pages"):
        evaluate_detector(tmp_path, load_detector(), QUICK)
    (tmp_path / "scores.tsv").write_text("path\tscore\nnew.wav\t1\n")
    with pytest.raises(CorpusError, match="share 1 pages"):
        evaluate_scores(tmp_path, tmp_path / "scores.tsv", QUICK)


def test_strict_refuses_speakers_that_meet(detector_corpus):
    with pytest.raises(CorpusError, match="share 1 speakers"):
        evaluate_detector(detector_corpus, load_detector(), replace(QUICK, strict=True))


def fold_corpus(corpora, folder):
    """Generators A and B on pages of their own; C shares a page with A and has one clip."""
    rows = [corpora.row("dev.wav")]
    for page, generator in (("one", "A"), ("two", "B")):
        for number in range(2):
            rows.append(corpora.row(f"{page}{number}.wav", split="train", page=page))
            rows.append(corpora.row(f"{generator}{number}.wav", "fake", "train", page, generator=generator))
    rows.append(corpora.row("C0.wav", "fake", "train", "one", generator="C"))
    return corpora.write(folder, rows)


def test_a_fold_learns_nothing_of_its_generator_or_its_pages(tmp_path, corpora):
    folds = leave_one_generator_out(read_corpus(fold_corpus(corpora, tmp_path)))
    assert [fold.generator for fold in folds] == ["A", "B"]
    assert [row.name for row in folds[0].judged] == ["A0.wav", "A1.wav", "one0.wav", "one1.wav"]
    assert [row.name for row in folds[0].learned] == ["two0.wav", "B0.wav", "two1.wav", "B1.wav"]


def test_scores_by_fold(tmp_path, corpora):
    fold_corpus(corpora, tmp_path)
    table = "path\tscore\tfold\n"
    # A: the fakes lie above the real clips but for one tie; B: they lie below.
    table += "A0.wav\t2\tA\nA1.wav\t0\tA\none0.wav\t0\tA\none1.wav\t-1\tA\n"
    table += "B0.wav\t-2\tB\nB1.wav\t-3\tB\ntwo0.wav\t1\tB\ntwo1.wav\t2\tB\n"
    (tmp_path / "scores.tsv").write_text(table)
    found = evaluate_scores(tmp_path, tmp_path / "scores.tsv", QUICK).figures["folds"]
    # The tie joins (0, 1/2) and (1/2, 0): 1/4.
    assert found["each"]["A"]["eer"] == pytest.approx(0.25, abs=1e-12)
    assert found["each"]["B"]["eer"] == 1
    assert found["mean"].value == pytest.approx(0.625, abs=1e-12)
    assert found["worst"] == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A0.wav\t1\tB", "does not belong"),
        ("A0.wav\t1\tNobody", "named after"),
        ("C0.wav\t1\tC", "two clips at least"),
        ("A0.wav\t1\t", "a clip of training"),
    ],
)
def test_folds_that_judge_what_they_know_are_refused(tmp_path, corpora, line, said):
    fold_corpus(corpora, tmp_path)
    (tmp_path / "scores.tsv").write_text(f"path\tscore\tfold\n{line}\n")
    with pytest.raises(CorpusError, match=said):
        evaluate_scores(tmp_path, tmp_path / "scores.tsv", QUICK)


def call(*arguments):
    app = Typer()
    app.command()(evaluate_detector_command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_command(detector_corpus, report, scores, tmp_path):
    run = call(
        detector_corpus, "--scores", scores, "--resamples", 100, "--clusters", "page", "--json", "-o", tmp_path / "o.md"
    )
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["figures"][ALL]["eer"]["clusters"] == 3
    assert (tmp_path / "o.md").read_text().startswith("## Scores scores")
    assert (tmp_path / "o.json").is_file()


def test_the_command_scores_a_few_and_keeps_them(detector_corpus, tmp_path):
    run = call(detector_corpus, "--limit", 4, "--resamples", 100, "--write-scores", tmp_path / "kept.tsv")
    assert run.exit_code == 0, run.output
    assert "## Detector detector-strong" in run.stdout
    with (tmp_path / "kept.tsv").open() as file:
        assert 3 <= len(list(csv.DictReader(file, delimiter="\t"))) <= 4


def test_runs_that_exclude_each_other(detector_corpus, tmp_path):
    both = call(detector_corpus, "--probes", "--alarms")
    assert isinstance(both.exception, VoxproofError)
    assert "--probes and --alarms" in str(both.exception)
    assert "name the folder" in str(call("--probes").exception)
    assert "goes with --probes" in str(call(detector_corpus, "--mended", "--alarms").exception)


def test_alarms_go_through_every_condition(detector_corpus, tmp_path):
    """The first clip and the last, which cannot be read."""
    run = call(detector_corpus, "--alarms", "--limit", 2, "-o", tmp_path / "alarms.md")
    assert run.exit_code == 0, run.output
    figures = json.loads((tmp_path / "alarms.json").read_text())["figures"]
    through = figures["All of it through simulated conditions"]
    assert set(through) == {"as they are", *CONDITIONS} - {"clean"}
    assert {one["clips"] for one in through.values()} == {1}


def test_probes_need_training_pages_that_can_be_read(detector_corpus):
    assert "lack readable clips" in str(call(detector_corpus, "--probes").exception)
