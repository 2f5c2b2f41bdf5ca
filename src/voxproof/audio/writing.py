"""The only writer: format by suffix, written aside and renamed, with its manifest or not at all."""

import io
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from voxproof.audio.sequential import SequentialFile
from voxproof.audio.sound import Audio
from voxproof.audio.source import printable
from voxproof.errors import AudioError
from voxproof.files import check_writable, write_together

FORMATS = {  # suffix -> libsndfile's container and codec
    ".wav": ("WAV", "PCM_16"),
    ".flac": ("FLAC", "PCM_16"),
    ".mp3": ("MP3", "MPEG_LAYER_III"),
    ".ogg": ("OGG", "VORBIS"),
    ".opus": ("OGG", "OPUS"),
}
OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)  # Hz, RFC 6716
MP3_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)  # Hz
_BLOCK = 65_536  # samples

MAX_COMMENT = 2000  # characters: libsndfile loses longer comments of WAV files


def write_audio(path: str | os.PathLike[str], audio: Audio, *, verify: Callable[[Path], None] | None = None) -> None:
    """Write `audio` to `path`, and `audio.manifest` to `<path>.json` if there is one: both files or none.

    The manifest also goes into the file's comment tag, without its longest entries where the tag has no room for them.
    `verify` is given the finished file before it takes its name; if it raises, nothing is written.

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
    writable = audio.resampled(codec_rate(audio.rate, codec))
    manifest = None if audio.manifest is None else _json(target, audio.manifest)
    beside = [] if manifest is None else [target.with_name(target.name + ".json")]
    with write_together([*beside, target], AudioError) as (*manifest_aside, aside):
        if manifest is not None:
            manifest_aside[0].write_text(manifest, encoding="utf-8")
        try:
            with SequentialFile(
                aside, "w", samplerate=writable.rate, channels=1, format=container, subtype=codec
            ) as file:
                if audio.manifest is not None:
                    file.comment = comment(audio.manifest)
                # In blocks: written in one piece, minutes of Vorbis overflow the stack inside of libsndfile.
                for start in range(0, len(writable.samples), _BLOCK):
                    block = writable.samples[start : start + _BLOCK]
                    file.write(sixteen_bits(block) if codec == "PCM_16" else block)
        except soundfile.SoundFileError as reason:
            raise AudioError(f"cannot write {target}: {printable(str(reason))}") from reason
        if verify is not None:
            verify(aside)


def sixteen_bits(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """Whole steps of 1/32768, as readers take them: libsndfile multiplies by 32767 and would not give back 16 bits."""
    return np.clip(np.rint(samples * 32_768), -32_768, 32_767).astype(np.int16)


def _json(target: Path, manifest: Mapping[str, Any]) -> str:
    try:
        return json.dumps(dict(manifest), indent=2, ensure_ascii=False) + "\n"
    except (TypeError, ValueError) as reason:
        raise AudioError(f"cannot write {target}: its manifest cannot become JSON: {reason}") from None


def comment(manifest: Mapping[str, Any]) -> str:
    """The manifest as ASCII JSON (MP3 tags garble other characters), its longest entries left out if it is too long."""
    entries = {key: json.dumps(value) for key, value in manifest.items()}
    while sum(len(key) + len(value) + 6 for key, value in entries.items()) > MAX_COMMENT:
        del entries[max(entries, key=lambda key: len(entries[key]))]
    return "{" + ", ".join(f"{json.dumps(key)}: {value}" for key, value in entries.items()) + "}"


def wav_bytes(audio: Audio) -> bytes:
    """A 16-bit WAV file in memory."""
    buffer = io.BytesIO()
    soundfile.write(buffer, audio.samples, audio.rate, format="WAV", subtype="PCM_16")
    return buffer.getvalue()


def codec_rate(rate: int, codec: str) -> int:
    """The sampling rate to write at: `rate`, or the next one that the codec knows."""
    known = {"OPUS": OPUS_RATES, "MPEG_LAYER_III": MP3_RATES}.get(codec, (rate,))
    return next((at for at in known if at >= rate), known[-1])
