"""Rooms: what the walls send back, by image sources in a shoebox and a tail of noise that dies away.

The first reflections are those of Allen and Berkley, "Image method for efficiently simulating small-room acoustics"
(JASA 65(4), 1979). Behind them the images lie so close that they are drawn as noise with the room's decay, which costs
little and has none of the sweeps that a perfectly regular room would have (De Sena et al. 2015).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import fft, signal

from voxproof.degradation.kind import RATE, Floats
from voxproof.degradation.level import keep_level

SOUND = 343.0  # m/s
ROOMS = 512  # different rooms, near and far each; drawn once and kept (up to 55 kB each)
_EARLY = 0.06  # seconds that the images fill
_JOIN = 0.02  # seconds over which noise takes their place
_DIRECT = 0.0025  # seconds around the first arrival that count as direct sound
_LONGEST = 0.8  # seconds


@dataclass(frozen=True)
class Shoebox:
    """A room with six walls: sizes and places in metres, the walls' reflection (of pressure) in [0, 1]."""

    size: tuple[float, float, float]
    source: tuple[float, float, float]
    microphone: tuple[float, float, float]
    reflections: tuple[float, float, float, float, float, float]  # x = 0, x = size, y = 0, ...

    @property
    def distance(self) -> float:
        """From the source to the microphone, metres."""
        return float(np.linalg.norm(np.subtract(self.source, self.microphone)))

    def decay_time(self) -> float:
        """Seconds in which sound falls by 60 dB (Eyring 1930)."""
        x, y, z = self.size
        walls = np.repeat([y * z, x * z, x * y], 2)
        absorbed = float((walls * (1 - np.square(self.reflections))).sum() / walls.sum())
        return float(0.161 * x * y * z / (-walls.sum() * np.log(max(1 - absorbed, 1e-6))))


def image_response(box: Shoebox, seconds: float) -> Floats:
    """Pressure at the microphone `[seconds * 16000]` after an impulse at time 0: each image at its nearest sample."""
    reach = seconds * SOUND
    squares, gains = [], []
    for axis in range(3):
        size = box.size[axis]
        order = int(np.ceil(reach / (2 * size))) + 1
        repeats = np.arange(-order, order + 1)
        for mirrored in (0, 1):
            place = (1 - 2 * mirrored) * box.source[axis] + 2 * repeats * size
            bounced = box.reflections[2 * axis] ** np.abs(repeats - mirrored)
            bounced = bounced * box.reflections[2 * axis + 1] ** np.abs(repeats)
            squares.append((place - box.microphone[axis]) ** 2)
            gains.append(bounced)
    x, y, z = (np.concatenate(squares[2 * axis : 2 * axis + 2]) for axis in range(3))
    gx, gy, gz = (np.concatenate(gains[2 * axis : 2 * axis + 2]) for axis in range(3))
    distances = np.sqrt(x[:, None, None] + y[None, :, None] + z[None, None, :]).ravel()
    amplitudes = (gx[:, None, None] * gy[None, :, None] * gz[None, None, :]).ravel() / (4 * np.pi * distances)
    samples = np.rint(distances / SOUND * RATE).astype(np.int64)
    length = int(seconds * RATE)
    heard = samples < length
    return np.bincount(samples[heard], amplitudes[heard], minlength=length).astype(np.float32)


def impulse_response(box: Shoebox, rng: np.random.Generator) -> Floats:
    """The whole response from the direct sound on, which has the size 1; as long as the decay, at most 0.8 s."""
    direct = round(box.distance / SOUND * RATE)
    decay = box.decay_time()
    early = image_response(box, direct / RATE + _EARLY)[direct:]
    early = np.asarray(signal.sosfilt(_high_pass(), early), np.float32)
    length = max(len(early), int(min(decay, _LONGEST) * RATE))
    falling = (10 ** (-3 * np.arange(length) / (decay * RATE))).astype(np.float32)
    tail = rng.standard_normal(length, np.float32) * falling
    join = int(_JOIN * RATE)
    begun = len(early) - join
    level = np.sqrt(np.square(early[begun:]).mean() / (np.square(tail[begun : len(early)]).mean() + 1e-12))
    tail *= np.float32(level)
    crossing = np.linspace(0, 1, join, dtype=np.float32)
    tail[:begun] = 0
    tail[begun : len(early)] *= np.sqrt(crossing)
    early[begun:] *= np.sqrt(1 - crossing)
    tail[: len(early)] += early
    return tail / np.float32(np.abs(tail[: int(_DIRECT * RATE)]).max() + 1e-12)


def direct_to_reverberant(response: Floats) -> float:
    """Energy of the first 2.5 ms over that of all that follows, dB."""
    split = int(_DIRECT * RATE)
    return float(10 * np.log10((response[:split] ** 2).sum() / ((response[split:] ** 2).sum() + 1e-12)))


def draw_room(rng: np.random.Generator, far: bool) -> Shoebox:
    """A room of 2.5 to 10 m: the microphone 0.2 to 1.5 m from the mouth, or `far` away in a room that echoes more."""
    size = rng.uniform([2.5, 2.5, 2.3], [10.0, 8.0, 4.0])
    decay = rng.uniform(0.3, 0.9) if far else rng.uniform(0.1, 0.6)
    walls = 2 * (size[0] * size[1] + size[0] * size[2] + size[1] * size[2])
    absorbed = np.clip(1 - np.exp(-0.161 * size.prod() / (walls * decay)), 0.03, 0.9)
    reflections = np.sqrt(1 - np.clip(absorbed * rng.uniform(0.6, 1.4, 6), 0.02, 0.95))
    microphone = rng.uniform(0.2 * size, 0.8 * size)
    margin = 0.3  # metres: nobody speaks into a wall
    # The reverberation is as loud as the direct sound at the critical distance; far is one and a half times that.
    critical = 0.057 * np.sqrt(size.prod() / decay)
    wanted = max(rng.uniform(1.5, 4.0), 1.5 * critical) if far else rng.uniform(0.2, 1.5)
    tried = [rng.uniform(margin, size - margin) for _ in range(64)]
    if not far:
        steps = rng.standard_normal((64, 3))
        tried = list(microphone + wanted * steps / np.linalg.norm(steps, axis=1, keepdims=True))
        tried = [np.clip(place, margin, size - margin) for place in tried]
    source = min(tried, key=lambda place: abs(float(np.linalg.norm(place - microphone)) - wanted))
    return Shoebox(_three(size), _three(source), _three(microphone), tuple(map(float, reflections)))  # type: ignore[arg-type]


@lru_cache(maxsize=2 * ROOMS)
def room_response(number: int, far: bool = False) -> Floats:
    """Impulse response of room `number`; the same at every call and on every machine."""
    rng = np.random.default_rng([number, int(far), 1979])
    response = impulse_response(draw_room(rng, far), rng)
    response.setflags(write=False)
    return response


def reverberated(samples: Floats, response: Floats) -> Floats:
    """In the room with this response: as long and as loud as before, the direct sound in its place."""
    size = fft.next_fast_len(len(samples) + len(response) - 1, real=True)
    sound = fft.irfft(fft.rfft(samples, size) * fft.rfft(response, size), size)[: len(samples)]
    return keep_level(samples, sound)


def room(samples: Floats, rng: np.random.Generator) -> Floats:
    """One of 512 rooms, the microphone near the mouth."""
    return reverberated(samples, room_response(int(rng.integers(ROOMS))))


def far_field(samples: Floats, rng: np.random.Generator) -> Floats:
    """One of 512 rooms, the microphone so far away that the room is louder than the mouth."""
    return reverberated(samples, room_response(int(rng.integers(ROOMS)), far=True))


@lru_cache
def _high_pass() -> Floats:
    # Images all have one sign; what they pile up at 0 Hz does not exist in rooms (Allen and Berkley filter it too).
    return np.asarray(signal.butter(2, 50.0, "highpass", fs=RATE, output="sos"), np.float32)


def _three(values: Floats) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])
