"""Cards, where the files of a model come from, and the sessions that run them.

`load_card("judge")` says what a model is; `files(card)` gives its files, each checked by SHA-256; `open_session(card)`
gives the ONNX Runtime session. No pickle is ever executed.
"""

from voxproof.models.card import Card, Figure, TrainingData, cards, is_path, load_card, save_card, shown_name
from voxproof.models.engine import load_engine
from voxproof.models.file import CardFile, describe_file
from voxproof.models.resolve import FileState, file_path, files, verify
from voxproof.models.sessions import open_session, session_of, session_options, thread_count
from voxproof.models.sources import BesideSource, CacheSource, HubSource, InstalledSource, UserSource
from voxproof.models.torch_zip import read_torch_tensors

__all__ = [
    "BesideSource",
    "CacheSource",
    "Card",
    "CardFile",
    "Figure",
    "FileState",
    "HubSource",
    "InstalledSource",
    "TrainingData",
    "UserSource",
    "cards",
    "describe_file",
    "file_path",
    "files",
    "is_path",
    "load_card",
    "load_engine",
    "open_session",
    "read_torch_tensors",
    "save_card",
    "session_of",
    "session_options",
    "shown_name",
    "thread_count",
    "verify",
]
