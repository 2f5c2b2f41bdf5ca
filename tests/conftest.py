"""Fixtures for every test: the bundled voices, and a store for addresses."""

import logging
import secrets
from collections.abc import Callable, Iterator
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


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The endpoint of an S3 server on this computer, for the environment of this process and of those it starts."""
    moto = pytest.importorskip("moto.server")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a bucket of the test's own, which the test and its processes can reach."""
    fsspec = pytest.importorskip("fsspec")
    facts = {"ENDPOINT_URL": s3_server, "ACCESS_KEY_ID": "nobody", "SECRET_ACCESS_KEY": "s3cret", "REGION": "us-east-1"}
    for name, value in facts.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    system = fsspec.get_filesystem_class("s3")
    system.clear_instance_cache()  # those of other tests, with their credentials
    name = f"bucket-{secrets.token_hex(4)}"
    system().mkdir(name)
    yield f"s3://{name}"
    system.clear_instance_cache()
