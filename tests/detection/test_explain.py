import json

import numpy as np
import pytest

import voxproof as vp
from voxproof.audio import Audio, speech_segments
from voxproof.detection import Scores, detect_audio
from voxproof.detection.explain import LONGEST_HEARD, curve_of, explain_scores, suspicious_stretches
from voxproof.detection.occlusion import BANDS, band_effects, occlude

RATE = 16_000


def beeps(seconds, frequency, times):
    """Noise-like bursts around one frequency at some seconds, else silence."""
    samples = np.zeros(seconds * RATE, np.float32)
    rng = np.random.default_rng(0)
    for start, end in times:
        span = slice(int(start * RATE), int(end * RATE))
        count = span.stop - span.start
        phase = 2 * np.pi * frequency * np.arange(count) / RATE + np.cumsum(rng.normal(0, 0.05, count))
        samples[span] = 0.2 * np.sin(phase)
    return samples


def test_occlusion_touches_its_band_alone(speech):
    samples = speech.samples[: 3 * RATE]
    frequencies = np.fft.rfftfreq(len(samples), 1 / RATE)
    before = np.abs(np.fft.rfft(samples)) ** 2
    changed = occlude(samples, RATE)
    assert len(changed) == len(BANDS) - 1
    for low, high, after in zip(BANDS[:-1], BANDS[1:], changed, strict=True):
        assert after.shape == samples.shape
        power = np.abs(np.fft.rfft(after)) ** 2
        inside = (frequencies > low + 60) & (frequencies < high - 60)
        beside = (frequencies < low - 100) | (frequencies > high + 100)
        assert power[inside].sum() < 0.4 * before[inside].sum()
        np.testing.assert_allclose(power[beside].sum(), before[beside].sum(), rtol=0.02)


def test_occlusion_of_nothing():
    assert all(len(one) == 0 for one in occlude(np.zeros(0, np.float32), RATE))
    assert all(not one.any() for one in occlude(np.zeros(500, np.float32), RATE))


@pytest.mark.parametrize(("low", "high"), [(1000.0, 2000.0), (3000.0, 4000.0)])
def test_the_band_that_speaks_is_found(listener, speech, low, high):
    effects = band_effects(speech, speech_segments(speech), listener(low, high))
    told = {(effect.low, effect.high): effect.change for effect in effects}
    assert max(told, key=lambda band: told[band]) == (low, high)
    others = [abs(change) for band, change in told.items() if band != (low, high)]
    assert told[low, high] > 5 * max(others)


def test_the_suspicious_seconds_are_found_and_lie_apart(listener, speech):
    where = [(1.0, 2.0), (4.0, 5.0), (7.5, 8.5)]
    quiet = Audio(0.02 * speech.samples + beeps(10, 3500, where)[: len(speech.samples)], RATE)
    detector = listener(3000.0, 4000.0)
    explained = explain_scores(quiet, [(0.0, quiet.duration)], detector, detector.score(quiet))
    assert len(explained.suspicious) == 3
    for (start, _), found in zip(where, sorted(explained.suspicious, key=lambda one: one.start), strict=True):
        assert found.start == pytest.approx(start, abs=0.3)
        assert found.end - found.start == pytest.approx(1.0)
    assert (explained.leading_band.low, explained.leading_band.high) == (3000.0, 4000.0)
    assert explained.leading_band.change > 0
    assert "between 3 and 4 kHz" in str(explained)


def test_it_costs_less_than_ten_scorings(listener, speech):
    for seconds in (4, 9, 60):
        detector = listener(0.0, 500.0)
        audio = Audio(np.resize(speech.samples, seconds * RATE), RATE)
        scores = detector.score(audio)
        detector.scorings = 0.0
        explain_scores(audio, [(0.0, audio.duration)], detector, scores)
        assert detector.scorings < 10 * seconds
    assert detector.scorings < 2 * 60 + 8 * LONGEST_HEARD + 1, "bands of long recordings are heard in a part"


def test_the_curve_is_the_mean_of_the_windows_that_hear_a_time():
    scores = Scores(np.array([[0.0, 2.0], [1.0, 3.0], [2.0, 4.0]]), np.array([1.0, 3.0, 3.0]), 0.0)
    times, curve = curve_of(scores, 4.0, 1.0)
    np.testing.assert_allclose(times, [0.5, 1.5, 2.5, 3.5])
    np.testing.assert_allclose(curve, [1.0, 2.0, 3.0, 3.0])


def test_stretches_without_speech_are_not_suspicious():
    times, ratios = np.arange(0.125, 4, 0.25), np.where(np.arange(0.125, 4, 0.25) < 1, 5.0, 1.0)
    found = suspicious_stretches(times, ratios, [(2.0, 4.0)], 4.0)
    assert found
    assert all(one.end > 2.4 for one in found)


@pytest.mark.parametrize("seconds", [1.1, 2.0, 3.3])
def test_short_recordings_are_explained_too(speech, seconds):
    start = round(speech_segments(speech)[0][0] * RATE)
    verdict = detect_audio(Audio(speech.samples[start : start + round(seconds * RATE)], RATE), explain=True)
    explained = verdict.explanation
    assert 1 <= len(explained.suspicious) <= 3
    assert all(one.end <= verdict.seconds + 1e-6 for one in explained.suspicious)
    assert all(np.isfinite(band.change) for band in explained.bands)


def test_it_is_told_in_json_and_only_when_asked(speech):
    verdict = vp.detect(Audio(speech.samples[: 3 * RATE], RATE), explain=True)
    told = json.loads(verdict.to_json())["explanation"]
    assert [band["low"] for band in told["bands"]] == list(BANDS[:-1])
    assert told["heard"] == [0.0, 3.0]
    assert len(told["curve"]) == 12
    assert told["sentence"] == str(verdict.explanation)
    assert "explanation" not in vp.detect(Audio(speech.samples[: 3 * RATE], RATE)).as_dict()


def test_nothing_heard_is_not_explained():
    assert detect_audio(np.zeros(48_000, np.float32), rate=RATE, explain=True).explanation is None
