import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from voxproof.audio import Audio, read_audio, write_audio
from voxproof.errors import AudioError


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("suffix", "container", "codec"),
    [
        (".wav", "WAV", "PCM_16"),
        (".flac", "FLAC", "PCM_16"),
        (".mp3", "MP3", "MPEG_LAYER_III"),
        (".ogg", "OGG", "VORBIS"),
        (".opus", "OGG", "OPUS"),
        (".WAV", "WAV", "PCM_16"),
    ],
)
def test_format_by_suffix(suffix: str, container: str, codec: str, speech: Audio, tmp_path: Path) -> None:
    path = tmp_path / f"out{suffix}"
    speech.save(path)
    assert listing(tmp_path) == [path.name]
    info = soundfile.info(path)
    assert (info.format, info.subtype) == (container, codec)
    assert read_audio(path).duration == pytest.approx(speech.duration, abs=0.01)


@pytest.mark.parametrize(("suffix", "given_rate", "written"), [(".opus", 22_050, 24_000), (".mp3", 96_000, 48_000)])
def test_rates_that_a_codec_lacks(suffix: str, given_rate: int, written: int, speech: Audio, tmp_path: Path) -> None:
    speech.resampled(given_rate).save(tmp_path / f"out{suffix}")
    audio = read_audio(tmp_path / f"out{suffix}")
    assert audio.rate == written
    assert audio.duration == pytest.approx(speech.duration, abs=0.01)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(samples=hnp.arrays(np.int16, st.integers(1, 2_000)), suffix=st.sampled_from([".wav", ".flac"]))
def test_what_is_written_is_read(samples: np.ndarray, suffix: str, tmp_path: Path) -> None:
    audio = Audio(samples / np.float32(32_768), 16_000)
    audio.save(tmp_path / f"out{suffix}")
    np.testing.assert_allclose(read_audio(tmp_path / f"out{suffix}").samples, audio.samples, atol=1 / 32_768)


def test_ten_minutes_of_vorbis(tmp_path: Path) -> None:
    """Written in one piece, this overflows the stack inside of libsndfile."""
    noise = np.random.default_rng(0).normal(0, 0.01, 8_000).astype(np.float32)
    Audio(np.tile(noise, 600), 8_000).save(tmp_path / "long.ogg")
    assert read_audio(tmp_path / "long.ogg").duration == pytest.approx(600)


def test_the_manifest_is_beside_it(speech: Audio, tmp_path: Path) -> None:
    Audio(speech.samples, speech.rate, {"text": "Grüße", "seed": 7}).save(tmp_path / "clone.flac")
    assert listing(tmp_path) == ["clone.flac", "clone.flac.json"]
    assert json.loads((tmp_path / "clone.flac.json").read_text("utf-8")) == {"text": "Grüße", "seed": 7}


def test_no_audio_without_its_manifest(speech: Audio, tmp_path: Path) -> None:
    marked = Audio(speech.samples, speech.rate, {"text": "hello"})
    (tmp_path / "clone.wav.json").mkdir()  # in the manifest's way
    with pytest.raises(AudioError, match=r"clone\.wav\.json"):
        marked.save(tmp_path / "clone.wav")
    assert listing(tmp_path) == ["clone.wav.json"]
    with pytest.raises(AudioError, match="manifest"):
        Audio(speech.samples, speech.rate, {"text": object()}).save(tmp_path / "other.wav")
    assert listing(tmp_path) == ["clone.wav.json"]


def test_what_cannot_be_written_says_so_and_leaves_nothing(speech: Audio, tmp_path: Path) -> None:
    (tmp_path / "folder.wav").mkdir()
    for path, mentions in (
        (tmp_path / "missing" / "out.wav", "no folder"),
        (tmp_path / "folder.wav", "folder"),
        (tmp_path / "out.doc", "suffix"),
        (tmp_path / "out", "suffix"),
    ):
        with pytest.raises(AudioError, match=mentions) as caught:
            write_audio(path, speech)
        assert str(caught.value).isprintable()
    with pytest.raises(AudioError, match="0 samples"):
        write_audio(tmp_path / "out.wav", Audio(np.zeros(0), 16_000))
    assert listing(tmp_path) == ["folder.wav"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_folder(speech: Audio, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(AudioError, match="read-only"):
            write_audio(tmp_path / "out.wav", speech)
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".mp3", ".ogg", ".opus"])
def test_full_disk(suffix: str, speech: Audio, tmp_path: Path) -> None:
    """A file may not grow past 8 KiB in the child, as on a disk with no more room; an older file stays as it was."""
    path = tmp_path / f"out{suffix}"
    path.write_bytes(b"old")
    code = (
        "import resource, signal, sys; from voxproof.audio import *; from voxproof.errors import AudioError\n"
        "import numpy; audio = Audio(numpy.random.default_rng(0).normal(0, 0.1, 160000), 16000, {'made': 'here'})\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))\n"
        "try: audio.save(sys.argv[1])\nexcept AudioError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") == 1
    assert "cannot write" in done.stdout
    assert path.read_bytes() == b"old"
    assert listing(tmp_path) == [path.name]
