"""Features of the rows of a manifest, computed once and kept for training: shards of arrays and an index of them."""

from voxproof.datasets.features.reading import FeatureSet, load
from voxproof.datasets.features.run import Extracted, extract_features

__all__ = ["Extracted", "FeatureSet", "extract_features", "load"]
