"""Extension block by block: every half second is made alone of the samples around it that it depends on.

Blocks lie on a grid that begins with the signal, so they are the same however the signal arrives, and each is computed
by the same calls on arrays of the same size. That is why a stream gives the very samples of the whole.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator

import numpy as np

from voxproof.bandwidth_extension import spectrum, upsampling
from voxproof.bandwidth_extension.base import RATE, SOURCE_RATE, BandwidthExtension
from voxproof.features.mel import Floats

FRAMES = 50  # a block, 0.5 s
BLOCK = FRAMES * spectrum.HOP * SOURCE_RATE // RATE  # samples at 16 kHz


class BlockwiseExtension(BandwidthExtension):
    """Says how strong the upper band is; what it is made of, and the lower band, are the same for all.

    `context` is how many frames to either side a frame's gains depend on.
    """

    context: int = 0

    @abstractmethod
    def gains(self, bands: Floats) -> Floats | None:
        """How much louder than the mirrored band 8 to 12 kHz is, log amplitude `(frames, HIGH_BANDS)`; None: silent.

        `bands` `(frames, LOW_BANDS)` are the log amplitudes of the lower band.
        """

    @property
    def margin(self) -> int:
        """Samples at 16 kHz that a block depends on before and after its own: how far a stream is behind, too."""
        return (self.context + 1) * spectrum.HOP * SOURCE_RATE // RATE + upsampling.REACH

    def stream(self, pieces: Iterable[Floats]) -> Iterator[Floats]:
        """See `BandwidthExtension.stream`; pieces of half a second."""
        margin = self.margin
        held = np.zeros(margin, np.float32)  # silence before the beginning
        total = given = 0
        for piece in pieces:
            held = np.concatenate([held, np.asarray(piece, np.float32)])
            total += len(piece)
            while len(held) >= BLOCK + 2 * margin:
                yield self._block(held[: BLOCK + 2 * margin])
                held = held[BLOCK:]
                given += BLOCK * RATE // SOURCE_RATE
        length = round(total * RATE / SOURCE_RATE)
        while given < length:
            window = held[: BLOCK + 2 * margin]
            made = self._block(np.pad(window, (0, BLOCK + 2 * margin - len(window))))[: length - given]
            yield made
            held = held[BLOCK:]
            given += len(made)

    def _block(self, window: Floats) -> Floats:
        """`(BLOCK + 2 * margin,)` at 16 kHz to the `(BLOCK * 3 / 2,)` samples of the block at 24 kHz."""
        if not window.any():
            return np.zeros(BLOCK * RATE // SOURCE_RATE, np.float32)
        # One sample is cut at the front so that the block begins where an output meets an input.
        wide = upsampling.upsample(window[1:])
        start = (self.context + 1) * spectrum.HOP
        low = wide[start : start + FRAMES * spectrum.HOP]
        whole = spectrum.transform(wide)
        gains = self.gains(spectrum.log_bands(whole))
        if gains is None:
            return np.clip(low, -1.0, 1.0)
        own = slice(self.context, self.context + FRAMES + 1)
        made = spectrum.shaped(spectrum.mirrored(whole)[own], gains[own])
        whole_band: Floats = np.clip(low + spectrum.overlapped(made), -1.0, 1.0)
        return whole_band
