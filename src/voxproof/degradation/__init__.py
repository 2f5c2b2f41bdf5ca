"""What happens to speech on its way: rooms, noise, filters, bandwidth, codecs. Real and fake are treated alike.

A kind is a function of float32 samples `[n]` at 16 kHz and a generator of random numbers; it keeps their number, and
what it does hangs on the generator alone. `KINDS` has all by name, `CODECS` the codecs, `CONDITIONS` fixed ones for
tables.
"""

from voxproof.degradation.codecs import CODECS
from voxproof.degradation.conditions import CONDITIONS
from voxproof.degradation.kind import RATE, Degradation, Floats
from voxproof.degradation.kinds import KINDS
from voxproof.degradation.noise import babble

__all__ = ["CODECS", "CONDITIONS", "KINDS", "RATE", "Degradation", "Floats", "babble"]
