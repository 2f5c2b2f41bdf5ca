"""What a server allows and how much of it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from voxproof.audio.limits import MAX_BYTES

Feature = Literal["detections", "speech", "conversions"]
FEATURES: frozenset[Feature] = frozenset(get_args(Feature))
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Settings:
    """Limits of one server; times in seconds, sizes in bytes.

    `workers` requests are worked on at once and `waiting` more wait; further ones are told to come back later (429).
    `token` is asked of everybody if there is one. `hosts` are the names under which a browser may reach the server
    (none: any name), `origins` the web pages on other hosts that may use it.
    """

    workers: int = 1
    waiting: int = 16
    jobs: int = 8  # that wait or run
    kept_jobs: int = 100  # finished, with their results
    keep_jobs: float = 3600.0
    live: int = 4  # WebSockets at once
    time_limit: float = 120.0  # from the end of the upload to the last byte of the answer
    upload_bytes: int = 64 << 20  # of one request
    upload_time: float = 60.0
    idle_time: float = 10.0  # without a byte of an upload
    uploads: int = 64  # being received at once
    files: int = 16  # of one request
    text: int = 4096  # characters to speak at once; jobs take as many as the command line
    token: str | None = None
    hosts: tuple[str, ...] = LOOPBACK
    origins: tuple[str, ...] = ()
    features: frozenset[Feature] = field(default=FEATURES)
    page_bytes: int = 2 << 30  # of uploads and results of the pages, together
    folder: Path | None = None  # for temporary files; the system's if not given

    def __post_init__(self) -> None:
        if self.upload_bytes > MAX_BYTES:
            raise ValueError(f"an upload of more than {MAX_BYTES >> 20} MiB cannot be read by anything here")
