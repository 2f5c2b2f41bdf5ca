"""The child process that decodes for strangers."""

import subprocess
import sys

import numpy as np
import pytest

from voxproof.audio import read_audio
from voxproof.audio.isolated import MEMORY
from voxproof.errors import AudioError


@pytest.mark.parametrize("suffix", ["wav", "mp3", "webm"])
def test_same_samples_as_in_this_process(suffix: str, encoded: dict[str, bytes]) -> None:
    here, there = read_audio(encoded[suffix]), read_audio(encoded[suffix], isolated=True)
    assert there.rate == here.rate
    np.testing.assert_array_equal(there.samples, here.samples)


def test_refusals_cross_the_border(encoded: dict[str, bytes]) -> None:
    with pytest.raises(AudioError, match="truncated"):
        read_audio(encoded["flac"][:2000], isolated=True)
    with pytest.raises(AudioError, match="text"):
        read_audio(b"hello, hello, hello", isolated=True)


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are kept on Linux alone")
def test_the_child_has_limits() -> None:
    code = (
        "from voxproof.audio.isolated import limit_this_process; limit_this_process()\n"
        f"try: bytearray({MEMORY})\nexcept MemoryError: print('no memory')\n"
        "try: import tempfile; tempfile.TemporaryFile(buffering=0).write(b'x')\nexcept OSError as e: print('no file')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n" + code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split("\n")[0] == "no memory"
    assert "no file" in done.stdout
