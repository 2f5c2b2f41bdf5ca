"""Clone a voice from seconds of speech, and catch the clone.

The public names load when they are first used: `import voxproof` alone reads no model and imports neither NumPy nor
ONNX Runtime.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voxproof.api import clone, convert, convert_stream, detect, enroll
    from voxproof.audio import Audio
    from voxproof.detection import Verdict
    from voxproof.errors import VoxproofError
    from voxproof.speakers import Voice

__version__ = "0.1.0"
__all__ = ["Audio", "Verdict", "Voice", "VoxproofError", "clone", "convert", "convert_stream", "detect", "enroll"]

_HOME = {
    "Audio": "voxproof.audio",
    "Verdict": "voxproof.detection",
    "Voice": "voxproof.speakers",
    "VoxproofError": "voxproof.errors",
    "clone": "voxproof.api",
    "convert": "voxproof.api",
    "convert_stream": "voxproof.api",
    "detect": "voxproof.api",
    "enroll": "voxproof.api",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'voxproof' has no attribute {name!r}")
