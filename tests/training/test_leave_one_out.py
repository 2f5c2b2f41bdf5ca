"""Leave one generator out: the balanced head by hand, folds that never hear what they judge, and the table."""

import csv

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.errors import CorpusError
from voxproof.evaluation.detector_evaluation import Options, evaluate_scores
from voxproof.evaluation.detector_folds import leave_one_generator_out
from voxproof.evaluation.detector_protocol import read_corpus
from voxproof.features.texture import MEASURES, statistics
from voxproof.training.detector_data import Clip
from voxproof.training.leave_one_out import Moments, balanced_ridge, leave_one_out, page_weights, score_folds
from voxproof.training.texture_statistics import texture_statistics

HEAD = (
    "path label split page generator family novel matched speaker language gender text original_codec repo source_path"
)


def test_statistics_weight_frames():
    maps = np.zeros((3, MEASURES + 1), np.float32)
    maps[:, 0] = [1.0, 3.0, 100.0]
    maps[:, -1] = [1.0, 1.0, 0.0]
    told = statistics(maps, maps[:, MEASURES])
    weights = np.array([1, 1, 0.02]) / 2.02
    mean = weights @ [1, 3, 100]
    assert told[0] == pytest.approx(mean, rel=1e-5)
    assert told[MEASURES] == pytest.approx(np.sqrt(weights @ (np.array([1, 3, 100]) - mean) ** 2), rel=1e-5)
    assert told[MEASURES + 1] == pytest.approx(0.01)


def test_the_head_is_weighted_least_squares():
    rng = np.random.default_rng(0)
    inputs, fake, weights = rng.normal(size=(40, 4)), np.arange(40) % 3 == 0, rng.uniform(0.5, 2, 40)
    head, offset = balanced_ridge(
        *(Moments.of(inputs[fake == one], weights[fake == one]) for one in (True, False)), 0.1
    )
    share = np.where(fake, weights / weights[fake].sum(), weights / weights[~fake].sum()) / 2
    mean = share @ inputs
    spread = np.sqrt(share @ (inputs - mean) ** 2)
    z = (inputs - mean) / spread
    wanted = np.linalg.solve(
        (z * share[:, None]).T @ z + 0.1 * np.eye(4), (z * share[:, None]).T @ np.where(fake, 1, -1)
    )
    np.testing.assert_allclose(head, wanted / spread, rtol=1e-9)
    assert offset == pytest.approx(-mean @ head)


def test_moments_of_the_rest_are_those_of_the_rest():
    rng = np.random.default_rng(1)
    inputs, weights = rng.normal(size=(10, 3)), rng.uniform(1, 2, 10)
    left = Moments.of(inputs, weights).without(Moments.of(inputs[:4], weights[:4]))
    rest = Moments.of(inputs[4:], weights[4:])
    assert left.weight == pytest.approx(rest.weight)
    np.testing.assert_allclose(left.second, rest.second)


def test_one_class_alone_teaches_nothing():
    some = Moments.of(np.ones((2, 3)), np.ones(2))
    with pytest.raises(CorpusError, match="one class"):
        balanced_ridge(some, some.without(some))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, voices):
    """Four pages with two real clips and two fakes each; each page has a generator of its own."""
    folder = tmp_path_factory.mktemp("corpus")
    with (folder / "manifest.tsv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, HEAD.split(), delimiter="\t", restval="")
        table.writeheader()
        for page, audio in voices.items():
            for number in range(2):
                part = audio.samples[number * 20_000 :][:16_000]
                frames = part.reshape(-1, 400)
                flat = np.fft.irfft(np.abs(np.fft.rfft(frames, axis=1)), axis=1).ravel()
                for label, samples in (("real", part), ("fake", 0.5 * flat / np.abs(flat).max())):
                    path = f"{page}-{label}{number}.wav"
                    Audio(samples.astype(np.float32), 16_000).save(folder / path)
                    row = {"path": path, "label": label, "split": "train", "page": page, "family": "vocoder"}
                    row |= {"generator": f"of {page}" if label == "fake" else "", "repo": "r", "source_path": path}
                    table.writerow(row)
        table.writerow({"path": "d.wav", "label": "real", "split": "dev", "page": "new", "repo": "d"})
    return folder


def test_the_table_is_what_the_protocol_reads(corpus, tmp_path):
    config = {"speech": [str(corpus)], "judged_on": str(corpus), "cache": str(tmp_path / "cache")}
    found = leave_one_out(config, tmp_path / "scores.tsv")
    assert sorted(found) == ["of anna", "of ben", "of carl", "of dora"]
    assert max(found.values()) == 0.0  # phases set to zero are easily heard in a voice that is new
    report = evaluate_scores(corpus, tmp_path / "scores.tsv", Options(resamples=100))
    assert report.figures["folds"]
    assert len(list((tmp_path / "cache").glob("*.npy"))) == 1


def test_a_fold_hears_nothing_of_its_generator_or_pages(corpus):
    rows = read_corpus(corpus)
    clips = [
        Clip(str(r.path), r.label, r.page, "c.wav", r.generator, r.family, r.speaker, origin=":".join(r.origin))
        for r in rows
        if r.split == "train"
    ]
    inputs = np.random.default_rng(0).normal(size=(len(clips), 3))
    folds = [fold for fold in leave_one_generator_out(rows) if fold.generator == "of anna"]
    before = [one.llr for one in score_folds(folds, clips, inputs)]
    others = np.array([clip.page != "anna" for clip in clips])
    learned = {label: others & np.array([clip.fake is label for clip in clips]) for label in (True, False)}
    weights = page_weights(clips)
    head, offset = balanced_ridge(*(Moments.of(inputs[learned[one]], weights[learned[one]]) for one in (True, False)))
    by_hand = [inputs[[c.path for c in clips].index(str(row.path))] @ head + offset for row in folds[0].judged]
    np.testing.assert_allclose(before, by_hand)


def test_statistics_are_kept(corpus, tmp_path):
    paths = sorted(corpus.glob("anna*.wav"))
    first = texture_statistics(paths, tmp_path)
    told = []
    again = texture_statistics(paths, tmp_path, lambda *args: told.append(args))
    np.testing.assert_array_equal(first, again)
    assert not told


def test_a_clip_that_nothing_was_learned_beside_is_told(corpus):
    rows = read_corpus(corpus)
    clips = [Clip(str(r.path), r.label, r.page, "c", r.generator, "", "", origin=r.name) for r in rows[:-1]]
    with pytest.raises(CorpusError, match="no clip of the recipe"):
        score_folds(leave_one_generator_out(rows), clips, np.random.default_rng(0).normal(size=(len(clips), 2)))
