"""What is too large, too slow, too much at once, or given up half-way."""

import concurrent.futures
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

DETECT = "/v1/audio/detections"
HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n'


@pytest.fixture(scope="module")
def small(start) -> Iterator:
    """A server for detections alone that allows little: one worker, nobody waits, 1 MiB, a second without a byte."""
    with start(
        workers=1,
        waiting=0,
        jobs=1,
        upload_bytes=1 << 20,
        upload_time=3.0,
        idle_time=1.0,
        time_limit=30.0,
        uploads=3,
        features=["detections"],
    ) as one:
        yield one


def connection(server) -> socket.socket:
    address = urlsplit(server.url)
    return socket.create_connection((address.hostname, address.port), timeout=60)


def head(server, length: str) -> bytes:
    return (
        f"POST {DETECT} HTTP/1.1\r\nHost: {urlsplit(server.url).netloc}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\n{length}\r\n\r\n"
    ).encode()


def answered(raw: socket.socket) -> bytes:
    """All that comes until the server hangs up."""
    data = b""
    while True:
        try:
            piece = raw.recv(65_536)
        except ConnectionResetError:
            return data
        if not piece:
            return data
        data += piece


@pytest.mark.parametrize("length", ["2147483648", "1048577"])
def test_a_length_that_is_too_large_is_refused_before_the_body(small, length: str) -> None:
    with connection(small) as raw:
        raw.sendall(head(small, f"Content-Length: {length}"))
        answer = answered(raw)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"too_large"' in answer


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "", "99999999999999999999999999"])
def test_a_length_that_is_no_number(small, length: str) -> None:
    with connection(small) as raw:
        raw.sendall(head(small, f"Content-Length: {length}"))
        assert answered(raw).startswith(b"HTTP/1.1 4")


def test_more_than_was_declared_is_never_read(small) -> None:
    with connection(small) as raw:
        raw.sendall(head(small, "Transfer-Encoding: chunked"))
        sent = 0
        try:
            while sent < 64 << 20:
                raw.sendall(b"10000\r\n" + bytes(65_536) + b"\r\n")
                sent += 65_536
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert sent < 32 << 20
    small.idle()


def test_a_large_json_is_refused(server, refusal) -> None:
    with server.client() as client:
        answer = client.post("/v1/audio/speech", json={"voice": "anna", "input": "x" * (2 << 20)})
    refusal(answer, 413)


def test_an_upload_that_stops_or_crawls(small) -> None:
    with connection(small) as stopped, connection(small) as crawling:
        stopped.sendall(head(small, "Content-Length: 100000") + HEAD)
        crawling.sendall(head(small, "Content-Length: 100000") + HEAD)
        begun = time.monotonic()
        crawling.settimeout(0.3)
        answer = b""
        while not answer and time.monotonic() < begun + 30:
            try:
                crawling.sendall(b"x")
                answer = crawling.recv(65_536)
            except TimeoutError:
                continue
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert answered(stopped).startswith(b"HTTP/1.1 408 ")
    small.idle()


def test_an_upload_that_is_dropped(small) -> None:
    for _ in range(4):
        with connection(small) as raw:
            raw.sendall(head(small, "Content-Length: 100000") + HEAD + bytes(5000))
    with connection(small) as raw:
        raw.sendall(b"GET /hea")
    small.idle()
    with small.client() as client:
        assert client.get("/health").json()["status"] == "ok"


def test_too_many_uploads_at_once(small, refusal) -> None:
    with connection(small) as one, connection(small) as two, connection(small) as three, small.client() as client:
        for raw in (one, two, three):
            raw.sendall(head(small, "Content-Length: 100000") + HEAD)
        answer = client.post(DETECT, files={"file": b"x"})
        while answer.status_code != 429:  # until the three have been seen
            answer = client.post(DETECT, files={"file": b"x"})
        assert "uploads" in refusal(answer, 429)["message"]


def test_busy_servers_say_when_to_come_back(small, voice_path: Path, refusal) -> None:
    sound = voice_path("ben").read_bytes()

    def ask() -> httpx.Response:
        with small.client() as client:
            return client.post(DETECT, files={"file": sound}, data={"explain": "true"})

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = [future.result() for future in [pool.submit(ask) for _ in range(6)]]
    statuses = sorted(answer.status_code for answer in answers)
    assert set(statuses) == {200, 429}
    for answer in answers:
        if answer.status_code == 429:
            assert 1 <= int(answer.headers["retry-after"]) <= 60
            refusal(answer, 429)
    assert ask().status_code == 200


def test_a_refusal_reaches_who_is_still_sending(small) -> None:
    rest = bytes(900_000)
    with connection(small) as raw:
        for _ in range(2):  # the connection stays open
            raw.sendall(head(small, f"Content-Length: {len(rest)}") + rest)
            answer = http.client.HTTPResponse(raw)
            answer.begin()
            answer.read()
            assert answer.status == 400
            assert answer.getheader("connection") != "close"
    with small.client() as client:
        answer = client.post(DETECT, content=rest, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403


def test_one_job_is_enough_for_this_one(small, voice_path: Path, refusal) -> None:
    files = [("file", ("ben.flac", voice_path("ben").read_bytes()))] * 4
    with small.client() as client:
        first = client.post("/v1/jobs/detections", files=files, data={"explain": "true"})
        second = client.post("/v1/jobs/detections", files=files[:1])
        assert first.status_code == 202
        assert int(second.headers["retry-after"]) > 0
        refusal(second, 429)
        client.post(f"/v1/jobs/{first.json()['id']}/cancel")
        assert client.post("/v1/jobs/detections", files=files[:1]).status_code == 202
        assert client.post("/v1/audio/speech", json={"input": "Hello.", "voice": "x"}).status_code == 404


def test_what_takes_too_long_is_given_up(start, voice_path: Path, refusal) -> None:
    files = [("file", ("ben.flac", voice_path("ben").read_bytes()))] * 8
    with start(workers=1, time_limit=0.3, features=["detections"]) as server, server.client() as client:
        said = refusal(client.post(DETECT, files=files, data={"explain": "true"}), 413)
        assert said["code"] == "time_limit"
        assert "/v1/jobs" in said["message"]
        server.idle()


def test_listeners_who_go_away(server, anna: str) -> None:
    said = {"model": "tts-1", "voice": anna, "response_format": "pcm", "input": "A sentence that goes on. " * 100}
    for _ in range(3):
        with server.client() as client, client.stream("POST", "/v1/audio/speech", json=said) as answer:
            assert answer.status_code == 200
            next(answer.iter_bytes())
    server.idle()
    assert any(line.get("status") == "cut" for line in server.log())


def test_a_listener_who_does_not_read_is_cut_off(start, voice_path: Path) -> None:
    form = {"name": "anna", "consent": "a public recording, used for a test"}
    said = {"voice": "anna", "response_format": "pcm", "input": "A sentence that goes on. " * 160}
    with start(workers=2, time_limit=15.0, features=["speech"]) as server:
        with server.client() as client:
            client.post("/v1/audio/voices", data=form, files={"audio_sample": voice_path("anna").read_bytes()})
            with client.stream("POST", "/v1/audio/speech", json=said) as answer:
                assert answer.status_code == 200
                server.idle()
                with pytest.raises(httpx.RemoteProtocolError):
                    answer.read()
        assert any(line.get("status") == "cut" for line in server.log())


def test_waiting_clients_who_hang_up_leave_the_line(server, voice_path: Path) -> None:
    files = [("file", ("ben.flac", voice_path("ben").read_bytes()))] * 8

    def ask() -> None:
        with server.client() as client, pytest.raises(httpx.ReadTimeout):
            client.post(DETECT, files=files, data={"explain": "true"}, timeout=1.0)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.idle()
