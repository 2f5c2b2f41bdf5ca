"""The only writer: format by suffix, written aside and renamed, with its manifest or not at all."""

import io
import json
import os
from contextlib import ExitStack
from pathlib import Path

import soundfile

from voxproof.audio.sequential import SequentialFile
from voxproof.audio.sound import Audio
from voxproof.errors import AudioError
from voxproof.files import check_writable, write_aside

FORMATS = {  # suffix -> libsndfile's container and codec
    ".wav": ("WAV", "PCM_16"),
    ".flac": ("FLAC", "PCM_16"),
    ".mp3": ("MP3", "MPEG_LAYER_III"),
    ".ogg": ("OGG", "VORBIS"),
    ".opus": ("OGG", "OPUS"),
}
OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)  # Hz, RFC 6716
MP3_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)  # Hz


def write_audio(path: str | os.PathLike[str], audio: Audio) -> None:
    """Write `audio` to `path`, and `audio.manifest` to `<path>.json` if there is one: both files or none.

    The suffix chooses the format: .wav and .flac (16 bits), .mp3, .ogg (Vorbis), .opus. A sampling rate that the codec
    does not know is raised to the next one that it knows. `AudioError` says in one line what prevented it.
    """
    target = Path(path)
    if target.suffix.lower() not in FORMATS:
        raise AudioError(f"cannot write {target}: the suffix must be one of {', '.join(FORMATS)}")
    check_writable(target, AudioError)
    if len(audio.samples) == 0:
        raise AudioError(f"cannot write {target}: there is no sound in it (0 samples)")
    container, codec = FORMATS[target.suffix.lower()]
    writable = audio.resampled(_codec_rate(audio.rate, codec))
    with ExitStack() as stack:
        # The manifest is renamed before the audio (inner contexts end first): audio never stands without it.
        aside = stack.enter_context(write_aside(target, AudioError))
        if audio.manifest is not None:
            beside = stack.enter_context(write_aside(target.with_name(target.name + ".json"), AudioError))
            beside.write_text(json.dumps(dict(audio.manifest), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        try:
            with SequentialFile(
                aside, "w", samplerate=writable.rate, channels=1, format=container, subtype=codec
            ) as file:
                # In blocks: some libsndfile versions overflow their stack when Vorbis is written in one piece.
                for start in range(0, len(writable.samples), 65_536):
                    file.write(writable.samples[start : start + 65_536])
        except soundfile.SoundFileError as reason:
            raise AudioError(f"cannot write {target}: {reason}") from reason


def wav_bytes(audio: Audio) -> bytes:
    """A 16-bit WAV file in memory."""
    buffer = io.BytesIO()
    soundfile.write(buffer, audio.samples, audio.rate, format="WAV", subtype="PCM_16")
    return buffer.getvalue()


def _codec_rate(rate: int, codec: str) -> int:
    """The sampling rate to write at: `rate`, or the next one that the codec knows."""
    known = {"OPUS": OPUS_RATES, "MPEG_LAYER_III": MP3_RATES}.get(codec, (rate,))
    return next((at for at in known if at >= rate), known[-1])
