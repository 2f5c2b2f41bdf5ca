"""How something is said, beyond the voice: a number for the whole utterance, or one for each phoneme."""

from dataclasses import dataclass

import numpy as np

from voxproof.errors import TextError
from voxproof.features.mel import Floats

_DECIBELS_A_NEPER = 20.0 / np.log(10.0)
Control = float | Floats


@dataclass(frozen=True)
class Controls:
    """What a synthesizer with a variance adaptor can be told; arrays have one value for each symbol `(symbols,)`."""

    duration: Control = 1.0  # factor on the predicted length
    semitones: Control = 0.0  # added to the pitch
    melody: Control = 1.0  # factor on the pitch's distance from the speaker's median: 0 is monotonous
    decibels: Control = 0.0  # added to the energy

    def each(self, name: str, symbols: int) -> Floats:
        """One control for each of so many symbols; `TextError` if it was given for another number of them."""
        values = np.asarray(getattr(self, name), np.float32)
        if values.ndim and values.shape != (symbols,):
            raise TextError(f"the control {name!r} has {len(values)} values for {symbols} phonemes: give one for each")
        return np.broadcast_to(values, (symbols,))

    def log_pitch(self, symbols: int) -> Floats:
        """What is added to log f0 of each symbol."""
        return self.each("semitones", symbols) * np.float32(np.log(2.0) / 12.0)

    def log_energy(self, symbols: int) -> Floats:
        """What is added to the natural logarithm of each symbol's magnitude."""
        return self.each("decibels", symbols) / np.float32(_DECIBELS_A_NEPER)


AS_PREDICTED = Controls()
