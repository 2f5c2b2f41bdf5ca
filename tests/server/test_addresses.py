"""No address that a client names is opened: nobody makes the server ask other servers."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest


class _Asked(http.server.BaseHTTPRequestHandler):
    by: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.by.append(self.path)
        self.send_error(404)

    do_HEAD = do_GET


@pytest.fixture
def other() -> Iterator[str]:
    """A server that must not be asked."""
    _Asked.by.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Asked)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/a.flac"
    server.shutdown()
    server.server_close()


def test_addresses_are_names_and_nothing_else(client, other: str, voice_path, refusal) -> None:
    sound = Path(voice_path("ben")).read_bytes()
    for url in (other, "s3://bucket/a.flac", "file:///etc/passwd"):
        refusal(client.post("/v1/audio/detections", data={"file": url}), 400)
        answer = client.post("/v1/audio/detections", files={"file": (url, url.encode())})
        assert answer.status_code == 400
        answer = client.post("/v1/audio/conversions", data={"voice": url}, files={"file": sound})
        assert answer.status_code in (400, 404, 422)
        answer = client.post("/v1/audio/speech", json={"input": "Hello.", "voice": url})
        assert answer.status_code in (400, 404, 422)
        assert client.post("/v1/audio/detections", files={"file": (url, sound)}).status_code == 200
    assert _Asked.by == []
