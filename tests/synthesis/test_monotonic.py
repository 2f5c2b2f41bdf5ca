"""Whatever the attention does, every sound is said once, in order, and there is an end."""

import numpy as np
import pytest

from voxproof.synthesis.monotonic import MonotonicGuard
from voxproof.text import encode, phonemes

TEXT = phonemes("Well, the harbour was silent; nobody came before the sun was up.")
SYMBOLS = encode(TEXT)
SOUNDS = [place for place, symbol in enumerate(TEXT) if symbol not in " ,;.ˈˌː"]


def places(attention, reduction=2):
    """The symbol of each step until the guard says that it is over; `attention` gives weights by step."""
    guard = MonotonicGuard(SYMBOLS, reduction)
    seen = []
    while not guard.over:
        window = guard.window()
        assert 0 < window.sum() < 12  # it never sees far
        guard.advance(attention(len(seen)) * window)
        seen.append(guard.place)
        assert len(seen) <= guard.most_steps
    assert guard.at_end
    return seen


def bad_attentions():
    rng = np.random.default_rng(0)
    count = len(SYMBOLS)
    still, last, flat = np.eye(count)[0] + 1e-6, np.eye(count)[-1] + 1e-6, np.ones(count) / count
    return {
        "random": lambda step: rng.random(count),
        "stands still": lambda step: still,
        "jumps to the end": lambda step: last,
        "spread evenly": lambda step: flat,
        "goes back": lambda step: np.eye(count)[max(0, 30 - step)] + 1e-6,
    }


@pytest.mark.parametrize("name", bad_attentions())
@pytest.mark.parametrize("reduction", [1, 2, 5])
def test_no_sound_is_skipped_and_none_is_said_again(name, reduction):
    seen = places(bad_attentions()[name], reduction)
    assert (np.diff(seen) >= 0).all()
    assert [s for s in SOUNDS if s not in seen] == []


def test_a_sound_cannot_last_longer_than_half_a_second():
    seen = places(bad_attentions()["stands still"], reduction=2)
    assert max(seen.count(sound) for sound in SOUNDS) <= 20


def test_attention_in_order_is_left_as_it_is():
    wanted = np.repeat(np.arange(len(SYMBOLS)), 3)
    weights = np.eye(len(SYMBOLS))
    seen = places(lambda step: weights[wanted[min(step, len(wanted) - 1)]])
    assert seen[: len(wanted)] == wanted.tolist()


def test_stop_is_not_believed_before_the_last_sound():
    guard = MonotonicGuard(SYMBOLS, 2)
    weights = np.eye(len(SYMBOLS))
    for place in range(SOUNDS[-1]):
        guard.advance(weights[place])
        assert not guard.at_end
    guard.advance(weights[SOUNDS[-1]])
    assert guard.at_end


@pytest.mark.parametrize("text", ["a", "?", " ", "ˈ"])
def test_one_symbol_is_enough(text):
    guard = MonotonicGuard(encode(text), 2)
    for _ in range(guard.most_steps):
        guard.advance(guard.window())
    assert guard.over
    assert guard.at_end
