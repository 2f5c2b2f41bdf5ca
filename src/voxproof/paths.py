"""The one place that knows where things lie on disk."""

import os
from pathlib import Path

PACKAGE_WEIGHTS = Path(__file__).parent / "weights"


def home() -> Path:
    """The user's folder for enrolled voices and own models: `$VOXPROOF_HOME`, or `~/.local/share/voxproof`."""
    given = os.environ.get("VOXPROOF_HOME")
    return Path(given) if given else Path.home() / ".local" / "share" / "voxproof"


def voices() -> Path:
    """Where `voxproof enroll` puts `.voice` files."""
    return home() / "voices"


def user_models() -> Path:
    """A user's own cards and weights: one folder a model."""
    return home() / "models"


def cache() -> Path:
    """Downloaded weights, safe to delete: `$VOXPROOF_CACHE`, or `~/.cache/voxproof`."""
    given = os.environ.get("VOXPROOF_CACHE")
    return Path(given) if given else Path.home() / ".cache" / "voxproof"


def pronunciations() -> Path:
    """A user's own pronunciations, in every clone: see `voxproof.text.pronunciations`."""
    return home() / "pronunciations.yaml"
