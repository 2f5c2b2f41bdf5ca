"""Fixtures for every test: the bundled voices."""

from collections.abc import Callable
from pathlib import Path

import pytest

from voxproof.audio import Audio, read_audio

VOICES = Path(__file__).parent.parent / "examples" / "voices"


@pytest.fixture(scope="session")
def voice_path() -> Callable[[str], Path]:
    """`voice_path("anna")`: the file of a bundled voice (anna, ben, carl, dora)."""
    return lambda name: VOICES / f"{name}.flac"


@pytest.fixture(scope="session")
def voices() -> dict[str, Audio]:
    """All bundled voices by name, 9 to 15 s at 16 kHz each."""
    return {path.stem: read_audio(path) for path in sorted(VOICES.glob("*.flac"))}


@pytest.fixture(scope="session")
def speech(voices: dict[str, Audio]) -> Audio:
    """Nine seconds of a woman reading, 16 kHz."""
    return voices["anna"]
