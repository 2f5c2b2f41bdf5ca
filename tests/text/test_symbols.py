import hashlib
import logging

import numpy as np
import pytest

from voxproof.text import SYMBOLS, encode, phonemes, unknown_symbols


def test_the_table_is_frozen() -> None:
    assert SYMBOLS[0] == "_"
    assert len(SYMBOLS) == len(set(SYMBOLS)) == 55
    assert all(len(symbol) == 1 for symbol in SYMBOLS)
    # Trained weights hold one row a symbol: another order or another symbol breaks every model that was shipped.
    assert (
        hashlib.sha256("".join(SYMBOLS).encode()).hexdigest()
        == "31fb563a6ac60790d29ac712592f6397f8d1741cfbf9ce2072ea69da0b414eb6"
    )


def test_encode_gives_indices_and_never_padding() -> None:
    indices = encode(phonemes("Hello, world."))
    assert indices.dtype == np.int64
    assert "".join(SYMBOLS[i] for i in indices) == "həlˈoʊ, wˈɜːld."
    assert 0 not in encode("_ə")


def test_unknown_symbols_are_dropped_and_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert encode("aʘbʘ").tolist() == encode("ab").tolist()
    assert unknown_symbols("aʘbʘ") == ["ʘ"]
    assert "ʘ" in caplog.text
    assert encode("").shape == (0,)
