"""Minimum phase by its definition: the magnitude is kept and the response begins at once."""

import numpy as np

from voxproof.datasets.fakes.phase import envelope, minimum_phase
from voxproof.features import log_mel


def test_minimum_phase_keeps_the_magnitude(clip):
    log_magnitude = envelope(log_mel(clip))
    made = minimum_phase(log_magnitude)
    assert np.allclose(np.log(np.abs(made)), log_magnitude, atol=1e-3)


def test_minimum_phase_of_a_known_filter():
    # 1 - 0.5 z^-1 has its zero inside the circle: it is of minimum phase already.
    truth = np.fft.rfft(np.array([1.0, -0.5]), 800)
    found = minimum_phase(np.log(np.abs(truth))[None].astype(np.float32))[0]
    assert np.allclose(found, truth, atol=1e-4)
