"""Fixtures of the detection tests."""

import pytest

from voxproof.detection import load_detector


@pytest.fixture(scope="session")
def detector():
    """The detector that ships."""
    return load_detector()
