"""How a server ends, what it leaves, and what its log says."""

import concurrent.futures
import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from voxproof.cli import main
from voxproof.server.scratch import PREFIX, Scratch, sweep


def test_what_is_being_answered_is_finished(start, voice_path: Path) -> None:
    with start(workers=1, features=["detections"]) as server:
        files = [("file", ("ben.flac", voice_path("ben").read_bytes()))] * 3

        def ask() -> httpx.Response:
            with server.client() as client:
                return client.post("/v1/audio/detections", files=files)

        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            answer = pool.submit(ask)
            server.wait(lambda: server.figure("voxproof_workers_busy") == 1, "it never begins")
            server.process.send_signal(signal.SIGTERM)
            assert answer.result().status_code == 200
        server.process.wait(60)
        assert list(server.folder.glob(f"{PREFIX}*")) == []
        assert "stopped" in [line["event"] for line in server.log()]


def test_what_a_crash_leaves_is_swept_by_the_next_server(start, tmp_path: Path) -> None:
    with start(features=["detections"]) as server:
        server.process.kill()
        server.process.wait()
        left = list(server.folder.glob(f"{PREFIX}*"))
        assert len(left) == 1
        held = Scratch(server.folder)  # which sweeps, and is in use from now on
        assert held.swept == 1
        assert sweep(server.folder) == 0
        assert list(server.folder.iterdir()) == [held.folder]
        held.close()
        assert list(server.folder.iterdir()) == []


def test_links_are_not_swept(tmp_path: Path) -> None:
    others = tmp_path / "others"
    others.mkdir()
    (others / "file").touch()
    inside = tmp_path / "temporary"
    inside.mkdir()
    (inside / f"{PREFIX}x").symlink_to(others)
    assert sweep(inside) == 0
    assert (others / "file").exists()


def test_the_log_has_neither_texts_nor_names(server, client, anna: str, voice_path: Path) -> None:
    secret = "Rumpelstilzchen"
    said = {"model": "tts-1", "voice": anna, "input": f"My name is {secret}.", "response_format": "pcm"}
    assert client.post("/v1/audio/speech", json=said).status_code == 200
    client.post("/v1/audio/speech", json={**said, "input": f"<speak>{secret}", "voice": secret})
    client.get(f"/v1/audio/voices/{secret}?x={secret}")
    client.post("/v1/audio/detections", files={"file": (f"{secret}.wav", b"text text")})
    lines = server.log()
    text = server.log_path.read_text()
    assert secret not in text
    assert "anna" not in text
    requests = [line for line in lines if line["event"] == "request"]
    assert {"time", "level", "event", "id", "method", "route", "status", "ms", "received", "sent"} <= set(requests[-1])
    assert {"/v1/audio/voices/{name}", "/v1/audio/speech"} <= {line["route"] for line in requests}
    assert not [line for line in lines if line["level"] == "error"]


def test_what_cannot_be_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "token"
    empty.write_text("\n")
    for arguments, said in (
        (("--only", "everything"), "no feature 'everything'"),
        (("--folder", str(tmp_path / "missing")), "no such folder"),
        (("--token-file", str(empty)), "is empty"),
    ):
        assert main(["serve", *arguments]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert said in told.err
        assert len(told.err.splitlines()) == 1


def test_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "voxproof", "serve", "--no-pages", "--port", port, "--only", "detections"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode != 0
    assert done.stdout == ""
    assert all(json.loads(line) for line in done.stderr.splitlines() if line.startswith("{"))
