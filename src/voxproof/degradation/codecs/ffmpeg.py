"""Codecs that FFmpeg carries (by PyAV): MP3, AAC, Opus, AMR-NB and G.722, packet by packet in memory, with no file."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import av
import numpy as np

from voxproof.degradation.codecs.coding import coded
from voxproof.degradation.kind import RATE, Floats
from voxproof.errors import AudioError

AMR_NB_RATES = (4750, 5150, 5900, 6700, 7400, 7950, 10_200, 12_200)  # bit/s, its eight modes
_AMR_RATE = 8000  # Hz


@dataclass(frozen=True)
class Coder:
    """FFmpeg's names of an encoder and a decoder, the format that the encoder takes, and its options."""

    encoder: str
    decoder: str
    format: str
    options: dict[str, str] = field(default_factory=dict)

    def code(self, samples: Floats, rate: int, bit_rate: int) -> tuple[Floats, int]:
        """Samples in [-1, 1] at `rate` Hz through encoder and decoder: samples with the delay, and their rate."""
        try:
            encoder: Any = av.CodecContext.create(self.encoder, "w")
        except av.codec.codec.UnknownCodecError as error:
            raise AudioError(
                f"the FFmpeg that av {av.__version__} brings has no encoder {self.encoder}; install av from its wheels"
            ) from error
        encoder.sample_rate, encoder.layout, encoder.format = rate, "mono", self.format
        encoder.time_base = Fraction(1, rate)
        encoder.bit_rate = bit_rate
        encoder.options = self.options
        encoder.thread_count = 1
        whole = self.format.startswith("s16")
        sent = np.rint(samples * 32_767).astype(np.int16) if whole else samples.astype(np.float32, copy=False)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sent[None]), format=self.format, layout="mono")
        frame.sample_rate, frame.pts = rate, 0
        packets = [*encoder.encode(frame), *encoder.encode(None)]
        decoder: Any = av.CodecContext.create(self.decoder, "r")
        decoder.sample_rate, decoder.layout, decoder.thread_count = rate, "mono", 1
        if encoder.extradata:
            decoder.extradata = encoder.extradata
        frames = [frame for packet in packets for frame in decoder.decode(packet)] + decoder.decode(None)
        decoded = np.concatenate([frame.to_ndarray().ravel() for frame in frames])
        if decoded.dtype == np.int16:
            decoded = decoded / np.float32(32_768)
        return np.asarray(decoded, np.float32), int(frames[0].sample_rate)


_MP3 = Coder("libmp3lame", "mp3float", "fltp", {"compression_level": "7"})
_AAC = Coder("aac", "aac", "fltp")
_OPUS = {
    use: Coder("libopus", "libopus", "flt", {"application": use, "compression_level": "3"}) for use in ("voip", "audio")
}
_AMR_NB = Coder("libopencore_amrnb", "amrnb", "s16")
_G722 = Coder("g722", "g722", "s16")


def mp3(samples: Floats, bit_rate: int, rate: int = RATE) -> Floats:
    """MPEG layer III by LAME at `bit_rate` bit/s; `rate` Hz is that of the file."""
    return coded(samples, rate, lambda sent: _MP3.code(sent, rate, bit_rate))


def aac(samples: Floats, bit_rate: int, rate: int = RATE) -> Floats:
    """AAC-LC at `bit_rate` bit/s; `rate` Hz is that of the file."""
    return coded(samples, rate, lambda sent: _AAC.code(sent, rate, bit_rate))


def opus(samples: Floats, bit_rate: int, voip: bool = False) -> Floats:
    """Opus at `bit_rate` bit/s in frames of 20 ms; `voip` prefers speech as calls do."""
    coder = _OPUS["voip" if voip else "audio"]
    return coded(samples, RATE, lambda sent: coder.code(sent, RATE, bit_rate))


def amr_nb(samples: Floats, bit_rate: int) -> Floats:
    """AMR narrow band (3GPP TS 26.071) at 8 kHz, in one of its modes, 4750 to 12,200 bit/s."""
    return coded(samples, _AMR_RATE, lambda sent: _AMR_NB.code(sent, _AMR_RATE, bit_rate))


def g722(samples: Floats) -> Floats:
    """ITU-T G.722: 16 kHz in two bands, 64 kbit/s, the "HD voice" of desk telephones."""
    return coded(samples, RATE, lambda sent: _G722.code(sent, RATE, 64_000))
