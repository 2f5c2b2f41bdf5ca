"""Marked voices and the codecs that they go through."""

import io
from collections.abc import Callable
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from voxproof.audio import Audio
from voxproof.provenance import mark

PAYLOAD = 0xBEEF


@pytest.fixture(scope="session")
def marked(voices: dict[str, Audio]) -> dict[str, Audio]:
    """Five seconds of each bundled voice with `PAYLOAD` on it."""
    return {name: mark(Audio(voice.samples[: 5 * voice.rate], voice.rate), PAYLOAD) for name, voice in voices.items()}


@pytest.fixture(scope="session")
def coded() -> Callable[[Audio, str, str, int], Audio]:
    """`coded(audio, "libopus", "ogg", 16)`: through a codec at so many kbit/s."""

    def through(audio: Audio, codec: str, container: str, kilobits: int) -> Audio:
        buffer = io.BytesIO()
        with av.open(buffer, "w", format=container) as out:
            stream: Any = out.add_stream(codec, rate=audio.rate, layout="mono", options={"b": f"{kilobits}k"})
            frame = av.AudioFrame.from_ndarray(audio.samples[None], "fltp", "mono")
            frame.sample_rate = audio.rate
            fit = av.AudioResampler(stream.format.name, "mono", audio.rate, frame_size=stream.frame_size or None)
            for part in (*fit.resample(frame), *fit.resample(None)):
                out.mux(stream.encode(part))
            out.mux(stream.encode(None))
        assert 0.5 * kilobits < buffer.tell() * 8e-3 / audio.duration < 1.5 * kilobits
        buffer.seek(0)
        with av.open(buffer) as back:
            plain = av.AudioResampler("flt", "mono", audio.rate)
            frames = [part for frame in back.decode(audio=0) for part in plain.resample(frame)]
            frames += plain.resample(None)
        samples: NDArray[np.float32] = np.concatenate([part.to_ndarray().reshape(-1) for part in frames])
        return Audio(samples, audio.rate)

    return through
