"""A text to the bytes of a file, sentence by sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import voxproof
from voxproof.audio import Audio
from voxproof.audio.encoding import StreamEncoder
from voxproof.errors import TextError
from voxproof.speakers import Voice


@dataclass(frozen=True)
class Asked:
    """What is to be said, by whom and how."""

    text: str
    voice: Voice
    format: str
    speed: float = 1.0
    seed: int = 0
    consent: str | None = None
    rate: int | None = None
    pronunciations: Mapping[str, str] = field(default_factory=dict)


class Speaking:
    """One text on its way. Each call does the work of one sentence, on a worker; calls must not overlap.

    Every sentence carries the mark. The manifest stands at the head of the file, so it says all but what is known only
    at its end: how many samples there are, and their hash.
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._pieces: Iterator[Audio] | None = None
        self._encoder: StreamEncoder | None = None
        self.manifest: dict[str, Any] = {}
        self.seconds = 0.0

    def next(self) -> bytes | None:
        """The bytes of the next sentence; None after the last. Raises what `voxproof.clone` raises, at the first."""
        if self._pieces is None:
            one = self._asked
            self._pieces = voxproof.clone(
                one.text,
                one.voice,
                speed=one.speed,
                seed=one.seed,
                consent=one.consent,
                output_rate=one.rate,
                pronunciations=one.pronunciations or None,
                stream=True,
            )
        piece = next(self._pieces, None)
        if piece is None:
            if self._encoder is None:
                raise TextError("there is nothing to say in this text")
            return None
        if self._encoder is None:
            facts = dict(piece.manifest or {})
            self.manifest = {key: facts[key] for key in facts if key not in ("samples", "samples_sha256")}
            self._encoder = StreamEncoder(self._asked.format, piece.rate, self.manifest)
        self.seconds += piece.duration
        return self._encoder.add(piece)

    def end(self) -> bytes:
        """The last bytes of the file."""
        return self._encoder.end() if self._encoder is not None else b""
