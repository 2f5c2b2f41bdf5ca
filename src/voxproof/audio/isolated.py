"""Decoding in a child process, for files from strangers.

The child gets the encoded bytes on its standard input and limits from the operating system: no more memory and
processor time than the greatest file within bounds needs, no new files. If a decoder crashes or hangs, the child alone
dies. `python -m voxproof.audio.isolated NAME` answers on standard output: a line of JSON, then raw float32.
A program that takes many files keeps a `voxproof.audio.decoder_process`, which starts such children in milliseconds.
"""

import io
import json
import subprocess
import sys
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from voxproof.audio.limits import MAX_BYTES
from voxproof.audio.reading import decode
from voxproof.audio.source import opened
from voxproof.audio.tags import comment_of
from voxproof.errors import AudioError

MEMORY = 3 * 2**30  # bytes of address space: libraries, file, decoded sound, twice for the copy into the pipe
CPU_S = 20
WALL_S = 30


def decode_isolated(source: Any) -> tuple[NDArray[np.float32], int]:
    """What `reading.decode` gives, from a child process; `AudioError` too if the child dies or is too slow."""
    with opened(source) as file:
        data = file.at(0, file.size)
        name = file.name
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-m", "voxproof.audio.isolated", name],
            input=data,
            capture_output=True,
            timeout=WALL_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise AudioError(f"{name}: decoding took more than {WALL_S} s; the file is damaged or forged") from None
    line, _, raw = child.stdout.partition(b"\n")
    try:
        answer = json.loads(line)
    except ValueError:
        raise AudioError(f"{name}: the decoder died on it (exit {child.returncode}); damaged or forged") from None
    if "error" in answer:
        raise AudioError(answer["error"])
    if child.returncode != 0 or len(raw) != 4 * answer["frames"]:
        raise AudioError(f"{name}: the decoder died on it (exit {child.returncode}); damaged or forged")
    return np.frombuffer(bytearray(raw), "<f4"), answer["rate"]


def limit_this_process() -> None:
    """Ask the operating system for the limits; there are none to ask for on Windows."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


class _Named(io.BytesIO):
    """Bytes under the name that the parent knows them by."""

    name = ""


def answer(encoded: BinaryIO, name: str, out: BinaryIO) -> None:
    """Decode in this process, which is the child, and write the line of JSON and the samples."""
    file = _Named(encoded.read(MAX_BYTES + 2**20 + 1))
    file.name = name
    try:
        samples, rate = decode(file)
        file.seek(0)
        facts: dict[str, Any] = {"rate": rate, "frames": len(samples), "comment": comment_of(file)}
    except AudioError as reason:
        out.write(json.dumps({"error": str(reason)}).encode() + b"\n")
        return
    except MemoryError:
        facts = {"error": f"{name}: decoding needs too much memory; the file is damaged or forged"}
        out.write(json.dumps(facts).encode() + b"\n")
        return
    out.write(json.dumps(facts).encode() + b"\n")
    out.write(samples.astype("<f4", copy=False).data)


if __name__ == "__main__":
    limit_this_process()
    answer(sys.stdin.buffer, sys.argv[1], sys.stdout.buffer)
