"""The text to speak: an argument, a file, or standard input."""

import sys
from pathlib import Path

from voxproof.errors import TextError

MOST_BYTES = 400_000  # 100,000 characters of four bytes; what is longer is refused anyway, and this much says so


def text_of(argument: str | None, file: Path | None) -> str:
    """The text that is meant; `TextError` if there is none, or two, or what is there is no text."""
    if argument is not None and file is not None:
        raise TextError("give the text or -f FILE, not both")
    if file is not None and str(file) != "-":
        return _decoded(_read(file), str(file))
    if argument == "-" or file is not None:
        return _decoded(sys.stdin.buffer.read(MOST_BYTES + 4), "standard input")
    if argument is None:
        raise TextError("there is no text: give it in quotes, or -f FILE, or - for standard input")
    # Bytes of a command line that are not UTF-8 become characters that no text has.
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 4)
    except FileNotFoundError:
        raise TextError(f"{file}: there is no such file") from None
    except IsADirectoryError:
        raise TextError(f"{file}: this is a folder, not a text file") from None
    except OSError as reason:
        raise TextError(f"{file}: cannot be read: {reason.strerror or reason}") from None


def _decoded(data: bytes, where: str) -> str:
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TextError(f"{where}: this is no text file")
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # as Windows' editor saves "Unicode"
            return data.decode("utf-16")
        # A character may be cut in two where reading stopped; the text is too long then, whatever its end.
        return data.decode("utf-8-sig", "replace" if len(data) > MOST_BYTES else "strict")
    except UnicodeDecodeError as reason:
        raise TextError(f"{where}: not UTF-8 (byte {reason.start}); save it as UTF-8") from None
