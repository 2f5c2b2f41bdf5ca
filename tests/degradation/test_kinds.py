"""What every kind, codec and condition has to hold: length, finite samples, and that the generator alone decides."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.degradation import CODECS, CONDITIONS, KINDS, RATE

ALL = {f"{group}/{name}": kind for group, kinds in
       (("kind", KINDS), ("codec", CODECS), ("condition", CONDITIONS)) for name, kind in kinds.items()}  # fmt: skip
LEVEL_CHANGES = ("kind/gain", "kind/convolutive_noise", "kind/normalisation", "kind/offset", "condition/quiet")
SLOW = ("codec/amr-wb-like", "condition/amr-wb-like", "kind/telephone")


@pytest.mark.parametrize("name", ALL)
def test_as_many_finite_samples_come_out_and_the_generator_alone_decides(name, speech):
    @settings(max_examples=2 if name in SLOW else 6, deadline=None, derandomize=True)
    @given(start=st.integers(0, 60_000), length=st.integers(1, 20_000), seed=st.integers(0, 2**32 - 1))
    def check(start, length, seed):
        samples = speech.samples[start : start + length].copy()
        given_samples = samples.copy()
        changed = ALL[name](samples, np.random.default_rng(seed))
        assert changed.shape == samples.shape
        assert changed.dtype == np.float32
        assert np.isfinite(changed).all()
        assert np.array_equal(samples, given_samples), "the caller's samples were written to"
        assert np.array_equal(changed, ALL[name](samples, np.random.default_rng(seed)))

    check()


@pytest.mark.parametrize("name", [name for name in ALL if name != "condition/clean"])
def test_speech_is_changed_and_stays_as_loud(name, speech):
    samples = speech.samples[16_000:40_000]
    changes = [ALL[name](samples, np.random.default_rng(seed)) for seed in range(1 if name in SLOW else 3)]
    if name != "kind/trimming":  # there is nothing to trim here
        assert any(np.abs(changed - samples).max() > 0 for changed in changes)
    if name not in LEVEL_CHANGES:
        for changed in changes:
            assert 0.5 < np.sqrt((changed**2).mean() / (samples**2).mean()) < 2.0


@pytest.mark.parametrize("name", ALL)
def test_silence_and_full_scale_stay_finite(name):
    rng = np.random.default_rng(0)
    square = np.sign(np.sin(np.arange(8000) * 0.1))
    for samples in (np.zeros(8000), square, np.concatenate([np.zeros(4000), square[:4000]])):
        assert np.isfinite(ALL[name](samples.astype(np.float32), rng)).all()


def test_other_draws_do_other_things(speech):
    samples = speech.samples[:16_000]
    for name, kind in KINDS.items():
        drawn = [kind(samples, np.random.default_rng(seed)) for seed in range(4)]
        assert any(not np.array_equal(drawn[0], other) for other in drawn[1:]), name


def test_rates_are_the_packages(speech):
    assert speech.rate == RATE
