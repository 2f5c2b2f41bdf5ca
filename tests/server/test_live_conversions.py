"""Somebody who speaks, in another voice while he does."""

import json
import time
from contextlib import ExitStack
from itertools import pairwise

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from voxproof.audio import Audio
from voxproof.provenance import read_mark

CONSENT = "a public recording, used for a test"


def speaking(server, query: str) -> ClientConnection:
    url = server.url.replace("http://", "ws://") + f"/v1/audio/conversions/live?{query}"
    return connect(url, proxy=None, open_timeout=60, close_timeout=60)


def test_each_utterance_comes_back_in_the_other_voice(server, anna: str, voices: dict[str, Audio]) -> None:
    pcm = np.rint(voices["ben"].samples * 32_767).astype("<i2").tobytes()
    with speaking(server, f"voice={anna}&seed=3") as socket:
        head = json.loads(socket.recv(60))
        for start in range(0, 160_000, 6_401):  # 0.2 s, and half a sample: five seconds, of which two are one utterance
            socket.send(pcm[start : start + 6_401])
        first = json.loads(socket.recv(60))  # before the speaker goes on
        answers: list = [first, socket.recv(60)]
        for start in range(160_000 // 6_401 * 6_401 + 6_401, len(pcm), 6_401):
            socket.send(pcm[start : start + 6_401])
        socket.send("end")
        answers += [one if isinstance(one, bytes) else json.loads(one) for one in socket]
    assert answers.pop() == {"notes": []}
    places, sounds = answers[::2], answers[1::2]
    assert len(places) == len(sounds) >= 3
    assert first["from"] < 1.0 < first["to"] < 4.0
    assert all(one["to"] <= other["from"] for one, other in pairwise(places))
    for place, sound in zip(places, sounds, strict=True):
        made = Audio(np.frombuffer(sound, "<i2").astype(np.float32) / 32_768, head["rate"])
        assert made.duration == pytest.approx(place["to"] - place["from"], abs=0.05)
        assert np.abs(made.samples).max() > 0.05
        assert read_mark(made).payload == head["manifest"]["payload"]
    assert head["encoding"] == "pcm16"
    assert head["manifest"]["kind"] == "conversion"
    assert head["manifest"]["consent"]["note"] == CONSENT
    assert head["manifest"]["seed"] == 3
    server.idle()


def test_the_log_has_neither_names_nor_notes(server, anna: str) -> None:
    with speaking(server, f"voice={anna}&consent=a-note-of-somebody") as socket:
        assert "manifest" in json.loads(socket.recv(60))
        socket.send("end")
        assert len(list(socket)) == 1
    server.idle()
    written = server.log_path.read_text()
    assert "/v1/audio/conversions/live" in written
    assert "a-note-of-somebody" not in written
    assert "voice=" not in written


def test_silence_is_answered_by_nothing(server, anna: str) -> None:
    with speaking(server, f"voice={anna}&rate=48000&encoding=float32") as socket:
        assert "manifest" in json.loads(socket.recv(60))
        socket.send(bytes(400_000))
        socket.send("end")
        assert [json.loads(message) for message in socket] == [{"notes": []}]


@pytest.mark.parametrize(
    ("query", "message", "said"),
    [
        ("voice=nobody", None, "nobody"),
        ("voice=anna", "begin", "'end'"),
        ("voice=anna&encoding=float32", np.full(100, np.nan, "<f4").tobytes(), "NaN"),
        ("voice=anna&consent=%20", None, "consent"),
    ],
)
def test_what_cannot_be_done_is_one_line(server, anna: str, query: str, message: str | bytes | None, said: str) -> None:
    with speaking(server, query) as socket:
        answer = json.loads(socket.recv(60))
        if message is not None:
            socket.send(message)
            answer = json.loads(socket.recv(60))
        assert said in answer["error"]["message"]
        with pytest.raises(ConnectionClosed):
            socket.recv(60)


@pytest.mark.parametrize("query", ["", "voice=anna&rate=1", "voice=anna&encoding=mp3", "voice=anna&seed=-1"])
def test_what_cannot_be_asked_for(server, anna: str, query: str) -> None:
    with pytest.raises((InvalidStatus, ConnectionClosed)), speaking(server, query) as socket:
        socket.recv(60)


def test_only_so_many_speak_at_once_and_who_is_gone_leaves_nothing(server, anna: str) -> None:
    with ExitStack() as open_calls:
        several = [open_calls.enter_context(speaking(server, f"voice={anna}")) for _ in range(4)]
        for one in several:
            assert "manifest" in json.loads(one.recv(60))
        with speaking(server, f"voice={anna}") as one_more:
            assert "already" in json.loads(one_more.recv(60))["error"]["message"]
        for one in several:
            one.send(bytes(64_000))
            one.socket.close()  # without a word
    end = time.monotonic() + 60
    while True:
        with speaking(server, f"voice={anna}") as socket:
            if "manifest" in json.loads(socket.recv(60)):
                break
        assert time.monotonic() < end
    server.idle()
