import subprocess
import sys

import numpy as np
import pytest

from voxproof.audio import Audio, speech_segments, trim_silence
from voxproof.audio.activity import _padded, _runs, speech_probabilities

# samples at 16 kHz, from get_speech_timestamps of silero-vad 6.2.0 with its own silero_vad.onnx and default settings
REFERENCE = {
    "anna": [(8736, 81888), (86048, 110048), (114208, 141792)],
    "ben": [(10272, 36832), (46112, 81376), (85536, 129504), (131616, 155616)],
    "carl": [(8224, 26080), (29728, 59360), (67616, 96736), (107040, 123360), (129568, 163808)],
    "dora": [(6176, 121312), (122912, 139744), (148000, 181216), (183328, 233952)],
}


@pytest.mark.parametrize("name", sorted(REFERENCE))
def test_segments_are_those_of_the_package(name: str, voices: dict[str, Audio]) -> None:
    found = [(round(start * 16_000), round(end * 16_000)) for start, end in speech_segments(voices[name])]
    assert found == REFERENCE[name]


def test_other_rates_find_the_same_speech(speech: Audio) -> None:
    for rate in (8_000, 44_100):
        found = speech_segments(speech.resampled(rate))
        assert found[0][0] == pytest.approx(8736 / 16_000, abs=0.1)
        assert found[-1][1] == pytest.approx(141_792 / 16_000, abs=0.1)


@pytest.mark.parametrize("length", [0, 1, 511, 512, 513])
def test_one_probability_a_window(length: int) -> None:
    assert speech_probabilities(np.zeros(length, np.float32)).shape == (-(-length // 512),)
    assert speech_segments(Audio(np.zeros(length), 16_000)) == []


def test_noise_silence_and_tones_are_no_speech() -> None:
    random = np.random.default_rng(1)
    time = np.arange(64_000) / 16_000
    for samples in (np.zeros(64_000), random.normal(0, 0.1, 64_000), 0.5 * np.sin(2 * np.pi * 440 * time)):
        assert speech_segments(Audio(samples, 16_000)) == []


def test_speech_between_silence_is_found_and_trimmed(speech: Audio) -> None:
    padded = Audio(np.pad(speech.samples[16_000:48_000], (32_000, 48_000)), 16_000, {"kept": True})
    trimmed = trim_silence(padded)
    assert trimmed.duration == pytest.approx(2.0, abs=0.2)
    assert trimmed.manifest == {"kept": True}
    assert trim_silence(Audio(np.zeros(16_000), 16_000)).duration == 1.0


def test_segments_do_not_touch_and_lie_inside(voices: dict[str, Audio]) -> None:
    for voice in voices.values():
        edges = [edge for segment in speech_segments(voice) for edge in segment]
        assert edges == sorted(edges)
        assert edges[0] >= 0
        assert edges[-1] <= voice.duration


def windows(text: str) -> np.ndarray:
    """`S` is speech, `m` lies between the thresholds, `.` is silence."""
    return np.array([{"S": 0.9, "m": 0.4, ".": 0.1}[letter] for letter in text], np.float32)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("..SSSSSSSSSS......", [(2, 12)]),
        ("..SSSSSSSS........", [(2, 10)]),  # 256 ms are just enough
        ("..SSSSSSS.........", []),  # 224 ms are not
        ("..mmmmmmmmmmmm....", []),  # never begins
        ("..SSSSmmmmmmmm.....", [(2, 14)]),  # goes on between the thresholds
        ("..SSSSSS...SSSSSS.....", [(2, 17)]),  # a gap of 96 ms is part of speech
        ("..SSSSSSSSSS.....SSSSSSSSSS....", [(2, 12), (17, 31)]),  # 96 ms do not end it
        ("..SSSSSSSSSS.....SSSSSSSSSS.....", [(2, 12), (17, 27)]),
        ("SSSSSSSSSSSS", [(0, 12)]),
        ("..SSS.....", []),  # 96 ms is no speech
    ],
)
def test_hysteresis(text: str, expected: list[tuple[int, int]]) -> None:
    runs = _runs(windows(text), 512 * len(text))
    assert runs == [(512 * start, 512 * end) for start, end in expected]


def test_pads_share_a_short_gap() -> None:
    runs = [(1_000, 5_000), (5_600, 10_000), (12_000, 16_000)]
    segments = [(round(a * 16_000), round(b * 16_000)) for a, b in _padded(runs, 16_100, 16_100 / 16_000)]
    assert segments == [(520, 5_300), (5_300, 10_480), (11_520, 16_100)]


def test_torch_is_not_imported() -> None:
    code = (
        "import sys, numpy, voxproof.audio as a; assert 'onnxruntime' not in sys.modules and 'av' not in sys.modules;"
        "a.speech_segments(a.Audio(numpy.zeros(512), 16000)); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_long_recording_is_heard_in_blocks_that_follow_each_other(voices: dict[str, Audio]) -> None:
    """The network carries its state from block to block, and two recordings in a row do not disturb each other."""
    long = np.concatenate([voices["dora"].samples, voices["anna"].samples, voices["ben"].samples])
    whole = speech_probabilities(long)
    assert len(long) > 2 * 16_384 * 16
    part = len(voices["dora"].samples) // 512
    np.testing.assert_allclose(whole[:part], speech_probabilities(voices["dora"].samples)[:part], atol=1e-5)
    np.testing.assert_array_equal(whole, speech_probabilities(long))
    assert (whole[part:] > 0.5).mean() > 0.5
