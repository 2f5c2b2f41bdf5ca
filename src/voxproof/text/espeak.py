"""espeak-ng as a library: one clause of plain words to IPA in American English.

The library keeps one global state, so every call holds one lock; a fork waits for that lock, so a child never inherits
the state half-way through a call.
"""

import ctypes
import os
import re
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

import espeakng_loader

from voxproof.errors import VoxproofError

VOICE = "en-us"

_RETRIEVAL = 1  # AUDIO_OUTPUT_RETRIEVAL: no sound device is opened
_DONT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT: a missing data folder is an error code, not exit()
_UTF8 = 1  # espeakCHARS_UTF8
_IPA = 0x02  # espeakPHONEMES_IPA
_LONGEST_DATA_PATH = 120  # the library copies the path into 160 bytes and cuts what is longer

_LANGUAGE_SWITCH = re.compile(r"\([a-z-]+\)")  # "(fr)" before a word that is read in another language
_NOT_SYMBOLS = re.compile("[\u200d\u0361\u035c_|-]+")  # ties between the letters of an affricate, separators
# Phones of a few foreign names that English lacks, as the nearest that it has: loch, llan, a Spanish ny.
_NEAREST = str.maketrans({"x": "k", "ɬ": "l", "ɲ": "nj", "ʲ": "j"})

_lock = threading.RLock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)

_links: list[tempfile.TemporaryDirectory[str]] = []
_Translate = Callable[[bytes], list[bytes]]


@cache
def _short_data_path(path: str) -> str:
    """The path itself, or where it is too long for the library a link to it in the temporary folder."""
    if len(os.fsencode(path)) <= _LONGEST_DATA_PATH:
        return path
    folder = tempfile.TemporaryDirectory(prefix="voxproof-")  # removed when the process ends
    _links.append(folder)
    link = Path(folder.name) / "espeak-ng-data"
    link.symlink_to(path, target_is_directory=True)
    return str(link)


@cache
def _load() -> _Translate:
    """The library, initialised with the American English voice, as a function of UTF-8 bytes (call under the lock)."""
    try:
        library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = _short_data_path(str(espeakng_loader.get_data_path()))
    except OSError as error:
        raise VoxproofError(f"espeak-ng cannot be loaded ({error}): run `pip install espeakng-loader`") from error
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    rate = library.espeak_Initialize(_RETRIEVAL, 0, os.fsencode(data), _DONT_EXIT)
    if rate <= 0 or library.espeak_SetVoiceByName(VOICE.encode()) != 0:
        raise VoxproofError(
            f"espeak-ng has no voice {VOICE} in {data}: run `pip install --force-reinstall espeakng-loader`"
        )

    def translate(text: bytes) -> list[bytes]:
        pointer = ctypes.c_char_p(text)
        clauses = []
        while pointer.value is not None:  # the library moves the pointer past each clause and ends with NULL
            clauses.append(library.espeak_TextToPhonemes(ctypes.byref(pointer), _UTF8, _IPA) or b"")
        return clauses

    return translate


def ipa(words: str) -> str:
    """IPA of words without punctuation, one space between words; empty where nothing in them is spoken."""
    data = words.replace("\0", " ").encode("utf-8", "ignore")
    with _lock:
        clauses = _load()(data)
    text = b" ".join(clauses).decode("utf-8", "ignore")
    return " ".join(_NOT_SYMBOLS.sub("", _LANGUAGE_SWITCH.sub("", text)).translate(_NEAREST).split())
