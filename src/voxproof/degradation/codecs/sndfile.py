"""Codecs that libsndfile carries: Vorbis, and GSM 06.10 full rate. In memory."""

import io
from typing import Any

import numpy as np
import soundfile

from voxproof.degradation.codecs.coding import coded
from voxproof.degradation.kind import RATE, Floats

_GSM_RATE = 8000  # Hz, all that the codec knows


def vorbis(samples: Floats, quality: float) -> Floats:
    """At 16 kHz with a quality in [0, 1]: about 20 to 100 kbit/s."""
    return coded(
        samples, RATE, lambda wide: _written(wide, RATE, format="OGG", subtype="VORBIS", compression_level=1 - quality)
    )


def gsm(samples: Floats) -> Floats:
    """GSM 06.10 full rate: 8 kHz, 13 kbit/s."""
    return coded(samples, _GSM_RATE, lambda narrow: _written(narrow, _GSM_RATE, format="WAV", subtype="GSM610"))


def _written(samples: Floats, rate: int, **how: Any) -> tuple[Floats, int]:
    box = io.BytesIO()
    soundfile.write(box, samples, rate, **how)
    box.seek(0)
    decoded, decoded_rate = soundfile.read(box, dtype="float32")
    return np.asarray(decoded, np.float32), int(decoded_rate)
