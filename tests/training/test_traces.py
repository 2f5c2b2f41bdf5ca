"""The recipe of traces: windows, weights, the machine against scikit-learn, and a whole run on real clips."""

import csv

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("sklearn")

import onnx
import onnxruntime
import torch
from sklearn.svm import SVC

from voxproof.audio import Audio, read_audio, write_audio
from voxproof.errors import CorpusError
from voxproof.features.traces import VALUES, block_scales
from voxproof.networks.kernel_machine import KernelMachine
from voxproof.training.detector_data import Clip
from voxproof.training.recipe import Run
from voxproof.training.traces import _export, cut, fit, row_weights, train_traces

CONFIG = {"components": 1_000, "gamma": 1.2, "penalty": 3.0}


def test_windows_overlap_by_half_and_end_at_the_end():
    samples = np.arange(10, dtype=np.float32)
    assert [part[0] for part in cut(samples, 4)] == [0, 2, 4, 6]
    assert [part[0] for part in cut(np.arange(9, dtype=np.float32), 4)] == [0, 2, 4, 5]
    assert cut(np.arange(3, dtype=np.float32), 4)[0].tolist() == [0, 1, 2, 0]


def _clip(page: str, label: str) -> Clip:
    return Clip("", label, page, "", "g", "f", "s")


def test_pages_classes_and_clips_weigh_the_same():
    clips = [_clip("a", "real"), _clip("a", "fake"), _clip("a", "fake"), _clip("b", "real")]
    of = np.array([0, 0, 1, 2, 2, 2, 3])
    weights = row_weights(clips, of)
    assert weights.mean() == pytest.approx(1)
    sums = np.bincount(of, weights=weights)
    assert sums[0] == pytest.approx(sums[1] + sums[2])
    assert sums[1] == pytest.approx(sums[2])
    assert sums[3] == pytest.approx(sums[0])


def test_the_machine_decides_as_scikit_learn_does():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(60, VALUES)).astype(np.float32)
    fake = np.arange(60) % 2 == 0
    rows[fake] += 0.1
    weights = rng.uniform(0.5, 2, 60)
    machine = fit(rows, fake, weights, CONFIG)
    scaled = np.clip((rows - rows.mean(0)) / (rows.std(0) + 1e-6), -5, 5) * block_scales()
    svm = SVC(kernel="rbf", gamma=1.2, C=3.0).fit(scaled, fake, sample_weight=weights)
    told = machine(torch.from_numpy(rows)).numpy()
    assert np.allclose(told, svm.decision_function(scaled), atol=2e-3)


def test_one_class_alone_is_refused():
    with pytest.raises(CorpusError, match="one class"):
        fit(np.zeros((4, VALUES), np.float32), np.zeros(4, bool), np.ones(4), CONFIG)


def test_a_run_tells_copies_from_recordings(tmp_path, voice_path):
    """Real halves of clips and their copies by Griffin-Lim on six pages: what is left out is told apart too."""
    from voxproof.features import f0, log_mel
    from voxproof.vocoders import load_vocoder

    rows, vocoder = [], load_vocoder("griffinlim")
    for page in range(6):
        for half in range(4):
            samples = read_audio(voice_path(("anna", "ben", "carl", "dora")[half]), rate=16_000).samples
            part = samples[page * 16_000 : page * 16_000 + 24_000]
            for label, sound in (("real", part), ("fake", vocoder.vocode(log_mel(part), f0(part)))):
                name = f"{page}-{half}-{label}.wav"
                write_audio(tmp_path / name, Audio(np.asarray(sound, np.float32), 16_000))
                rows.append([name, label, f"page{page}", "gl" if label == "fake" else "-", "vocoder", f"s{half}"])
    with (tmp_path / "manifest.tsv").open("w", newline="") as file:
        table = csv.writer(file, delimiter="\t")
        table.writerow(["path", "label", "page", "generator", "family", "speaker"])
        table.writerows(rows)
    (tmp_path / "run").mkdir()
    config = {
        **CONFIG,
        "speech": [str(tmp_path)],
        "cache": str(tmp_path / "cache"),
        "held_out": 0.34,
        "window": 1.0,
        "draws": 1,
        "augment": {"gain": 1.0},
    }
    train_traces(Run(config, tmp_path / "run", 1.0, False, 1))
    log = (tmp_path / "run" / "log.jsonl").read_text()
    assert '"eer": 0.0' in log
    sessions = [onnxruntime.InferenceSession(str(tmp_path / "run" / n)) for n in ("model.onnx", "refit.onnx")]
    outputs = [s.run(["scores"], {"features": np.zeros((3, VALUES), np.float32)})[0] for s in sessions]
    assert outputs[0].shape == outputs[1].shape == (3,)


def test_the_graph_holds_every_matrix_once_in_sixteen_bits(tmp_path):
    vectors, components = 300, 64  # eight bits moved the scores of the one that ships by more than their spread
    machine = KernelMachine(VALUES, components, vectors, 1.2)
    rng = np.random.default_rng(0)
    shapes = machine.state_dict()
    machine.load_state_dict({name: torch.from_numpy(rng.normal(size=t.shape)).float() for name, t in shapes.items()})
    _export(machine, tmp_path / "model.onnx")
    stored = onnx.load(str(tmp_path / "model.onnx")).graph.initializer
    matrices = sorted((tuple(one.dims), one.data_type) for one in stored if len(one.dims) == 2)
    assert matrices == [
        ((components, vectors), onnx.TensorProto.FLOAT16),
        ((VALUES, components), onnx.TensorProto.FLOAT16),
    ]
    rows = rng.normal(size=(8, VALUES)).astype(np.float32)
    told = onnxruntime.InferenceSession(str(tmp_path / "model.onnx")).run(None, {"features": rows})[0].ravel()
    np.testing.assert_allclose(told, machine(torch.from_numpy(rows)).numpy().ravel(), atol=0.02)
