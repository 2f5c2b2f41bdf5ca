"""Copies fit their originals in all that says nothing about how they were made."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.datasets.fakes import matching
from voxproof.datasets.fakes.timing import extent, fitted
from voxproof.errors import AudioError

RATE = 16_000


def with_edges(speech, lead, trail, noise=1e-3):
    rng = np.random.default_rng(0)
    whole = np.concatenate([np.zeros(lead), speech, np.zeros(trail)]).astype(np.float32)
    return whole + noise * rng.standard_normal(len(whole)).astype(np.float32)


@settings(max_examples=20, deadline=None)
@given(gain=st.floats(0.02, 5.0), offset=st.floats(-0.1, 0.1), seed=st.integers(0, 2**31 - 1))
def test_a_copy_is_as_long_and_about_as_loud(clip, gain, offset, seed):
    original = matching.prepared(clip, 0)
    fit = matching.copied(original, (clip[:-150] * gain + offset).astype(np.float32), seed)
    assert len(fit) == len(original)
    assert abs(float(fit.mean())) < 1e-4
    assert np.abs(fit).max() == pytest.approx(np.abs(original).max(), rel=0.1)
    assert (fit**2).mean() == pytest.approx((original**2).mean(), rel=0.1)


def test_spoken_begins_where_the_original_does_and_in_its_background(clip, other):
    start, end = extent(clip)
    original = matching.prepared(with_edges(clip[start:end], 6_000, 4_000), 0)
    fit = matching.spoken(original, other[: RATE * 2], seed=2)
    assert len(fit) == len(original)
    assert abs(extent(fit)[0] - extent(original)[0]) <= 800
    lead, was = fit[:4_000], original[:4_000]
    assert 0.5 < np.std(lead) / np.std(was) < 2.0  # as loud as the room was, never digital silence
    assert np.count_nonzero(fit) > 0.99 * len(fit)


def test_spoken_ends_where_the_recording_does(clip, other):
    narrow = matching.below(clip, 3_000.0)
    assert matching.reach(narrow) < 3_600
    fit = matching.spoken(matching.prepared(narrow, 0), other, seed=0)
    power = np.abs(np.fft.rfft(fit)) ** 2
    above = np.linspace(0, RATE / 2, len(power)) > 4_000
    assert power[above].sum() < 1e-4 * power.sum()


def test_extent_finds_the_speech(clip):
    start, end = extent(clip)
    padded = with_edges(clip[start:end], 8_000, 5_000)
    first, last = extent(padded)
    assert abs(first - 8_000) <= 800
    assert abs(last - (len(padded) - 5_000)) <= 1_600


def test_fitted_asks_for_the_rate_that_fits(clip):
    asked = []

    def say(rate):
        asked.append(rate)
        return np.resize(clip, round(len(clip) * 1.3 / rate))

    fitted(clip, say)
    assert asked[0] == 1.0
    assert asked[1] == pytest.approx(1.3, rel=0.15)
    assert len(asked) <= 3


@pytest.mark.parametrize(
    "bad", [np.zeros(RATE, np.float32), np.full(RATE, np.nan, np.float32), np.ones(10, np.float32)]
)
def test_nothing_is_made_of_nothing(clip, bad):
    with pytest.raises(AudioError):
        matching.copied(clip, bad, 0)


def test_edges_are_as_loud_as_the_original(clip):
    start, end = extent(clip)
    original = matching.prepared(with_edges(clip[start:end], 6_400, 6_400, noise=2e-3), 0)
    noise = matching.background(original, 0)
    loud = original + 0.05 * np.random.default_rng(0).standard_normal(len(original)).astype(np.float32)
    mute = original.copy()
    mute[:5_600] = 0
    for changed in (loud, mute):
        fit = matching.with_edges(original, changed, noise)
        assert np.std(fit[800:4_800]) == pytest.approx(np.std(original[800:4_800]), rel=0.15)
        assert np.std(fit[8_000:-8_000]) == pytest.approx(np.std(changed[8_000:-8_000]), rel=0.05)


@pytest.mark.parametrize("gain", [1.0, 0.02])
def test_what_is_written_has_no_offset_and_no_digital_silence(clip, gain):
    silent = np.concatenate([np.zeros(RATE, np.float32), clip * gain])
    written = np.rint(matching.finished(matching.prepared(silent, 7), 7) * 32_768)
    assert abs(written.mean()) < 0.05
    assert np.std(written[:RATE]) > 0.3
