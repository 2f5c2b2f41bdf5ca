"""One file over HTTP into the cache: resumed where it broke off, checked by hash, by one process at a time."""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from voxproof.errors import ModelError
from voxproof.models.file import CardFile, is_intact, sha256_of

Progress = Callable[[str, int, int], None]
"""Called with the file's name, the bytes that are there, and the bytes that will be."""

TRIES = 4  # connections that may break one after the other without bringing a byte
TIMEOUT_SECONDS = 30.0  # of silence on the connection
LOCK_SECONDS = 3600.0  # that another process may take for the same file
_BLOCK = 1 << 18


def download(url: str, file: CardFile, target: Path, progress: Progress | None = None) -> Path:
    """Bring `url` to `target`, which afterwards has the size and the hash of `file`.

    What an earlier, broken download left (`target` + `.part`) is gone on with. Two processes at once: the second waits
    and finds the file. Raises `ModelError` when the network, the server or the disk refuses, and when what came is not
    the file; a wrong file is deleted.
    """
    if not url.startswith(("http://", "https://")):
        raise ModelError(f"{url}: a hub's address begins with http:// or https://")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{target}.lock", timeout=LOCK_SECONDS):
            if target.is_file() and is_intact(target, file):
                return target
            part = target.with_name(f"{target.name}.part")
            resumed = part.is_file()
            _fetch(url, file, part, progress)
            if sha256_of(part) != file.sha256 and resumed:
                # The half that lay there may have been another file's: once more, from the first byte.
                part.unlink()
                _fetch(url, file, part, progress)
            if sha256_of(part) != file.sha256:
                part.unlink()
                raise ModelError(
                    f"{file.name}: what {url} sent is not the file that the card names (wrong SHA-256); it was deleted"
                )
            part.replace(target)
    except Timeout:
        raise ModelError(f"{file.name}: another process has been downloading {target} for an hour") from None
    except OSError as problem:
        raise ModelError(f"{file.name}: cannot be written to {target.parent} ({problem.strerror or problem})") from None
    return target


def _fetch(url: str, file: CardFile, part: Path, progress: Progress | None) -> None:
    """Fill `part` up to the file's size, over as many connections as bring more than those before."""
    failures = 0
    furthest = done = _size(part)
    while done < file.size:
        try:
            _one_connection(url, file, part, done, progress)
            problem = "the connection closed early"
        except urllib.error.HTTPError as error:
            if error.code == 416:  # the server's file ends at or before what lies here: begin anew
                part.unlink(missing_ok=True)
            elif error.code < 500 and error.code not in (408, 429):
                raise ModelError(f"{file.name}: {url} answers {error.code} {error.reason}") from None
            problem = f"the server answers {error.code} {error.reason}"
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
            problem = str(getattr(error, "reason", None) or error or type(error).__name__)
        done = _size(part)
        failures = 0 if done > furthest else failures + 1
        furthest = max(furthest, done)
        if done < file.size and failures >= TRIES:
            raise ModelError(f"{file.name}: cannot be downloaded from {url} ({problem})")
        if failures:
            time.sleep(0.1 * 2**failures)
    if done > file.size:
        part.unlink()
        raise ModelError(f"{file.name}: {url} sends more than the {file.size:,} bytes that the card names")


def _size(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0


def _one_connection(url: str, file: CardFile, part: Path, done: int, progress: Progress | None) -> None:
    """Append what one connection brings."""
    request = urllib.request.Request(url, headers={"User-Agent": "voxproof", "Accept-Encoding": "identity"})
    if done:
        request.add_header("Range", f"bytes={done}-")
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        goes_on = answer.status == 206 and (answer.headers.get("Content-Range") or "").startswith(f"bytes {done}-")
        if done and not goes_on:
            done = 0  # the server cannot resume and sends all of it
        with part.open("ab" if goes_on else "wb") as stream:
            # One byte beyond the file's size is read, to notice that there is more, and no second one.
            while block := answer.read(min(_BLOCK, file.size + 1 - done)):
                stream.write(block)
                done += len(block)
                if progress is not None:
                    progress(file.name, min(done, file.size), file.size)
