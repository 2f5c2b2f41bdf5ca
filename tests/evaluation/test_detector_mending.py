"""What is mended can no longer be told from what was never spoilt, and the speech stays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from voxproof.audio import Audio, write_audio
from voxproof.evaluation.detector_mending import DITHER, PEAK, mended, read_mended, told_reader
from voxproof.evaluation.detector_nuisances import bit_depth, edges, offset, peak, sounding_part
from voxproof.evaluation.detector_probes import probe_corpus

from .test_detector_probes import SPOILT, dataset

SPOILERS = {
    "edge silence": lambda samples: np.pad(samples, (8000, 3000)),
    "DC": lambda samples: samples * np.float32(0.9) + np.float32(0.02),
    "level": lambda samples: samples * np.float32(0.1),
    "bits": lambda samples: np.rint(samples * 4096) / np.float32(4096),
}


@pytest.mark.parametrize("name", SPOILERS)
def test_what_was_spoilt_measures_like_what_was_not(speech, name):
    spoilt = SPOILERS[name](speech.samples)
    for measure in (edges, offset, peak, bit_depth):
        clean, repaired = measure(mended(speech.samples)), measure(mended(spoilt, seed=1))
        np.testing.assert_allclose(repaired, clean, atol=0.15, err_msg=measure.__name__)
    assert np.abs(bit_depth(spoilt) - bit_depth(speech.samples)).max() > 0.3 or name != "bits"


def test_the_speech_stays(speech):
    first, end = sounding_part(speech.samples)
    kept = speech.samples[first:end] - speech.samples[first:end].mean()
    repaired = mended(speech.samples)
    assert np.abs(repaired).max() == pytest.approx(PEAK, abs=1e-3)
    error = repaired - kept * (PEAK / np.abs(kept).max())
    assert np.abs(error).max() <= (DITHER + 0.5) * 2**-15 + 1e-6  # dither and rounding


@given(arrays.arrays(np.float32, st.integers(0, 600), elements=st.floats(-1, 1, width=32)))
def test_any_sound_comes_back_whole(samples):
    repaired = mended(samples)
    assert repaired.dtype == np.float32
    assert np.isfinite(repaired).all()
    assert len(repaired) <= len(samples)


def test_silence_stays_silence():
    assert not mended(np.zeros(1000, np.float32)).any()


def test_a_file_is_mended_alike_every_time(tmp_path, speech):
    path = tmp_path / "a.wav"
    write_audio(path, speech)
    np.testing.assert_array_equal(read_mended(path).samples, read_mended(path).samples)


# Of ten bits, as the probes' own test has it, something is left.
ALARMING = {**SPOILT, "bit depth": SPOILERS["bits"]}


@pytest.mark.parametrize("kind", ["edge silence", "DC", "bit depth", "loudness"])
def test_probes_find_less_in_a_mended_corpus(tmp_path, voices, corpora, kind):
    folder = dataset(tmp_path, voices, ALARMING[kind], corpora)
    as_published = probe_corpus(folder, resamples=100).figures["probes"][kind]["eer"].value
    report = probe_corpus(folder, resamples=100, read=read_mended)
    assert as_published < 0.25 < report.figures["probes"][kind]["eer"].value
    assert "mended" in report.about["Clips"]


def test_a_report_says_so_of_mended_clips_alone():
    assert told_reader(read_mended).startswith("mended")
    assert told_reader(Audio.resampled) == ""  # type: ignore[arg-type]
