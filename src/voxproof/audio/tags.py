"""What a file says in its comment tag."""

import os
from typing import BinaryIO

import soundfile

MOST_CHARACTERS = 100_000


def comment_of(source: str | os.PathLike[str] | BinaryIO) -> str:
    """The comment of a WAV, FLAC, MP3 or Ogg file; empty if it has none, is of another format, or is no sound at all.

    The file is parsed in this process: a server reads comments where it decodes (`voxproof.audio.isolated`).
    """
    try:
        with soundfile.SoundFile(source) as file:
            return str(file.comment)[:MOST_CHARACTERS]
    except (OSError, soundfile.SoundFileError, ValueError):
        return ""
