"""Manifests for other people's tools: cuts of lhotse, and folders of Hugging Face's `datasets`.

Both are written by code of ours, so that neither package is needed to export.
"""

from voxproof.datasets.export.run import FORMATS, Exported, export_set

__all__ = ["FORMATS", "Exported", "export_set"]
