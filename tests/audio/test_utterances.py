"""Utterances of a speaker who is still speaking: nothing lost, and the same whatever the size of the blocks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.audio import Audio, speech_segments
from voxproof.audio.activity import ActivityStream, speech_probabilities
from voxproof.audio.utterances import AROUND_S, LONGEST_S, PAUSE_S, Utterance, UtteranceCutter
from voxproof.errors import AudioError


def cut(samples: np.ndarray, rate: int, sizes: list[int]) -> list[Utterance]:
    cutter, at, found, turn = UtteranceCutter(rate), 0, [], 0
    while at < len(samples):
        found += cutter.add(samples[at : at + sizes[turn % len(sizes)]])
        at += sizes[turn % len(sizes)]
        turn += 1
    return found + cutter.end()


@pytest.fixture(scope="module")
def talk(voices: dict[str, Audio]) -> Audio:
    """Two people with a second of silence between them, and some before and behind."""
    hush = np.zeros(16_000, np.float32)
    said = [voices["anna"].samples[:80_000], hush, voices["ben"].samples[:48_000], hush]
    return Audio(np.concatenate([hush, *said]), 16_000)


def speech_outside(audio: Audio, found: list[Utterance]) -> float:
    """Seconds of speech, found in the whole, that no utterance holds."""
    inside = np.zeros(len(audio.samples), bool)
    for one in found:
        inside[one.start : one.end] = True
    spoken = np.zeros(len(audio.samples), bool)
    for start, end in speech_segments(audio):
        spoken[round(start * audio.rate) : round(end * audio.rate)] = True
    return float((spoken & ~inside).sum() / audio.rate)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000, 8_000])
def test_utterances_are_stretches_of_the_input_and_hold_all_speech(talk: Audio, rate: int) -> None:
    audio = talk.resampled(rate)
    found = cut(audio.samples, rate, [rate // 10])
    assert len(found) >= 2
    behind = 0
    for one in found:
        assert one.start >= behind
        assert 0.4 < one.audio.duration <= LONGEST_S
        np.testing.assert_array_equal(one.audio.samples, audio.samples[one.start : one.end])
        behind = one.end
    assert behind <= len(audio.samples)
    assert speech_outside(audio, found) < 0.05


def test_silence_lies_between(talk: Audio) -> None:
    found = cut(talk.samples, 16_000, [1_600])
    held = sum(len(one.audio.samples) for one in found)
    spoken = sum(end - start for start, end in speech_segments(talk)) * talk.rate
    assert spoken < held < spoken + 2 * AROUND_S * talk.rate * len(found) + talk.rate
    assert found[0].start > 0.5 * talk.rate  # not the second of silence before


@settings(max_examples=12, deadline=None)
@given(sizes=st.lists(st.integers(1, 40_000), min_size=1, max_size=6).filter(lambda sizes: max(sizes) > 400))
@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_blocks_of_any_size_give_the_same(talk: Audio, rate: int, sizes: list[int]) -> None:
    samples = talk.resampled(rate).samples
    usual = cut(samples, rate, [rate // 10])
    found = cut(samples, rate, sizes)
    assert [(one.start, one.end) for one in found] == [(one.start, one.end) for one in usual]


def test_an_utterance_comes_when_its_pause_is_over(talk: Audio) -> None:
    cutter, block = UtteranceCutter(16_000), 320
    for at in range(0, len(talk.samples), block):
        for one in cutter.add(talk.samples[at : at + block]):
            waited = (at + block - one.end) / talk.rate + AROUND_S
            if one.audio.duration < LONGEST_S - 3:
                assert waited == pytest.approx(PAUSE_S, abs=0.06)


def test_who_never_stops_is_cut_at_a_quiet_place(voices: dict[str, Audio]) -> None:
    spoken = [
        audio.samples[round(start * 16_000) : round(end * 16_000)]
        for audio in (voices["carl"], voices["dora"])
        for start, end in speech_segments(audio)
    ]
    breathless = np.concatenate(spoken)
    found = cut(breathless, 16_000, [1_600])
    assert len(found) >= 3
    assert all(one.audio.duration <= LONGEST_S for one in found)
    assert [one.end for one in found[:-1]] == [one.start for one in found[1:]]
    usual = np.sqrt(np.square(breathless).mean())
    for one in found[:-1]:
        around = breathless[one.end - 160 : one.end + 160]
        assert np.sqrt(np.square(around).mean()) < 0.7 * usual


def test_silence_and_noise_are_no_utterances_and_are_not_kept() -> None:
    cutter = UtteranceCutter(16_000)
    noise = 0.01 * np.random.default_rng(0).standard_normal(16_000).astype(np.float32)
    for _ in range(20):
        assert cutter.add(noise) == []
        assert len(cutter._kept) <= 2 * AROUND_S * 16_000
    assert cutter.end() == []


def test_what_is_no_sound() -> None:
    with pytest.raises(AudioError, match="Hz"):
        UtteranceCutter(1)
    with pytest.raises(AudioError, match="NaN"):
        UtteranceCutter(16_000).add(np.full(10, np.nan, np.float32))
    with pytest.raises(AudioError, match="mono"):
        UtteranceCutter(16_000).add(np.zeros((10, 2), np.float32))
    assert UtteranceCutter(16_000).end() == []


def test_window_by_window_is_what_all_at_once_gives(speech: Audio) -> None:
    stream = ActivityStream()
    heard = [stream.hear(speech.samples[at : at + 512]) for at in range(0, 512 * 100, 512)]
    np.testing.assert_allclose(heard, speech_probabilities(speech.samples[: 512 * 100]), atol=1e-4)
