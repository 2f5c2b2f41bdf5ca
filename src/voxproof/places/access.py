"""Access to stores through fsspec: what goes wrong there becomes one line of the one family of errors.

Endpoints and credentials are never read or told here; fsspec and the libraries behind it have their own configuration
and environment for them.
"""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from voxproof.errors import VoxproofError
from voxproof.notes import one_line

_REFUSED, _GONE = (401, 403), (404, 410)  # statuses of HTTP
_LONGEST = 200  # characters of what a library says
_QUERY = re.compile(r"(\w://[^\s'\"?]*)\?[^\s'\"]*")  # signatures and tokens stand there
_PASSWORD = re.compile(r"://[^/@\s]*@")


class AddressError(VoxproofError, OSError):
    """What an address gives in place of a file: of the one family, and the `OSError` that a path would give.

    Its arguments are those of an `OSError`: number, what is wrong, and the address without its secrets.
    """

    def __str__(self) -> str:
        return f"{self.filename}: {self.strerror}"


class MissingError(AddressError, FileNotFoundError):
    """There is no such file, folder or bucket."""


class DeniedError(AddressError, PermissionError):
    """The store does not let in whoever asks."""


class UnreachableError(AddressError):
    """The store does not answer, or not as it should: whatever is asked of it next will fare no better."""


def file_system(url: str, shown: str) -> tuple[Any, str]:
    """fsspec's file system for an address, and the address as that names it. `shown` is for messages."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise VoxproofError(f"{shown}: addresses need fsspec: pip install 'voxproof[remote]'") from None
    try:
        found: tuple[Any, str] = url_to_fs(url)
    except ImportError as reason:
        raise VoxproofError(f"{shown}: {_said(reason)}; pip install 'voxproof[remote]' brings it for s3://") from None
    except ValueError as reason:
        raise VoxproofError(f"{shown}: {_said(reason)}; see the protocols of fsspec") from None
    except Exception as reason:
        raise UnreachableError(errno.EIO, f"cannot be opened ({_said(reason)})", shown) from None
    return found


@contextmanager
def asking(shown: str) -> Iterator[None]:
    """Within, errors of a store's library, which has its own kinds of them, become an `AddressError` about `shown`."""
    try:
        yield
    except AddressError:
        raise
    except Exception as reason:
        raise _translated(_root(reason), shown) from None


def _root(reason: Exception) -> Exception:
    """What went wrong: of a web server fsspec calls everything missing, whose host is not there, too."""
    cause = reason.__cause__
    web = isinstance(cause, Exception) and (hasattr(cause, "status") or isinstance(cause, OSError))
    return cause if web and isinstance(reason, FileNotFoundError) else reason  # type: ignore[return-value]


def _translated(reason: Exception, shown: str) -> AddressError:
    status = getattr(reason, "status", None)
    if isinstance(reason, FileNotFoundError) or status in _GONE:
        return MissingError(errno.ENOENT, "there is no such file, folder or bucket", shown)
    if isinstance(reason, PermissionError) or status in _REFUSED:
        why = f"no access ({_said(reason)}); are the credentials of this store set?"
        return DeniedError(errno.EACCES, why, shown)
    return UnreachableError(errno.EIO, f"cannot be reached ({_said(reason)})", shown)


def _said(reason: Exception) -> str:
    """What a library says, in one line and without what must not be told."""
    said = one_line(str(getattr(reason, "strerror", None) or reason)) or type(reason).__name__
    return _PASSWORD.sub("://", _QUERY.sub(r"\1", said))[:_LONGEST].rstrip(".")
