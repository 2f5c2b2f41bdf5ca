"""espeak-ng's own voice, as a program: `python espeak_process.py VOICE RATE OUT.wav`, with the text on stdin.

The library keeps one voice a process, and the one of `voxproof.text` has to stay American. Nothing of the package is
imported, so that a sentence does not wait for it.
"""

import ctypes
import os
import sys
import wave
from typing import Any

import espeakng_loader

_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: samples come by callback, no device is opened
_DONT_EXIT = 0x8000
_UTF8 = 1
_CHARACTERS = 1  # POS_CHARACTER
_WORDS_A_MINUTE = 1  # espeakRATE
_BYTES = 2  # a sample


def main(voice: str, rate: int, out: str, text: str) -> int:
    """0, or 1 where the voice is not known or nothing was said."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    hertz = library.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(str(espeakng_loader.get_data_path())), _DONT_EXIT)
    if hertz <= 0 or library.espeak_SetVoiceByName(voice.encode()) != 0:
        return 1
    pieces: list[bytes] = []

    def heard(samples: Any, count: int, events: object) -> int:
        if samples and count:
            pieces.append(ctypes.string_at(samples, count * _BYTES))
        return 0

    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
    callback = kind(heard)  # the library keeps no reference
    library.espeak_SetSynthCallback(callback)
    library.espeak_SetParameter(_WORDS_A_MINUTE, rate, 0)
    data = text.encode()
    library.espeak_Synth(data, len(data) + 1, 0, _CHARACTERS, 0, _UTF8, None, None)
    if not pieces:
        return 1
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(_BYTES)
        file.setframerate(hertz)
        file.writeframes(b"".join(pieces))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.stdin.read()))
