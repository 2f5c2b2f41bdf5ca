"""What happens to speech on its way: noise, rooms, filters, bandwidth, codecs. Real and fake are treated alike.

Everything works on float32 samples at 16 kHz and keeps their number. The filters follow RawBoost (arXiv:2111.04433):
random linear and non-linear convolution, and noise that depends on the signal.
"""

import io
from collections.abc import Callable, Mapping

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from scipy import signal

from voxproof.errors import CorpusError

Floats = NDArray[np.float32]
Augmentation = Callable[[Floats, np.random.Generator], Floats]
RATE = 16_000  # Hz


def noise(samples: Floats, rng: np.random.Generator) -> Floats:
    """Steady noise of random colour, 8 to 40 dB under the speech."""
    white = rng.standard_normal(len(samples))
    spectrum = np.fft.rfft(white)
    slope = rng.uniform(-1.2, 0.4)  # exponent of frequency: -1 is red, -0.5 pink, 0 white
    spectrum *= np.maximum(np.arange(len(spectrum)), 20.0) ** slope
    coloured = np.fft.irfft(spectrum, len(samples))
    return samples + (coloured * _gain(samples, coloured, rng.uniform(8, 40))).astype(np.float32)


def signal_dependent_noise(samples: Floats, rng: np.random.Generator) -> Floats:
    """Impulses at some samples, proportional to the signal (RawBoost's second kind)."""
    hit = rng.random(len(samples)) < rng.uniform(0.0, 0.1)
    return np.where(hit, samples * (1 + rng.uniform(0, 2) * rng.uniform(-1, 1, len(samples))), samples).astype(
        np.float32
    )


def filtering(samples: Floats, rng: np.random.Generator) -> Floats:
    """One to five random notches or boosts of up to 12 dB, as in a microphone's or a player's response."""
    bands = int(rng.integers(1, 6))
    places = np.sort(rng.uniform(50, 7900, bands))
    frequencies = np.concatenate([[0.0], places, [RATE / 2]])
    gains = 10 ** (np.concatenate([[0.0], rng.uniform(-12, 12, bands), [rng.uniform(-6, 6)]]) / 20)
    taps = signal.firwin2(2 * int(rng.integers(10, 60)) + 1, frequencies, gains, fs=RATE)
    return _keep_level(samples, signal.fftconvolve(samples, taps, mode="same"))


def distortion(samples: Floats, rng: np.random.Generator) -> Floats:
    """Soft clipping, or added harmonics of second and third order."""
    peak = float(np.abs(samples).max()) + 1e-9
    scaled = samples / peak
    if rng.random() < 0.5:
        drive = rng.uniform(1, 4)
        shaped = np.tanh(drive * scaled) / np.tanh(drive)
    else:
        shaped = scaled + rng.uniform(-0.1, 0.1) * scaled**2 + rng.uniform(-0.1, 0.1) * scaled**3
    return np.asarray(shaped * peak, np.float32)


def bandwidth(samples: Floats, rng: np.random.Generator) -> Floats:
    """Resampled to 7 to 15 kHz and back: what lay above is gone."""
    lower = float(rng.choice([8000, 11025, 12000, rng.uniform(7000, 15500)]))
    quality = str(rng.choice(["LQ", "MQ", "HQ"]))
    narrow = soxr.resample(samples, RATE, lower, quality=quality)
    return _fit(soxr.resample(narrow, lower, RATE, quality=quality), len(samples))


def room(samples: Floats, rng: np.random.Generator) -> Floats:
    """A synthetic room: noise that decays within 0.1 to 0.6 s behind the direct sound."""
    decay = rng.uniform(0.1, 0.6)
    response = rng.standard_normal(int(decay * RATE)) * np.exp(-6.9 * np.arange(int(decay * RATE)) / (decay * RATE))
    response *= rng.uniform(0.1, 0.6) / np.sqrt((response**2).sum())
    response[0] = 1.0
    return _keep_level(samples, signal.fftconvolve(samples, response)[: len(samples)])


def speed(samples: Floats, rng: np.random.Generator) -> Floats:
    """Played up to 8 % faster or slower; the gap is filled by repeating the start."""
    factor = rng.uniform(0.92, 1.08)
    return _fit(soxr.resample(samples, RATE * factor, RATE, quality="HQ"), len(samples))


def codec(samples: Floats, rng: np.random.Generator) -> Floats:
    """Coded and decoded by MP3, Opus or Vorbis at a random quality."""
    kind, subtype = [("MP3", "MPEG_LAYER_III"), ("OGG", "OPUS"), ("OGG", "VORBIS")][rng.integers(3)]
    box = io.BytesIO()
    peak = max(float(np.abs(samples).max()), 1e-9)
    scale = min(1.0, 0.99 / peak)
    soundfile.write(
        box, samples * scale, RATE, format=kind, subtype=subtype, compression_level=float(rng.uniform(0.2, 0.95))
    )
    box.seek(0)
    decoded, rate = soundfile.read(box, dtype="float32")
    if rate != RATE:
        decoded = soxr.resample(decoded, rate, RATE)
    return _fit(_aligned(decoded, samples) / np.float32(scale), len(samples))


def quantisation(samples: Floats, rng: np.random.Generator) -> Floats:
    """Rounded to 8 to 14 bits, or companded by mu-law to 8 bits as telephones do."""
    peak = max(float(np.abs(samples).max()), 1e-9)
    scaled = samples / peak
    if rng.random() < 0.5:
        steps = 2.0 ** int(rng.integers(7, 14))
        return (np.round(scaled * steps) / steps * peak).astype(np.float32)
    companded = np.sign(scaled) * np.log1p(255 * np.abs(scaled)) / np.log(256.0)
    rounded = np.round(companded * 127) / 127
    return np.asarray(np.sign(rounded) * np.expm1(np.abs(rounded) * np.log(256.0)) / 255 * peak, np.float32)


def pauses(samples: Floats, rng: np.random.Generator) -> Floats:
    """Digital silence or faint noise over the start or the end, as trimming and padding leave it."""
    changed = samples.copy()
    length = int(rng.uniform(0.05, 0.25) * len(samples))
    filler = rng.standard_normal(length).astype(np.float32) * float(rng.choice([0.0, 1e-4, 1e-3]))
    if rng.random() < 0.5:
        changed[:length] = filler
    else:
        changed[len(samples) - length :] = filler
    return changed


KINDS: dict[str, Augmentation] = {
    "speed": speed,
    "filtering": filtering,
    "distortion": distortion,
    "room": room,
    "signal_dependent_noise": signal_dependent_noise,
    "noise": noise,
    "pauses": pauses,
    "bandwidth": bandwidth,
    "quantisation": quantisation,
    "codec": codec,
}


class Augmenter:
    """Applies each kind with its probability, in the order in which sound travels (room before codec)."""

    def __init__(self, probabilities: Mapping[str, float]) -> None:
        unknown = set(probabilities) - set(KINDS)
        if unknown:
            raise CorpusError(f"no augmentation {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
        self.probabilities = {kind: float(probabilities.get(kind, 0.0)) for kind in KINDS}

    def __call__(self, samples: Floats, rng: np.random.Generator) -> Floats:
        """Float32 `(samples,)`, finite and as long as it came."""
        for kind, probability in self.probabilities.items():
            if rng.random() < probability:
                samples = KINDS[kind](samples, rng)
        return np.nan_to_num(samples).astype(np.float32, copy=False)


def _gain(speech: Floats, other: NDArray[np.float64], decibels: float) -> float:
    """What brings `other` the given number of decibels under `speech`."""
    return float(np.sqrt((speech**2).mean() / ((other**2).mean() + 1e-12)) * 10 ** (-decibels / 20))


def _keep_level(before: Floats, after: NDArray[np.float64]) -> Floats:
    return np.asarray(after * np.sqrt((before**2).mean() / ((after**2).mean() + 1e-12)), np.float32)


def _fit(samples: Floats, length: int) -> Floats:
    return np.resize(samples, length).astype(np.float32) if len(samples) < length else samples[:length]


def _aligned(decoded: Floats, original: Floats) -> Floats:
    """Without the delay that MP3 adds, so that codecs do not shift what is at the edges."""
    surplus = len(decoded) - len(original)
    if surplus <= 0:
        return decoded
    head = original[: RATE // 2]
    match = signal.fftconvolve(decoded[: len(head) + surplus], head[::-1], mode="valid")
    return decoded[int(np.argmax(match)) :]
