"""`Voice`: what is known of somebody's voice, and its file.

A `.voice` file is a safetensors file: the embedding as a tensor, all else as JSON in the header. Nothing in it can run.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from voxproof.errors import VoxproofError
from voxproof.files import write_aside

SUFFIX = ".voice"
FORMAT = "voxproof-voice"
VERSION = 1
MAX_FILE_BYTES = 4 << 20
_USUAL_REGISTER = 150.0  # Hz
MAX_DIM = 4096
MAX_NAME = 80  # characters


@dataclass(frozen=True, eq=False)
class Voice:
    """A voice that can be cloned and converted to.

    `embedding` is float32 `(dim,)` of length one in the space of the encoder called `encoder`; `seconds` counts the
    speech it was made from; `f0` is the median pitch in Hz (0: unknown); `notes` are warnings about the references;
    `consent` is the record of who agreed to what, if there is one.
    """

    name: str
    embedding: NDArray[np.float32]
    encoder: str
    seconds: float
    f0: float = 0.0
    notes: tuple[str, ...] = ()
    consent: Mapping[str, Any] | None = field(default=None)

    def __post_init__(self) -> None:
        check_name(self.name)
        embedding = np.ascontiguousarray(self.embedding, np.float32)
        if embedding.ndim != 1 or not 2 <= len(embedding) <= MAX_DIM or not np.isfinite(embedding).all():
            raise VoxproofError(f"the embedding of voice {self.name!r} is not a vector of finite numbers")
        if abs(float(np.linalg.norm(embedding.astype(np.float64))) - 1.0) > 1e-3:
            raise VoxproofError(f"the embedding of voice {self.name!r} is not of length one")
        if not self.encoder or not np.isfinite([self.seconds, self.f0]).all() or min(self.seconds, self.f0) < 0:
            raise VoxproofError(f"voice {self.name!r} lacks its encoder, its seconds of speech or its pitch")
        object.__setattr__(self, "embedding", embedding)
        object.__setattr__(self, "notes", tuple(self.notes))

    @property
    def register(self) -> float:
        """The pitch to speak at in Hz: the voice's own, or a usual one where it is not known (a whisper)."""
        return self.f0 or _USUAL_REGISTER

    def __repr__(self) -> str:
        pitch = f", pitch {self.f0:.0f} Hz" if self.f0 else ""
        return f"Voice({self.name!r}, {self.seconds:.1f} s of speech{pitch}, {self.encoder})"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the `.voice` file; `VoxproofError` if it cannot be written."""
        facts = asdict(self)
        del facts["embedding"]
        if self.consent is not None:
            facts["consent"] = dict(self.consent)
        try:
            header = json.dumps(facts, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError) as problem:
            raise VoxproofError(f"voice {self.name!r} cannot be saved: {problem}") from None
        metadata = {"format": FORMAT, "version": str(VERSION), "voice": header}
        with write_aside(path) as aside:
            save_file({"embedding": self.embedding}, aside, metadata=metadata)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Voice":
        """Read a `.voice` file; `VoxproofError` says why it is none."""
        path = Path(path)
        try:
            size = path.stat().st_size
            if not path.is_file():
                raise VoxproofError(f"{path} is not a file")
            if size > MAX_FILE_BYTES:
                raise VoxproofError(f"{path} is no voice: {size:,} bytes are too many")
            with safe_open(path, framework="numpy") as file:
                metadata = file.metadata() or {}
                if metadata.get("format") != FORMAT:
                    raise VoxproofError(f"{path} is no voice: its header does not say so")
                if metadata.get("version") != str(VERSION):
                    raise VoxproofError(
                        f"{path} is a voice of version {metadata.get('version')}, which is not known here"
                    )
                facts = json.loads(metadata["voice"])
                return cls(embedding=file.get_tensor("embedding"), **_checked(facts))
        except FileNotFoundError:
            raise VoxproofError(f"there is no voice file {path}") from None
        except OSError as problem:
            raise VoxproofError(f"{path}: the voice cannot be read ({problem.strerror or problem})") from None
        except VoxproofError as problem:
            if str(path) in str(problem):
                raise
            raise VoxproofError(f"{path} is a broken voice: {problem}") from None
        except (SafetensorError, ValueError, KeyError, TypeError, RecursionError) as problem:
            raise VoxproofError(f"{path} is no voice, or a broken one ({' '.join(str(problem).split())})") from None


def check_name(name: str) -> None:
    """Refuse a name that cannot be shown in one line or told apart from a path; `VoxproofError` says why."""
    if not isinstance(name, str) or not name.strip() or name != name.strip():
        raise VoxproofError(f"{name!r} is no name for a voice: it is empty, or begins or ends with a space")
    if len(name) > MAX_NAME or not name.isprintable():
        raise VoxproofError(f"{name[:MAX_NAME]!r} is no name for a voice: printable characters, {MAX_NAME} at most")
    if name.startswith(".") or name.endswith(SUFFIX) or any(mark in name for mark in '/\\:*?"<>|'):
        raise VoxproofError(f'{name!r} is no name for a voice: no leading dot, no {SUFFIX}, none of / \\ : * ? " < > |')


def _checked(facts: Any) -> dict[str, Any]:
    """The header's facts, each of its type."""
    types: dict[str, tuple[type, ...]] = {
        "name": (str,),
        "encoder": (str,),
        "seconds": (float, int),
        "f0": (float, int),
        "notes": (list,),
        "consent": (dict, type(None)),
    }
    if not isinstance(facts, dict) or set(facts) != set(types):
        raise TypeError("its header lacks fields or has unknown ones")
    for name, value in facts.items():
        if not isinstance(value, types[name]) or isinstance(value, bool):
            raise TypeError(f"its {name} is not of the right type")
    if not all(isinstance(note, str) for note in facts["notes"]):
        raise TypeError("its notes are not text")
    return facts
