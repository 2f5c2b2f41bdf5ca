"""Who may ask, under which name, from which page."""

from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

TOKEN = "a-token-that-nobody-knows"


@pytest.fixture(scope="module")
def closed(start) -> Iterator:
    """A server that asks for a token, and lets one page of another host in."""
    with start(token=TOKEN, origins=["https://friend.example"], hosts=[], features=["detections"]) as one:
        yield one


PRIVATE = [("GET", "/metrics"), ("GET", "/openapi.json"), ("POST", "/v1/audio/detections"), ("GET", "/v1/jobs/x")]


@pytest.mark.parametrize(("method", "path"), PRIVATE)
@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer \xe9"])
def test_without_the_token_there_is_nothing(closed, method: str, path: str, given: str, refusal) -> None:
    with closed.client() as client:
        headers = {"Authorization": given.encode("latin-1")} if given else {}
        answer = client.request(method, path, headers=headers)
        assert refusal(answer, 401)["code"] == "invalid_api_key"
        assert answer.headers["www-authenticate"] == "Bearer"


def test_with_the_token(closed, voice_path) -> None:
    with closed.client(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        assert client.get("/openapi.json").status_code == 200
        answer = client.post("/v1/audio/detections", files={"file": voice_path("ben").read_bytes()})
        assert answer.status_code == 200


def test_a_browser_asks_its_user(closed) -> None:
    with closed.client(headers={"Accept": "text/html"}) as client:
        assert client.get("/openapi.json").headers["www-authenticate"].startswith("Basic ")
        assert client.get("/openapi.json", auth=("", TOKEN)).status_code == 200
        assert client.get("/openapi.json", auth=(TOKEN, "")).status_code == 401


def test_whoever_watches_needs_none(closed) -> None:
    with closed.client() as client:
        assert client.get("/health").status_code == client.get("/ready").status_code == 200


def test_a_websocket_needs_it_too(closed) -> None:
    url = closed.url.replace("http://", "ws://") + "/v1/audio/detections/live"
    with pytest.raises(InvalidStatus, match="403"), connect(url, proxy=None):
        pass
    with connect(url, proxy=None, additional_headers={"Authorization": f"Bearer {TOKEN}"}) as socket:
        socket.send("end")
    with connect(url, proxy=None, subprotocols=[f"bearer.{TOKEN}"]) as socket:
        assert socket.subprotocol == f"bearer.{TOKEN}"
        socket.send("end")


def test_pages_of_others(server, refusal) -> None:
    with server.client() as client:
        own = client.get("/v1/audio/voices", headers={"Origin": server.url})
        assert own.status_code == 200
        assert "access-control-allow-origin" not in own.headers
        for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
            refusal(client.get("/v1/audio/voices", headers={"Origin": origin}), 403)
        asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        assert client.options("/v1/audio/speech", headers=asked).status_code == 403
    url = server.url.replace("http://", "ws://") + "/v1/audio/detections/live"
    with pytest.raises(InvalidStatus, match="403"), connect(url, proxy=None, origin="https://evil.example"):
        pass


def test_a_page_that_is_allowed(closed) -> None:
    origin = {"Origin": "https://friend.example"}
    with closed.client(headers=origin) as client:
        preflight = client.options("/v1/audio/detections", headers={"Access-Control-Request-Method": "POST"})
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == origin["Origin"]
        assert client.get("/metrics").status_code == 401
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.headers["access-control-allow-origin"] == origin["Origin"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", ""])
def test_other_names_of_this_computer(server, host: str, refusal) -> None:
    with server.client() as client:
        assert client.get("/v1/audio/voices", headers={"Host": "LOCALHOST:1"}).status_code == 200
        refusal(client.get("/v1/audio/voices", headers={"Host": host}), 403)
