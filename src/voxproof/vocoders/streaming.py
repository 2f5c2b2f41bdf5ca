"""Waveforms in pieces without seams: each piece is made with the frames around it that its samples depend on.

A convolutional vocoder's sample depends on a bounded number of frames (`Vocoder.context`). What is made of a piece's
frames and so many on either side is, in the piece, the very samples that the whole mel gives: nothing is faded.
"""

from collections.abc import Callable, Iterator

from voxproof.errors import VoxproofError
from voxproof.features.mel import Floats
from voxproof.vocoders.base import Vocoder

PIECE_FRAMES = 80  # 1 s


def stream(
    vocoder: Vocoder, mel: Floats, f0: Floats | None = None, *, frames: int = PIECE_FRAMES, seed: int = 0
) -> Iterator[Floats]:
    """What `vocoder.vocode` gives, in pieces of `frames * hop` samples of which the last may be shorter.

    A vocoder whose context has no bound gives one piece. Raises `VoxproofError` for pieces without a frame.
    """

    def vocode(first: int, last: int) -> Floats:
        pitch = None if f0 is None else f0[first:last]
        return vocoder.vocode(mel[:, first:last], pitch, seed=seed)

    total = mel.shape[1]
    context = total if vocoder.context is None else vocoder.context
    return pieces(vocode, total, context, vocoder.spec.hop, total if vocoder.context is None else frames)


def pieces(
    vocode: Callable[[int, int], Floats], total: int, context: int, hop: int, frames: int = PIECE_FRAMES
) -> Iterator[Floats]:
    """As `stream`, where `vocode(first, last)` makes `((last - first - 1) * hop,)` of those frames, `last` excluded."""
    if frames < 1:
        raise VoxproofError(f"pieces of {frames} frames: give 1 or more")
    return (
        _piece(vocode, start, min(start + frames, total - 1), total, context, hop)
        for start in range(0, total - 1, frames)
    )


def _piece(vocode: Callable[[int, int], Floats], start: int, end: int, total: int, context: int, hop: int) -> Floats:
    """Samples from frame `start` to frame `end`."""
    first = max(0, start - context)
    samples = vocode(first, min(total, end + context + 1))
    return samples[(start - first) * hop : (end - first) * hop]
