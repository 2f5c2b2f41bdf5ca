"""The code of the payload against its own definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxproof.provenance.payload import CHIPS, WALSH, decode, encode

payloads = st.integers(0, (1 << 16) - 1)


def test_the_walsh_functions_are_orthogonal() -> None:
    assert np.array_equal(WALSH @ WALSH.T, 128 * np.eye(128))
    assert np.array_equal(WALSH[1], np.tile([1, -1], 64))


def test_zero_is_all_ones_and_the_top_bits_turn_signs() -> None:
    assert np.array_equal(encode(0), np.ones(CHIPS))
    assert np.array_equal(encode(0x8080), -np.ones(CHIPS))
    assert np.array_equal(encode(0x8000), np.repeat([-1, 1], 128))


@given(payloads, payloads)
def test_two_payloads_differ_in_at_least_64_chips(one: int, other: int) -> None:
    if one != other:
        assert np.count_nonzero(encode(one) != encode(other)) >= 64


@given(payloads, st.integers(0, 31), st.integers(0, 2**32 - 1))
def test_31_wrong_chips_a_word_are_corrected(payload: int, wrong: int, seed: int) -> None:
    chips, random = encode(payload), np.random.default_rng(seed)
    for start in (0, 128):
        chips[start + random.permutation(128)[:wrong]] *= -1
    found, totals, margins = decode(chips[None])
    assert found[0] == payload
    assert totals[0] == CHIPS - 4 * wrong
    assert margins[0] > 0


def test_soft_chips_are_read_through_noise_of_twice_their_size() -> None:
    random = np.random.default_rng(0)
    sent = random.integers(0, 1 << 16, 200)
    chips = np.stack([encode(int(payload)) for payload in sent])
    found, _, _ = decode((chips + 2 * random.standard_normal(chips.shape)).astype(np.float32))
    assert np.mean(found == sent) > 0.95


def test_an_ambiguous_word_has_no_margin() -> None:
    between = (encode(0x0001) + encode(0x0002)) / 2
    assert decode(between[None])[2][0] == 0


@pytest.mark.parametrize("payload", [-1, 1 << 16])
def test_other_numbers_are_refused(payload: int) -> None:
    with pytest.raises(ValueError, match="16 bits"):
        encode(payload)
