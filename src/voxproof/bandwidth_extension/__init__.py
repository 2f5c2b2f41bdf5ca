"""16 kHz speech to 24 kHz: what lies above 8 kHz is made of what lies below."""

from voxproof.bandwidth_extension import halo, mean_envelope, resampled  # noqa: F401 (they register themselves)
from voxproof.bandwidth_extension.base import (
    DEFAULT,
    BandwidthExtension,
    extension_names,
    extensions,
    load_extension,
)

__all__ = ["DEFAULT", "BandwidthExtension", "extension_names", "extensions", "load_extension"]
