import numpy as np

from voxproof.degradation.silence import block_levels, padding, pauses, room_tone, spoken_span, trimming


def between_silences(speech, before=4000, behind=6000):
    spoken = speech.samples[16_000:32_000]
    return np.concatenate([np.zeros(before, np.float32), spoken, np.zeros(behind, np.float32)])


def test_levels_are_decibels_of_full_scale():
    samples = np.concatenate([np.full(160, 0.1), np.full(160, 1.0), np.zeros(100)]).astype(np.float32)
    np.testing.assert_allclose(block_levels(samples), [-20, 0], atol=1e-3)


def test_speech_is_found_between_silences(speech):
    start, end = spoken_span(between_silences(speech))
    alone = spoken_span(speech.samples[16_000:32_000])
    assert abs(start - 4000 - alone[0]) <= 160
    assert abs(end - 4000 - alone[1]) <= 160


def test_trimming_takes_the_silent_start_away(speech):
    samples = between_silences(speech)
    for seed in range(8):
        trimmed = trimming(samples, np.random.default_rng(seed))
        assert len(trimmed) == len(samples)
        assert np.flatnonzero(np.abs(trimmed) > 1e-3)[0] <= 0.05 * 16_000 + 320


def test_padding_moves_speech_or_cuts_its_end(speech):
    samples = speech.samples[16_000:48_000]
    for seed in range(12):
        padded = padding(samples, np.random.default_rng(seed))
        moved = [k for k in range(0, 6401) if np.array_equal(padded[k : k + 4000], samples[:4000])]
        assert len(moved) == 1
        silence = padded[: moved[0]] if moved[0] else padded[np.flatnonzero(padded != samples)[0] :]
        assert 0.02 * 16_000 - 1 <= len(silence) <= 0.4 * 16_000 + 1


def test_a_pause_or_a_gate(speech):
    samples = speech.samples
    seen = set()
    for seed in range(8):
        changed = pauses(samples, np.random.default_rng(seed))
        gated = bool(np.random.default_rng(seed).random() < 0.5)  # what is drawn first
        seen.add(gated and bool((changed != samples).any()))
        if gated:
            assert ((changed == samples) | (changed == 0)).all()
            loud = np.repeat(block_levels(samples) > block_levels(samples).max() - 20, 160)
            assert np.array_equal(changed[loud], samples[loud])
    assert seen == {True, False}


def test_room_tone_has_the_level_and_colour_of_the_quietest_moment():
    rng = np.random.default_rng(0)
    hiss = np.cumsum(rng.standard_normal(32_000)) * 1e-4
    hiss = (hiss - np.convolve(hiss, np.ones(200) / 200, "same")).astype(np.float32)  # falls with frequency
    samples = hiss.copy()
    samples[8000:] += rng.standard_normal(24_000).astype(np.float32) * 0.1
    tone = room_tone(samples, 16_000, rng)
    assert 0.4 < np.sqrt((tone**2).mean() / (hiss[:8000] ** 2).mean()) < 2.0
    power = np.abs(np.fft.rfft(tone)) ** 2
    assert power[:1000].mean() > 20 * power[4000:].mean()
