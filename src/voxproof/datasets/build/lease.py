"""That two runs of one shard do not work at an address at once: a lease, which its holder renews every few seconds.

It only spares work done twice. Two runs that overlook each other make the same bytes under the same names, and tell
them in journals of their own.
"""

import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any

from voxproof.errors import CorpusError
from voxproof.places import Address, AddressError

BEAT = 10.0  # seconds between two renewals
DEAD = 45.0  # seconds without one after which the holder counts as killed
_LOOK = 1.0  # seconds between two looks at somebody else's lease


class Lease:
    """Held from `take` to `release`.

    A lease that was left behind by a killed run is taken over: at once if that ran on this computer, else when it was
    not renewed for `DEAD` seconds by the clock of whoever waits, so computers need not agree on the time.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._facts = {"host": socket.gethostname(), "pid": os.getpid(), "run": secrets.token_hex(8)}
        self._beats = 0
        self._end = threading.Event()
        self._renewing = threading.Thread(target=self._renew, daemon=True)

    def take(self) -> "Lease":
        """Wait until it is known whether somebody holds it; `CorpusError` if somebody does."""
        self._wait_for_the_dead()
        self._write()
        self._renewing.start()
        return self

    def release(self) -> None:
        """Others may take it."""
        self._end.set()
        self._renewing.join()
        with suppress(AddressError):
            if (_held(self._address) or {}).get("run") == self._facts["run"]:
                self._address.unlink(missing_ok=True)

    def __enter__(self) -> "Lease":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _wait_for_the_dead(self) -> None:
        seen, since = _held(self._address), time.monotonic()
        while seen is not None and not self._was_here(seen) and time.monotonic() - since < DEAD:
            time.sleep(_LOOK)
            now = _held(self._address)
            if now is not None and now != seen:
                raise CorpusError(
                    f"{self._address.parent.parent}: another run of this shard is at work there (process "
                    f"{now.get('pid')} on {now.get('host')}); wait for it, or end it"
                )
            seen = now

    def _was_here(self, held: Mapping[str, Any]) -> bool:
        """Whether its holder ran on this computer and is gone; in containers it may have had our own number."""
        if held.get("host") != self._facts["host"]:
            return False
        with suppress(ProcessLookupError, PermissionError, TypeError, ValueError, OverflowError):
            os.kill(int(held["pid"]), 0)
            return int(held["pid"]) == os.getpid()
        return True

    def _write(self) -> None:
        self._beats += 1
        self._address.write_bytes(json.dumps({**self._facts, "beat": self._beats, "time": time.time()}).encode())

    def _renew(self) -> None:
        while not self._end.wait(BEAT):
            with suppress(AddressError):  # the next sound that cannot be put says so
                self._write()


def _held(address: Address) -> dict[str, Any] | None:
    """What a lease says; None if there is none."""
    try:
        found = json.loads(address.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
