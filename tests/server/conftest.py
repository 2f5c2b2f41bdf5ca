"""Real servers on free ports of this computer, in processes of their own."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import httpx
import pytest

VOICES = Path(__file__).parents[2] / "examples" / "voices"
CONSENT = "a public recording, used for a test"
STARTS_WITHIN = 120.0  # seconds, on a computer that does other things too
_RUN = """
import json, sys
from pathlib import Path
from voxproof.server.running import run
from voxproof.server.settings import Settings
given = json.loads(sys.argv[1])
if "features" in given: given["features"] = frozenset(given["features"])
given["folder"] = Path(given["folder"])
run(Settings(**given), "127.0.0.1", 0, lambda url: print(json.dumps({"url": url}), flush=True))
"""


def _forged() -> Any:
    """The fixtures of tests/audio, which make files to read and files to refuse."""
    spec = spec_from_file_location("forged_audio", Path(__file__).parents[1] / "audio" / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_FORGED = _forged()
encoded, hostile = _FORGED.encoded, _FORGED.hostile


@dataclass(frozen=True)
class Server:
    """A server that runs: where it answers, what it writes."""

    url: str
    process: "subprocess.Popen[bytes]"
    log_path: Path
    folder: Path

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=120.0, trust_env=False, **options)

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log_path.read_text().splitlines()]

    def figure(self, name: str) -> float:
        """A figure without labels of /metrics."""
        with self.client() as client:
            lines = client.get("/metrics").text.splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith(f"{name} ")))

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < end, what
            time.sleep(0.05)

    def idle(self) -> None:
        """Wait until no request is worked on."""
        self.wait(lambda: self.figure("voxproof_requests_inside") == 0, "a request was never let go")
        self.wait(lambda: self.figure("voxproof_workers_busy") == 0, "a worker was never let go")


@contextlib.contextmanager
def running(folder: Path, command: list[str]) -> Iterator[Server]:
    """A server from its start to its end, which must come when it is asked for and leave no file."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "VOXPROOF_HOME": str(folder / "home"),
        "VOXPROOF_CACHE": str(folder / "cache"),
        "OPENBLAS_NUM_THREADS": "1",
    }
    environment.pop("VOXPROOF_TOKEN", None)
    log_path = folder / "log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, log_path.read_text()
        server = Server(json.loads(line)["url"], process, log_path, folder / "temporary")
        with server.client() as client:
            server.wait(lambda: client.get("/ready").json()["ready"], "it is never ready")
        yield server
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            assert list((folder / "temporary").glob("voxproof-serve-*")) == []
    finally:
        process.kill()
        process.wait()


Start = Callable[..., contextlib.AbstractContextManager[Server]]


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """`with start(waiting=0) as server`: a server with these settings."""

    def begin(**settings: Any) -> contextlib.AbstractContextManager[Server]:
        folder = tmp_path_factory.mktemp("server")
        (folder / "temporary").mkdir()
        given = json.dumps({"folder": str(folder / "temporary"), **settings})
        return running(folder, [sys.executable, "-c", _RUN, given])

    return begin


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`voxproof serve` as a user starts it."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "temporary").mkdir()
    command = [sys.executable, "-m", "voxproof", "serve", "--no-pages", "--port", "0", "--workers", "2", "--json"]
    with running(folder, [*command, "--folder", str(folder / "temporary")]) as one:
        yield one


@pytest.fixture(scope="session")
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client() as one:
        yield one


@pytest.fixture(scope="session")
def anna(client: httpx.Client) -> str:
    """The name of a voice that was enrolled over HTTP."""
    with (VOICES / "anna.flac").open("rb") as sample:
        answer = client.post(
            "/v1/audio/voices", data={"name": "anna", "consent": CONSENT}, files={"audio_sample": sample}
        )
    assert answer.status_code == 200, answer.text
    return "anna"


def error(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The error of an answer in OpenAI's shape, in one clear line."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"message", "type", "param", "code"}
    assert body["error"]["message"].isprintable()
    assert 5 < len(body["error"]["message"]) < 300
    return body["error"]


@pytest.fixture(scope="session")
def refusal() -> Callable[[httpx.Response, int], dict[str, Any]]:
    """`refusal(answer, 400)["message"]`."""
    return error
