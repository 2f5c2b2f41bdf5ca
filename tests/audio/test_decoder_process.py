"""Many files, each decoded in a child of one process."""

import io
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from voxproof.audio import read_audio
from voxproof.audio.decoder_process import DecoderProcess
from voxproof.errors import AudioError


@pytest.fixture(scope="module")
def decoder() -> Iterator[DecoderProcess]:
    process = DecoderProcess()
    yield process
    process.close()


def opened(data: bytes) -> io.BufferedRandom:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (whoever asks for it closes it)
    file.write(data)
    return file


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "opus", "webm"])
def test_same_samples_as_in_this_process(decoder: DecoderProcess, suffix: str, encoded: dict[str, bytes]) -> None:
    here = read_audio(encoded[suffix])
    there, comment = decoder.read(opened(encoded[suffix]), "clip")
    assert there.rate == here.rate
    assert comment == ""
    np.testing.assert_array_equal(there.samples, here.samples)


def test_every_hostile_file_is_refused_in_one_line(
    decoder: DecoderProcess, hostile: dict[str, tuple[bytes, str]]
) -> None:
    for what, (data, mentions) in hostile.items():
        with pytest.raises(AudioError) as caught:
            pytest.fail(f"{what}: {decoder.read(opened(data), 'their file')}")
        assert mentions in str(caught.value), what
        assert str(caught.value).startswith("their file: ")
        assert str(caught.value).isprintable()


def test_from_several_threads_at_once(decoder: DecoderProcess, encoded: dict[str, bytes]) -> None:
    suffixes = ["wav", "mp3", "opus", "flac"] * 3
    found: list[tuple[str, int]] = []
    threads = [
        threading.Thread(
            target=lambda one=one: found.append((one, len(decoder.read(opened(encoded[one]), one)[0].samples)))
        )
        for one in suffixes
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {one: len(read_audio(encoded[one]).samples) for one in suffixes}
    assert sorted(found) == sorted((one, expected[one]) for one in suffixes)


def test_a_process_that_was_killed_is_started_again(encoded: dict[str, bytes]) -> None:
    process = DecoderProcess()
    process.start()
    assert process._process is not None
    os.kill(process._process.pid, signal.SIGKILL)
    process._process.wait()
    assert len(process.read(opened(encoded["wav"]), "clip")[0].samples)
    process.close()


def test_nothing_is_left_open(decoder: DecoderProcess, encoded: dict[str, bytes]) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        with opened(encoded["wav"]) as file:
            decoder.read(file, "clip")
        with opened(b"no sound"), pytest.raises(AudioError), opened(b"text text text") as file:
            decoder.read(file, "clip")
    assert len(list(Path("/proc/self/fd").iterdir())) == before
