"""Our own mark: a keyed pattern of cells, a little louder or softer than they were, with 16 bits on it.

Making: the key gives each cell of a periodic time-frequency grid (`grid`) a sign and one of 256 chips of the payload's
codeword (`payload`); sign times chip says whether the cell's magnitudes are raised or lowered, masking (`masking`) by
how much. The strength grows until the mark is read back, through added noise too.

Reading (`search`): whiten the logarithms of the cells' powers, fold them over the period, and correlate with all
payloads at all shifts and speeds. Spread spectrum on sound: Cox et al. 1997, Kirovski and Malvar 2003.
"""

from itertools import chain

import numpy as np

from voxproof.audio import Audio, resample
from voxproof.errors import AudioError
from voxproof.provenance.grid import BAND, BANDS, BINS, FIRST_BIN, RATE, SLOT, SLOTS, Floats, change_magnitudes, keying
from voxproof.provenance.masking import allowed_change
from voxproof.provenance.payload import check_payload, encode
from voxproof.provenance.search import SEGMENT, SURE, search, threshold
from voxproof.provenance.watermark import MarkReading, Watermark, watermarks

STRENGTHS = (3.0, 4.0, 5.5)  # dB: the mean change of a magnitude; the first costs about 0.25 of PESQ-wb
RESCUE = (7.5, 10.0)  # dB: heard, but better than no mark: fractions of a second
CLEAN = 1.3  # times the threshold: what reading back must give
NOISY = 1.15  # times the threshold: what it should give through noise at `NOISE`
NOISE = 20.0  # dB below the sound
SHORTEST = 2.5  # s: a sound that holds no mark by itself becomes at least so long
FLOOR = 40.0  # dB below the loudest 0.1 s: the noise that is then laid under it
LEAST_FLOOR = 1e-3  # RMS of that noise at least: -60 dBFS


@watermarks.register("spread-spectrum")
class SpreadSpectrum(Watermark):
    """The keyed pattern of cells; NumPy alone."""

    name = "spread-spectrum"

    def embed(self, audio: Audio, payload: int, key: bytes) -> Audio:
        """See `Watermark.embed`. What sounds above 4 kHz stays as it is, at any sampling rate.

        Speech of half a second and more is marked as it stands. What is shorter, or silent, gets a marked noise floor
        40 dB below it and a tail of that noise up to 2.5 s.
        """
        check_payload(payload)
        if len(audio.samples) == 0:
            raise AudioError("there is no sound to mark (0 samples)")
        sound = resample(audio.samples, audio.rate, RATE)
        pattern = keying(key).pattern(encode(payload))
        held: Audio | None = None
        for strength in STRENGTHS:
            marked = _with_difference(audio, _marked(sound, pattern, strength) - sound)
            if self._holds(marked, payload, key, CLEAN):
                held = marked
                if self._holds(_with_noise(marked), payload, key, NOISY):
                    break
        if held is not None:
            return held
        on_floor = _on_floor(sound)
        padded = np.pad(sound, (0, len(on_floor) - len(sound)))
        for base, strength in chain(((sound, more) for more in RESCUE), ((on_floor, more) for more in RESCUE)):
            marked = _with_difference(audio, _marked(base, pattern, strength) - padded[: len(base)])
            if self._holds(marked, payload, key, CLEAN):
                return marked
        raise AudioError(
            f"no watermark holds on this sound ({audio.duration:.2f} s at {audio.rate} Hz), so it is not given out; "
            "use longer speech at 8000 Hz or more"
        )

    def read(self, audio: Audio, key: bytes) -> MarkReading:
        """See `Watermark.read`. Long sound is read in pieces of about 10 s until one shows a mark."""
        return self._read(audio, key)

    def _read(self, audio: Audio, key: bytes, *, as_made: bool = False) -> MarkReading:
        sound = resample(audio.samples, audio.rate, RATE)
        pieces = np.array_split(sound, max(1, round(len(sound) / (SEGMENT * RATE))))
        best = MarkReading(False, None, 0.0, threshold(1))
        for piece in pieces:
            match = search(piece, key, as_made=as_made)
            limit = threshold(match.tried * len(pieces))
            if match.score >= limit:
                return MarkReading(
                    True, match.payload if match.margin >= SURE else None, match.score, limit, match.speed
                )
            if match.score >= best.score:
                best = MarkReading(False, None, match.score, limit)
        return best

    def _holds(self, marked: Audio, payload: int, key: bytes, times: float) -> bool:
        # In the 16 bits that a file has: the faintest sound loses its mark there.
        steps = np.asarray(np.rint(marked.samples * 32_768) / 32_768, np.float32)
        reading = self._read(Audio(steps, marked.rate), key, as_made=True)
        return reading.payload == payload and reading.score >= times * reading.threshold


def _marked(sound: Floats, pattern: Floats, strength: float) -> Floats:
    """Samples at 16 kHz with the pattern `[SLOTS, BANDS]` on them, `strength` dB strong."""

    def factors(first: int, power: Floats) -> Floats:
        slots = (np.arange(first, first + len(power)) // SLOT) % SLOTS
        signs = np.zeros((len(power), BINS), np.float32)
        signs[:, FIRST_BIN : FIRST_BIN + BANDS * BAND] = np.repeat(pattern[slots], BAND, axis=1)
        decibels = signs * allowed_change(power, strength)
        return np.asarray(10 ** (decibels / 20), np.float32)

    return change_magnitudes(sound, factors)


def _on_floor(sound: Floats) -> Floats:
    """The sound, lengthened to `SHORTEST`, with noise under all of it. The noise is the same every time."""
    block = RATE // 10
    blocks = np.pad(sound, (0, -len(sound) % block)).reshape(-1, block)
    loudest = float(np.sqrt(np.square(blocks).mean(1).max()))
    length = max(len(sound), int(SHORTEST * RATE))
    noise = _noise(length) * max(loudest * 10 ** (-FLOOR / 20), LEAST_FLOOR)
    noise[: len(sound)] += sound
    return noise


def _with_difference(audio: Audio, difference: Floats) -> Audio:
    """`audio` plus a difference at 16 kHz, which may be longer; softer as a whole if it would clip."""
    change = resample(difference, RATE, audio.rate)
    length = len(audio.samples)
    if len(difference) > length / audio.rate * RATE + 1:  # lengthened, not just rounded up
        length = len(change)
    samples = np.zeros(length, np.float32)
    samples[: len(audio.samples)] = audio.samples
    shared = min(length, len(change))
    samples[:shared] += change[:shared]
    peak = float(np.abs(samples).max())
    return Audio(samples / peak if peak > 1 else samples, audio.rate, audio.manifest)


def _with_noise(audio: Audio) -> Audio:
    level = float(np.sqrt(np.mean(np.square(audio.samples)))) * 10 ** (-NOISE / 20)
    sound = resample(audio.samples, audio.rate, RATE)
    return Audio(sound + level * _noise(len(sound)), RATE)


def _noise(length: int) -> Floats:
    """White noise of RMS 1, the same every time."""
    return np.random.default_rng(0).standard_normal(length, np.float32)
