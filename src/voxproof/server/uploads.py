"""Recordings that were uploaded: what they are called, and their sound, decoded in a process of its own."""

import os
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO

from fastapi import UploadFile

from voxproof.audio import Audio
from voxproof.audio.decoder_process import DecoderProcess
from voxproof.notes import one_line
from voxproof.server.errors import ApiError

LONGEST_NAME = 100  # characters


@dataclass(frozen=True)
class Recording:
    """An uploaded file, on disk and without a name there; `name` is for messages and answers."""

    name: str
    file: BinaryIO

    @classmethod
    def of(cls, upload: UploadFile) -> "Recording":
        """The file as long as its request lasts."""
        return cls(_name_of(upload), upload.file)

    @classmethod
    def kept(cls, upload: UploadFile) -> "Recording":
        """The file beyond its request, until `close`."""
        return cls(_name_of(upload), os.fdopen(os.dup(upload.file.fileno()), "rb"))

    def sound(self, decoder: DecoderProcess) -> tuple[Audio, str]:
        """The sound and the comment tag. Called on a worker. Raises `AudioError`."""
        return decoder.read(self.file, self.name)

    def close(self) -> None:
        """Give the file up; the operating system takes it away."""
        self.file.close()


def check_count(uploads: list[UploadFile], most: int, param: str) -> None:
    """Raise the error 413 for too many files in one request."""
    if len(uploads) > most:
        raise ApiError(413, f"{len(uploads)} files are too many: {most} are taken at once", "too_many", param=param)


def _name_of(upload: UploadFile) -> str:
    """The last part of the client's name of a file; no file here is ever called so."""
    given = PurePosixPath(PureWindowsPath(upload.filename or "").name).name
    return one_line(given)[-LONGEST_NAME:] or "recording"
