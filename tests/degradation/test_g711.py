"""Against the tables of ITU-T G.711 and against libsndfile's own coder."""

import io

import numpy as np
import pytest
import soundfile

from voxproof.degradation.codecs.g711 import (
    a_law,
    a_law_decode,
    a_law_encode,
    mu_law,
    mu_law_decode,
    mu_law_encode,
)

EVERY_BYTE = np.arange(256, dtype=np.uint8)


def test_values_of_the_mu_law_table():
    # G.711 table 2a: the decoder's output values 1, 2, 17, 33, 112, 113 and 128, as whole numbers of 14 bits.
    sent = np.array([0xFF, 0xFE, 0xEF, 0xDF, 0x90, 0x8F, 0x80], np.uint8)
    assert mu_law_decode(sent).tolist() == [0, 2, 33, 99, 3999, 4191, 8031]
    assert mu_law_decode(sent & 0x7F).tolist() == [0, -2, -33, -99, -3999, -4191, -8031]


def test_values_of_the_a_law_table():
    # G.711 table 1a, as whole numbers of 13 bits (the table's 12 bits and their halves, twice).
    sent = np.array([0xD5, 0xD4, 0xC5, 0xF5, 0xAA], np.uint8)
    assert a_law_decode(sent).tolist() == [1, 3, 33, 66, 4032]
    assert a_law_decode(sent & 0x7F).tolist() == [-1, -3, -33, -66, -4032]


@pytest.mark.parametrize(("encode", "decode"), [(mu_law_encode, mu_law_decode), (a_law_encode, a_law_decode)])
def test_every_byte_comes_back_through_its_value(encode, decode):
    again = encode(decode(EVERY_BYTE))
    kept = again == EVERY_BYTE
    # mu-law has two zeros, and one of them is sent for both.
    assert kept.all() if encode is a_law_encode else (EVERY_BYTE[~kept].tolist() == [0x7F])


@pytest.mark.parametrize(("encode", "bits", "subtype"), [(mu_law_encode, 14, "ULAW"), (a_law_encode, 13, "ALAW")])
def test_as_another_coder_does_it(encode, bits, subtype, speech):
    short = np.rint(speech.samples[16_000:48_000] * 32_767).astype(np.int16) >> (16 - bits) << (16 - bits)
    box = io.BytesIO()
    soundfile.write(box, short, 8000, format="RAW", subtype=subtype)
    theirs = np.frombuffer(box.getvalue(), np.uint8)
    whole = short.astype(np.int64) >> (16 - bits)
    # A-law takes negative numbers by their ones' complement, which libsndfile does not.
    same = slice(None) if encode is mu_law_encode else whole >= 0
    assert np.array_equal(encode(whole)[same], theirs[same])


def test_a_law_is_symmetric_around_minus_one_half():
    whole = np.arange(4096)
    assert np.array_equal(a_law_encode(-whole - 1), a_law_encode(whole) & 0x7F)


@pytest.mark.parametrize("law", [mu_law, a_law])
def test_the_ratio_to_the_noise_hardly_depends_on_the_level(law):
    rng = np.random.default_rng(0)
    for decibels in (-10, -20, -30):
        samples = (rng.standard_normal(20_000) * 10 ** (decibels / 20) * 0.5).clip(-1, 1).astype(np.float32)
        error = law(samples) - samples
        assert 35 < 10 * np.log10((samples**2).mean() / (error**2).mean()) < 38
