"""Probes find what they are meant to find on speech that was spoilt in one way, and nothing on speech that was not."""

import numpy as np
import pytest

from voxproof.audio import Audio, write_audio
from voxproof.errors import CorpusError
from voxproof.evaluation.bootstrap import Interval
from voxproof.evaluation.detector_nuisances import SOUND, nuisances
from voxproof.evaluation.detector_probes import judged, probe_corpus, probe_set, train_probe

PAGES, CLIPS = 6, 8  # clips of each class and page


def narrow(samples):
    spectrum = np.fft.rfft(samples)
    spectrum[len(spectrum) // 2 :] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


SPOILT = {
    "edge silence": lambda samples: np.concatenate([np.zeros(4000, np.float32), samples[4000:]]),
    "loudness": lambda samples: samples * np.float32(0.2),
    "DC": lambda samples: samples * np.float32(0.9) + np.float32(0.01),
    "bandwidth": narrow,
    "bit depth": lambda samples: np.rint(samples * 512) / np.float32(512),
    "duration": lambda samples: samples[: len(samples) // 2],
}


def dataset(folder, voices, spoil, corpora=None):
    """Random cuts of all voices for both classes; `spoil` is done to fakes alone."""
    rng = np.random.default_rng(5)
    lines, rows = [], []
    for page in range(PAGES):
        for number in range(CLIPS):
            for label in ("real", "fake"):
                voice = voices[rng.choice(sorted(voices))].samples
                start = int(rng.integers(0, len(voice) - 24_000))
                samples = voice[start : start + int(rng.integers(16_000, 24_000))] * np.float32(rng.uniform(0.4, 1))
                path = f"{page}-{number}-{label}.wav"
                write_audio(folder / path, Audio(spoil(samples) if label == "fake" else samples, 16_000))
                lines.append(f"{path}\t{label}\t{page}")
                if corpora is not None:
                    split = "train" if page < PAGES // 2 else "dev"
                    fake = {"generator": f"of {page}", "novel": str(int(split == "dev"))} if label == "fake" else {}
                    rows.append(corpora.row(path, label, split, f"page {page}", original_codec="mp3", **fake))
    (folder / "manifest.tsv").write_text("\n".join(["path\tlabel\tpage", *lines]) + "\n")
    return corpora.write(folder, rows) if corpora is not None else folder


@pytest.mark.parametrize("kind", SPOILT)
def test_what_was_spoilt_is_found(tmp_path, voices, kind):
    report = probe_set(dataset(tmp_path, voices, SPOILT[kind]), resamples=100)
    found = report.figures["probes"]
    assert found[kind]["eer"].value < 0.2, kind
    assert kind in report.figures["failed"]
    assert kind in report.about["Failed"]
    assert "FAIL" in report.markdown()


def test_a_fair_set_is_hard_to_tell(tmp_path, voices):
    found = probe_set(dataset(tmp_path, voices, lambda samples: samples), resamples=100).figures["probes"]
    assert found["codec"]["eer"].value == 0.5  # no coding is told, so that all clips tie
    assert found["codec"]["fair"]
    for name, figure in found.items():
        assert figure["eer"].value > 0.25, name


def test_probes_of_the_corpus_learn_from_training_and_are_judged_on_what_counts(tmp_path, voices, corpora):
    report = probe_corpus(dataset(tmp_path, voices, narrow, corpora), resamples=100)
    assert report.figures["probes"]["bandwidth"]["eer"].value < 0.1
    assert report.about["Learned from"] == f"{PAGES * CLIPS} clips of {PAGES // 2} pages of training"
    row = next(row for row in report.tables[0].rows if row[0] == "bandwidth")
    assert (row[1], row[2], row[4]) == (PAGES // 2 * CLIPS, PAGES // 2 * CLIPS, "FAIL")


def test_sets_without_pages_to_judge_by_are_refused(tmp_path, corpora):
    (tmp_path / "manifest.tsv").write_text("path\tlabel\tpage\na.wav\treal\tp\nb.wav\tfake\tp\n")
    with pytest.raises(CorpusError, match="has 1 pages with both classes"):
        probe_set(tmp_path)


def test_a_probe_is_logistic_regression():
    vectors = np.array([[0.0], [1.0], [2.0], [3.0]])
    probe = train_probe(vectors, np.array([False, False, True, True]))
    scores = probe.scores(vectors)
    assert (np.diff(scores) > 0).all()
    assert scores.sum() == pytest.approx(0, abs=1e-6)  # as much for as against: the classes mirror each other
    same = train_probe(np.ones((4, 1)), np.array([False, False, True, True]))
    assert same.scores(np.array([[1.0], [9.0]])) == pytest.approx([0, 0], abs=1e-6)


def test_nuisances_of_odd_recordings_are_finite():
    for samples in (np.zeros(0), np.zeros(5), np.zeros(16_000), np.ones(100), np.full(3, 1e-6)):
        found = nuisances(samples.astype(np.float32))
        assert set(found) == set(SOUND)
        for name, vector in found.items():
            assert np.isfinite(vector).all(), name


def test_what_nuisances_measure(speech):
    samples = speech.samples[: 3 * 16_000]
    padded = np.concatenate([np.zeros(8_000, np.float32), samples])
    assert np.exp(nuisances(padded)["edge silence"][2]) - 0.01 >= 0.5
    assert nuisances(samples * np.float32(0.5))["loudness"] == pytest.approx(
        nuisances(samples)["loudness"] - 6.02, abs=0.1
    )
    assert nuisances(narrow(samples))["cut-off"][0] == pytest.approx(4, abs=0.2)
    assert nuisances(np.rint(samples * 2048) / np.float32(2048))["bit depth"][2] == 1  # 12 bits: all divide by 16
    assert nuisances(samples)["duration"][0] == 3


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [(0.5, 0.4, 0.6, "ok"), (0.45, 0.4, 0.5, "ok"), (0.44, 0.4, 0.52, "FAIL (50"), (0.6, 0.55, 0.7, "FAIL")],
)
def test_chance_is_45_to_55_percent(value, low, high, said):
    assert judged(Interval(value, low, high, 9)).startswith(said)
