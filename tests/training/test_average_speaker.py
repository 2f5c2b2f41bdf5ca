"""The average speaker: each speaker counts once, however many clips there are of them."""

from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("numba")

from voxproof.training.average_speaker import average_speaker, save_average_speaker

CLIPS = [
    SimpleNamespace(speaker=name, embedding=np.array(values, np.float32))
    for name, values in [("anna", (1, 0)), ("anna", (0, 1)), ("anna", (0.5, 0.5)), ("ben", (0, 1))]
]


def test_a_speaker_counts_once():
    assert average_speaker(CLIPS).tolist() == [0.25, 0.75]


def test_it_is_written_as_it_is(tmp_path):
    path = save_average_speaker(CLIPS, tmp_path)
    assert path.name == "average.npy"
    assert np.load(path, allow_pickle=False).tolist() == [0.25, 0.75]
