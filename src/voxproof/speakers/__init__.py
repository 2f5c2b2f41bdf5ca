"""Whose voice it is: encoders from speech to a vector of length one, and voices that were enrolled."""

# Importing an engine registers it.
from voxproof.speakers import ge2e as _ge2e
from voxproof.speakers import onnx as _onnx
from voxproof.speakers.encoder import CONDITIONING, JUDGE, SpeakerEncoder, encoders, load_encoder
from voxproof.speakers.enrolment import enroll_voice
from voxproof.speakers.store import (
    StoredVoice,
    delete_voice,
    list_voices,
    load_voice,
    rename_voice,
    save_voice,
    voice_path,
)
from voxproof.speakers.voice import Voice

__all__ = [
    "CONDITIONING",
    "JUDGE",
    "SpeakerEncoder",
    "StoredVoice",
    "Voice",
    "delete_voice",
    "encoders",
    "enroll_voice",
    "list_voices",
    "load_encoder",
    "load_voice",
    "rename_voice",
    "save_voice",
    "voice_path",
]

del _ge2e, _onnx
