"""Traces: what a generator leaves in a few seconds of speech, as one vector of statistics.

`features.texture` measures points of the time-frequency plane against their neighbours. Beside it stand here what it
does not see: the cepstrum and how it moves, how the levels of far bands rise and fall together, phase within bins and
across bands, and what linear prediction leaves over. Nothing is learned here. Bands end at 7.2 kHz, since what lies
above is the last resampling filter and not the speaker; linear prediction alone is of the whole band.
"""

from voxproof.features.traces.vector import BLOCKS, VALUES, Block, block_scales, traces

__all__ = ["BLOCKS", "VALUES", "Block", "block_scales", "traces"]
