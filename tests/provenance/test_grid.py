"""Transforms that give back what they were given, and cells that stay the same for ever."""

from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.audio import Audio
from voxproof.provenance.grid import (
    BANDS,
    BINS,
    HOP,
    SLOTS,
    Floats,
    change_magnitudes,
    keying,
    power_spectra,
)
from voxproof.provenance.payload import CHIPS, encode


def _nothing(_: int, power: Floats) -> Floats:
    return np.ones_like(power)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 5000))
def test_unchanged_magnitudes_give_the_same_samples(length: int) -> None:
    samples = np.random.default_rng(length).standard_normal(length).astype(np.float32)
    assert np.allclose(change_magnitudes(samples, _nothing), samples, atol=1e-5)


def test_blocks_leave_no_seam(voices: dict[str, Audio]) -> None:
    samples = np.tile(voices["anna"].samples, 3)  # longer than one block
    assert np.abs(change_magnitudes(samples, _nothing) - samples).max() < 1e-5
    seen: list[int] = []

    def halve(first: int, power: Floats) -> Floats:
        seen.append(first)
        return np.full_like(power, 0.5)

    assert np.abs(change_magnitudes(samples, halve) - samples / 2).max() < 1e-5
    assert len(seen) > 1


def test_a_tone_stands_in_its_bin(voices: dict[str, Audio]) -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000).astype(np.float32)
    power = power_spectra(tone)
    assert power.shape == (16_000 // HOP + 3, BINS)
    assert power[60].argmax() == 32  # 1000 Hz / 31.25 Hz


def test_the_cells_of_a_key_never_change() -> None:
    """Files that were marked once must be read by every later version."""
    cells = keying(b"voxproof")
    drawn = cells.signs.astype("i1").tobytes() + cells.chips.astype("<i2").tobytes()
    assert sha256(drawn).hexdigest() == "468412816d3b80724fdc8d970d609bfb68c315f613ba0eadbf9961e50c48f54e"


@pytest.mark.parametrize("key", [b"voxproof", b"", b"another"])
def test_every_chip_has_five_or_six_cells_of_balanced_signs(key: bytes) -> None:
    cells = keying(key)
    assert cells.signs.shape == cells.chips.shape == (SLOTS, BANDS)
    assert set(np.bincount(cells.chips.reshape(-1), minlength=CHIPS)) == {5, 6}
    assert abs(cells.signs.mean()) < 0.1


def test_keys_and_payloads_make_unrelated_patterns() -> None:
    one = keying(b"one").pattern(encode(7)).reshape(-1)
    for other in (keying(b"two").pattern(encode(7)), keying(b"one").pattern(encode(0x5555))):
        assert abs(np.mean(one * other.reshape(-1))) < 0.1
