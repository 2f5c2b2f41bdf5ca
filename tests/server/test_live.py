"""A call that is listened to while it lasts."""

import json

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from voxproof.audio import Audio


def listening(server, query: str = "rate=16000") -> ClientConnection:
    url = server.url.replace("http://", "ws://") + f"/v1/audio/detections/live?{query}"
    return connect(url, proxy=None, open_timeout=60, close_timeout=60)


def test_a_verdict_each_second(server, speech: Audio) -> None:
    pcm = np.rint(speech.samples[:56_000] * 32_767).astype("<i2").tobytes()
    verdicts = []
    with listening(server) as socket:
        for start in range(0, len(pcm), 6_401):  # 0.2 s, and half a sample
            socket.send(pcm[start : start + 6_401])
        socket.send("end")
        verdicts = [json.loads(message) for message in socket]
    assert len(verdicts) == 4
    assert [round(one["to"]) for one in verdicts] == [1, 2, 3, 4]
    assert verdicts[-1]["to"] == 3.5
    assert verdicts[-1]["from"] == 0.0
    assert verdicts[-1]["label"] in ("real", "fake", "uncertain")
    assert {"probability", "windows", "sentence"} <= set(verdicts[-1])


def test_only_the_last_seconds_count(server) -> None:
    silence = np.zeros(16_000, "<f4").tobytes()
    with listening(server, "rate=16000&encoding=float32&model=detector-fast") as socket:
        for _ in range(13):
            socket.send(silence)
            last = json.loads(socket.recv(60))
    assert last["label"] == "uncertain"
    assert (last["from"], last["to"]) == (3.0, 13.0)


@pytest.mark.parametrize(
    ("message", "said"),
    [("begin", "'end'"), (np.full(100, np.nan, "<f4").tobytes(), "NaN"), (bytes((1 << 20) + 4), "too large")],
)
def test_what_is_no_sound(server, message: str | bytes, said: str) -> None:
    with listening(server, "rate=16000&encoding=float32") as socket:
        socket.send(message)
        assert said in json.loads(socket.recv(60))["error"]["message"]
        with pytest.raises(ConnectionClosed):
            socket.recv(60)


@pytest.mark.parametrize("query", ["rate=1", "rate=x", "encoding=mp3", "rate=1e9"])
def test_what_cannot_be_asked_for(server, query: str) -> None:
    with pytest.raises((InvalidStatus, ConnectionClosed)), listening(server, query) as socket:
        socket.recv(60)


def test_a_caller_who_is_gone_leaves_nothing(server) -> None:
    for _ in range(6):
        with listening(server) as socket:
            socket.send(bytes(64_000))
            socket.socket.close()
    with listening(server) as socket:
        socket.send("end")
        with pytest.raises(ConnectionClosed):
            socket.recv(60)
    server.idle()
