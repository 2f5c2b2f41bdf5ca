"""The hub is a real HTTP server on this machine; what it does wrong, real servers do."""

import hashlib
import multiprocessing
import os
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from voxproof import paths
from voxproof.errors import ModelError
from voxproof.models import CacheSource, Card, CardFile, HubSource, files, verify
from voxproof.models import download as download_module

DATA = np.random.default_rng(0).bytes(300_000)
REVISION = "c0ffee" + "0" * 34


class Hub(ThreadingHTTPServer):
    """Serves DATA at one path; the switches make it misbehave."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.data = DATA
        self.ranges = True  # answers 206
        self.cut_after: int | None = None  # bytes after which each connection breaks
        self.errors = 0  # answers of 503 still to give
        self.asked: list[str | None] = []  # Range headers
        self.sent = 0

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up early (it has read enough) is no error."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hub

    def do_GET(self) -> None:
        hub = self.server
        hub.asked.append(self.headers.get("Range"))
        if self.path != f"/owner/voice/resolve/{REVISION}/onnx/model.onnx":
            self._answer(404)
            return
        if hub.errors:
            hub.errors -= 1
            self._answer(503)
            return
        start = 0
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        if asked and hub.ranges:
            start = int(asked[1])
            if start >= len(hub.data):
                self._answer(416)
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(hub.data) - 1}/{len(hub.data)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(hub.data) - start))
        self.end_headers()
        body = hub.data[start:]
        if hub.cut_after is not None and len(body) > hub.cut_after:
            body = body[: hub.cut_after]
            self.close_connection = True
        hub.sent += len(body)  # before it is sent: the test may look as soon as it has all
        self.wfile.write(body)

    def _answer(self, code: int) -> None:
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    server = Hub()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    monkeypatch.setenv("VOXPROOF_HUB", server.address)
    monkeypatch.setattr(download_module, "TRIES", 2)
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def make_card(data: bytes = DATA) -> Card:
    file = CardFile(name="model.onnx", sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    source = HubSource(repo="owner/voice", revision=REVISION, files={"model.onnx": "onnx/model.onnx"})
    return Card(
        name="voice",
        kind="synthesizer",
        engine="onnx",
        summary="s",
        licence="MIT",
        files=(file,),
        sources=(CacheSource(), source),
    )


def cached(card: Card) -> Path:
    return card.wanted(card.files[0]).cached


def half_done(card: Card, content: bytes) -> None:
    part = cached(card).with_name("model.onnx.part")
    part.parent.mkdir(parents=True)
    part.write_bytes(content)


def test_a_file_is_downloaded_once_and_checked(hub: Hub) -> None:
    card = make_card()
    seen: list[tuple[str, int, int]] = []
    path = files(card, progress=lambda *state: seen.append(state))["model.onnx"]
    assert path.read_bytes() == DATA
    assert path.is_relative_to(paths.cache())
    assert seen[-1] == ("model.onnx", len(DATA), len(DATA))
    assert files(card)["model.onnx"] == path
    assert len(hub.asked) == 1
    assert [state.state for state in verify(card)] == ["ok"]


def test_half_a_download_goes_on_where_it_broke_off(hub: Hub) -> None:
    card = make_card()
    half_done(card, DATA[:123_456])
    assert files(card)["model.onnx"].read_bytes() == DATA
    assert hub.asked == ["bytes=123456-"]
    assert hub.sent == len(DATA) - 123_456


def test_connections_that_break_are_gone_on_with(hub: Hub) -> None:
    hub.cut_after = 70_000
    assert files(make_card())["model.onnx"].read_bytes() == DATA
    assert hub.asked == [None, "bytes=70000-", "bytes=140000-", "bytes=210000-", "bytes=280000-"]


def test_a_server_that_cannot_resume_sends_all_of_it(hub: Hub) -> None:
    hub.ranges = False
    card = make_card()
    half_done(card, DATA[:1000])
    assert files(card)["model.onnx"].read_bytes() == DATA


def test_half_of_another_file_is_dropped(hub: Hub) -> None:
    card = make_card()
    half_done(card, b"x" * 1000)
    assert files(card)["model.onnx"].read_bytes() == DATA
    assert hub.asked == ["bytes=1000-", None]


def test_a_server_that_neither_resumes_nor_finishes_is_given_up(hub: Hub) -> None:
    hub.ranges = False
    hub.cut_after = 70_000
    with pytest.raises(ModelError, match=r"model\.onnx: cannot be downloaded"):
        files(make_card())


def test_a_short_answer_of_an_overloaded_server_is_tried_again(hub: Hub) -> None:
    hub.errors = 1
    assert files(make_card())["model.onnx"].read_bytes() == DATA


def test_a_wrong_file_is_deleted_and_never_used(hub: Hub) -> None:
    hub.data = DATA[:-1] + bytes([DATA[-1] ^ 1])
    card = make_card()
    with pytest.raises(ModelError, match="wrong SHA-256") as caught:
        files(card)
    assert "model.onnx" in str(caught.value)
    assert "voxproof models pull voice" in str(caught.value)
    assert not cached(card).exists()
    assert not list(paths.cache().rglob("*.part"))


def test_a_longer_file_is_refused_without_reading_on(hub: Hub) -> None:
    hub.data = DATA * 40
    with pytest.raises(ModelError, match="sends more than the 300,000 bytes"):
        files(make_card())
    assert not cached(make_card()).exists()


def test_a_shorter_file_is_refused(hub: Hub) -> None:
    hub.data = DATA[:1000]
    with pytest.raises(ModelError, match=r"model\.onnx"):
        files(make_card())


def test_what_the_hub_does_not_have_is_said(hub: Hub) -> None:
    source = HubSource(repo="owner/gone", revision=REVISION)
    card = make_card().model_copy(update={"sources": (source,)})
    with pytest.raises(ModelError, match="answers 404"):
        files(card)
    assert len(hub.asked) == 1  # asking again would not help


def test_no_network_names_the_file_and_the_way_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Hub()
    address = server.address
    server.server_close()  # nobody listens at this port now
    monkeypatch.setenv("VOXPROOF_HUB", address)
    monkeypatch.setattr(download_module, "TRIES", 2)
    with pytest.raises(ModelError) as caught:
        files(make_card())
    assert caught.value.exit_code == 3
    for part in ("model voice", "model.onnx", "refused", "voxproof models pull voice"):
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_offline_means_that_nobody_is_asked(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXPROOF_OFFLINE", "1")
    with pytest.raises(ModelError, match="VOXPROOF_OFFLINE"):
        files(make_card())
    assert not hub.asked


def test_only_http_is_spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXPROOF_HUB", tmp_path.as_uri())
    with pytest.raises(ModelError, match="http"):
        files(make_card())


def test_a_damaged_file_in_the_cache_is_reported_not_used_and_replaced(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = make_card()
    path = files(card)["model.onnx"]
    path.write_bytes(DATA[:-1] + b"?")
    assert [state.state for state in verify(card)] == ["wrong"]
    with pytest.raises(ModelError, match="not the file that the card names"):
        files(card, pull=False)
    monkeypatch.setenv("VOXPROOF_OFFLINE", "1")
    with pytest.raises(ModelError, match="not the file that the card names"):
        files(card)
    monkeypatch.delenv("VOXPROOF_OFFLINE")
    assert files(card)["model.onnx"].read_bytes() == DATA


def _pull(
    cache: str, address: str, start: "multiprocessing.synchronize.Barrier", queue: "multiprocessing.Queue[str]"
) -> None:
    os.environ.update(VOXPROOF_CACHE=cache, VOXPROOF_HUB=address)
    start.wait(60)
    queue.put(hashlib.sha256(files(make_card())["model.onnx"].read_bytes()).hexdigest())


def test_two_processes_at_once_download_it_once(hub: Hub) -> None:
    hub.cut_after = 20_000  # so that it takes a while
    context = multiprocessing.get_context("spawn")
    start, queue = context.Barrier(2), context.Queue()
    workers = [context.Process(target=_pull, args=(str(paths.cache()), hub.address, start, queue)) for _ in range(2)]
    for worker in workers:
        worker.start()
    found = [queue.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert found == [hashlib.sha256(DATA).hexdigest()] * 2
    assert hub.sent == len(DATA)
