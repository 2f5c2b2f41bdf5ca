"""Two samples to three: the product that does sixteen pairs at once is the filter itself, at any length."""

import numpy as np
import pytest

from voxproof.bandwidth_extension.upsampling import REACH, phases, upsample


@pytest.mark.parametrize("pairs", [1, 2, 15, 16, 17, 100])
@pytest.mark.parametrize("spare", [0, 1])
def test_it_is_the_filter(pairs, spare):
    samples = np.random.default_rng(pairs).standard_normal(2 * REACH + 2 * pairs - 2 + spare).astype(np.float32)
    wanted = np.stack([samples[2 * k : 2 * k + 2 * REACH] @ phases() for k in range(pairs)]).ravel()
    assert np.abs(upsample(samples) - wanted).max() < 1e-5


def test_its_first_sample_is_where_it_is_said_to_be():
    samples = np.zeros(2 * REACH + 20, np.float32)
    samples[REACH - 1 + 4] = 1
    assert int(upsample(samples).argmax()) == 6
    assert upsample(samples)[6] == pytest.approx(1, abs=1e-3)
