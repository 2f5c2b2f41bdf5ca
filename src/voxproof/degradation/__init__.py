"""What happens to speech on its way: rooms, noise, filters, bandwidth, codecs. Real and fake are treated alike.

A kind is a function of float32 samples at 16 kHz and a generator of random numbers; it keeps the number of samples.
"""

from voxproof.degradation.kind import RATE, Degradation, Floats
from voxproof.degradation.kinds import KINDS

__all__ = ["KINDS", "RATE", "Degradation", "Floats"]
