"""Decoding for strangers, many times: a process that has imported the decoders and forks a child for every file.

Each child has the limits of `voxproof.audio.isolated`, decodes one file and ends, so nothing of one file reaches the
next; forking takes milliseconds where starting Python takes a third of a second. The process itself never touches what
it is given: file descriptors go through it to the child, and the answer comes back through a pipe of its own. Where
descriptors cannot be handed over (Windows), every file gets a new process.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from typing import BinaryIO

import numpy as np

from voxproof.audio.isolated import WALL_S, answer, decode_isolated, limit_this_process
from voxproof.audio.reading import scaled
from voxproof.audio.sound import Audio
from voxproof.audio.source import printable
from voxproof.errors import AudioError

_REQUEST = 512  # bytes: the name of the file in UTF-8, padded with zeros
_FORKS = hasattr(os, "fork") and hasattr(socket, "send_fds")


class DecoderProcess:
    """The parent's side. It may be used from several threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    def start(self) -> None:
        """Start the process now, rather than with the first file."""
        if _FORKS:
            with self._lock:
                self._started()

    def close(self) -> None:
        """End the process; children that are decoding end by themselves."""
        with self._lock:
            self._end()

    def read(self, file: BinaryIO, name: str) -> tuple[Audio, str]:
        """The sound of an open file (it must have a descriptor) and its comment tag; `AudioError` as `read_audio`.

        `name` is what messages call the file.
        """
        if not _FORKS:
            file.seek(0)
            return scaled(*decode_isolated(file)), ""
        file.flush()
        reader, writer = os.pipe()
        with os.fdopen(reader, "rb") as answered:
            try:
                self._ask(name, file.fileno(), writer)
            finally:
                os.close(writer)
            return _taken(answered, name)

    def _ask(self, name: str, encoded: int, writer: int) -> None:
        request = name.encode("utf-8", "replace")[:_REQUEST].ljust(_REQUEST, b"\0")
        with self._lock:
            try:
                socket.send_fds(self._started(), [request], [encoded, writer])
            except OSError:  # it has died: whatever killed it, the next one may live
                self._end()
                socket.send_fds(self._started(), [request], [encoded, writer])

    def _started(self) -> socket.socket:
        if self._socket is None:
            ours, theirs = socket.socketpair()
            command = [sys.executable, "-P", "-m", "voxproof.audio.decoder_process", str(theirs.fileno())]
            environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # no threads to fork
            with theirs:
                self._process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], env=environment
                )
            self._socket = ours
        return self._socket

    def _end(self) -> None:
        if self._socket is not None:
            self._socket.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._socket = self._process = None


def _taken(answered: BinaryIO, name: str) -> tuple[Audio, str]:
    """What the child writes, as a sound and a comment; a child that died has written less."""
    died = AudioError(f"{printable(name)}: the decoder died on it or took more than {WALL_S} s; damaged or forged")
    try:
        facts = json.loads(answered.readline())
    except ValueError:
        raise died from None
    if "error" in facts:
        raise AudioError(facts["error"])
    samples = np.empty(facts["frames"], "<f4")
    there, whole = 0, samples.data.cast("B")
    while there < len(whole) and (count := answered.readinto(whole[there:])):  # type: ignore[attr-defined]
        there += count
    if there < len(whole):
        raise died
    return scaled(samples, facts["rate"]), facts["comment"]


def _serve(requests: socket.socket) -> None:
    """Fork for every request until the parent's end of the socket is closed."""
    from voxproof.audio import container, sndfile  # noqa: F401 (imported once, for all children)

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are not waited for
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end is ours
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, _REQUEST, 2)
        while request and len(request) < _REQUEST and (rest := requests.recv(_REQUEST - len(request))):
            request += rest
        if len(request) < _REQUEST or len(descriptors) != 2:
            return
        if os.fork() == 0:
            requests.close()
            _child(request.rstrip(b"\0").decode("utf-8", "replace"), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _child(name: str, encoded: int, writer: int) -> None:
    """Answer for one file and end; the alarm, too, ends the process."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # nobody waits for the answer any more
    signal.setitimer(signal.ITIMER_REAL, WALL_S)
    with contextlib.suppress(BaseException):
        limit_this_process()
        with os.fdopen(encoded, "rb") as file, os.fdopen(writer, "wb") as out:
            file.seek(0)
            answer(file, name, out)
    os._exit(0)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
