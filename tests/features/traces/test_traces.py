"""Traces: hand-made signals whose statistics are known, and what holds for any sound."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import solve_toeplitz

from voxproof.audio import read_audio
from voxproof.features.traces import BLOCKS, VALUES, block_scales, traces
from voxproof.features.traces.planes import WHOLE, triangles
from voxproof.features.traces.pooling import correlations, pairs, quartet, sextet
from voxproof.features.traces.residual import MEASURES, levinson, residual
from voxproof.features.traces.togetherness import following, together


@pytest.fixture
def speech(voice_path):
    return read_audio(voice_path("anna"), rate=16_000).samples[:48_000]


def test_blocks_have_the_values_that_they_say(speech):
    vector = traces(speech)
    assert vector.shape == (VALUES,) == (sum(block.values for block in BLOCKS),)
    assert vector.dtype == np.float32


def test_the_level_does_not_matter(speech):
    assert np.allclose(traces(speech), traces(0.1 * speech), atol=2e-3)


def test_bands_end_at_7_2_khz(speech):
    """A tone at 7.8 kHz moves spectra, bands and cepstra by leakage alone; prediction alone is of the whole band."""

    def moved(hertz: int) -> dict[str, float]:
        tone = 0.01 * np.sin(2 * np.pi * hertz / 16_000 * np.arange(len(speech))).astype(np.float32)
        change = (traces(speech + tone) - traces(speech)) * block_scales()
        ends = np.cumsum([block.values for block in BLOCKS])
        return {
            block.name: float(np.linalg.norm(change[end - block.values : end]))
            for block, end in zip(BLOCKS, ends, strict=True)
        }

    high, low = moved(7_800), moved(6_000)
    for name in ("texture of speech", "cepstra", "movement of cepstra", "bands together", "phase of bins"):
        assert high[name] < 0.6 * low[name], name


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 20_000), st.integers(0, 2**32 - 1), st.sampled_from([0.0, 1e-6, 1.0]))
def test_any_sound_gives_finite_values(length, seed, level):
    noise = np.random.default_rng(seed).standard_normal(length).astype(np.float32) * np.float32(level)
    assert np.isfinite(traces(noise)).all()


def test_scales_give_each_block_its_share():
    scales, first = block_scales() ** 2, 0
    for block in BLOCKS:
        share = scales[first : first + block.values].sum()
        assert share == pytest.approx(block.weight / sum(b.weight for b in BLOCKS), rel=1e-5)
        first += block.values


def test_quartet_and_sextet_by_hand():
    frames = np.array([[0.0], [1.0], [2.0], [3.0], [4.0]])
    assert quartet(frames) == pytest.approx([2.0, np.sqrt(2), 0.4, 3.6])
    # Of 0..4 the skewness is 0 and the kurtosis (2 * 16 + 2 * 1) / 5 / 4 = 1.7.
    assert sextet(frames)[4:] == pytest.approx([0.0, np.log(1.8)], abs=1e-5)


def test_correlations_are_pearsons():
    values = np.random.default_rng(0).normal(size=(50, 4))
    assert np.allclose(correlations(values), np.corrcoef(values.T), atol=1e-5)
    assert np.allclose(pairs(np.arange(9.0).reshape(3, 3)), [1, 2, 5])
    values[:, 0] = 3.0
    assert np.all(correlations(values)[0] == 0)


def test_bands_that_move_as_one_and_bands_that_follow():
    step = np.random.default_rng(1).normal(size=400)
    level = np.cumsum(step)
    late = np.concatenate([[0.0], level[:-1]])
    levels = np.stack([level, level, late], axis=1)
    assert together(levels)[0] == pytest.approx(1.0, abs=1e-4)
    matrix = following(levels).reshape(3, 3)
    assert matrix[2, 0] == pytest.approx(1.0, abs=1e-2), "the third band's step is the first one's before"
    assert abs(matrix[0, 2]) < 0.2


def test_levinson_solves_the_normal_equations():
    rng = np.random.default_rng(2)
    frames = rng.normal(size=(3, 400))
    own = np.stack([[frame[: 400 - k] @ frame[k:] for k in range(21)] for frame in frames])
    for row, predictor in zip(own, levinson(own), strict=True):
        assert np.allclose(predictor, solve_toeplitz(row[:-1], row[1:]), atol=1e-8)


def test_what_is_predictable_leaves_little():
    """Noise through one sharp resonance is predicted well, white noise not at all."""
    rng = np.random.default_rng(3)
    noise = rng.normal(size=16_000).astype(np.float32)
    ringing = np.zeros_like(noise)
    for n in range(2, len(noise)):
        ringing[n] = noise[n] + 1.8 * ringing[n - 1] - 0.95 * ringing[n - 2]
    white, coloured = (residual(sound / np.abs(sound).max()) for sound in (noise, ringing))
    assert white.shape == (6 * MEASURES,)
    assert white[0] > -0.1, "the mean of the prediction gain, a logarithm"
    assert coloured[0] < -1.0
    assert np.all(residual(np.zeros(16_000, np.float32)) == 0)


def test_triangles_cover_the_band():
    shape = triangles(WHOLE.bins, WHOLE.bands)
    assert shape.shape == (WHOLE.bins, WHOLE.bands)
    inner = shape[15:-15].sum(1)
    assert np.allclose(inner, 1.0, atol=1e-5)


def test_copies_by_a_vocoder_move_the_vector(speech):
    """A copy is further away than a quieter recording of the same: the vector hears what a vocoder does."""
    from voxproof.features import f0, log_mel
    from voxproof.vocoders import load_vocoder

    copy = load_vocoder("griffinlim").vocode(log_mel(speech), f0(speech))
    scales, own = block_scales(), traces(speech)
    noisy = speech + 1e-4 * np.random.default_rng(4).standard_normal(len(speech)).astype(np.float32)
    near = np.linalg.norm((traces(noisy) - own) * scales)
    assert np.linalg.norm((traces(copy) - own) * scales) > 2 * near
