"""Which seconds of a file are wanted, for decoders."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from voxproof.audio.limits import expecting
from voxproof.errors import AudioError

LONGEST_S = 100 * 3600.0  # that a recording may say it is: what says more is forged
LATE_S = 0.1  # by which a stretch may end behind its file, as manifests round


@dataclass(frozen=True)
class Span:
    """From `start_s` to `end_s` in seconds; an `end_s` of 0 is the end of the file. The limits hold for the span."""

    start_s: float = 0.0
    end_s: float = 0.0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return not (self.start_s or self.end_s)

    def frames(self, name: str, rate: int, there: int | None = None) -> tuple[int, int]:
        """First frame and the one behind the last, of a file of `there` frames (None: not known yet).

        `AudioError` if the file ends before the span begins, or by more than `LATE_S` before it ends.
        """
        first = round(self.start_s * rate)
        last = round(self.end_s * rate) if self.end_s else (2**62 if there is None else there)
        if there is None:
            return first, last
        if there and first >= there:
            raise AudioError(f"{name}: it ends at {there / rate:.2f} s, before {self.start_s:.2f} s")
        if last > there + LATE_S * rate:
            raise AudioError(f"{name}: it ends at {there / rate:.2f} s, before {self.end_s:.2f} s")
        return first, min(last, there)

    @contextmanager
    def part_of_hours(self) -> Iterator[None]:
        """Within, the checks let in a file of up to `LONGEST_S`, of which this is only a part."""
        if self.is_whole:
            yield
            return
        with expecting(LONGEST_S):
            yield


WHOLE = Span()
