"""The pages as a part of the server: named, mounted or left out, and what they leave behind."""

import asyncio
import os
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra serve is not installed")

import httpx
from starlette.responses import Response

from voxproof.api import live_conversion
from voxproof.audio import Audio, read_audio
from voxproof.cli import main
from voxproof.errors import AudioError
from voxproof.provenance import read_mark
from voxproof.server.settings import Settings
from voxproof.server.workers import Workers
from voxproof.web import mounting
from voxproof.web.desk import FRESH, Desk, forget, make_room
from voxproof.web.gate import Gate
from voxproof.web.listening import KEPT, Listening
from voxproof.web.names import names, paths
from voxproof.web.sessions import LONGEST, Sessions
from voxproof.web.turn import Turn, answering


def in_a_thread(work: Coroutine[Any, Any, Any]) -> Any:
    """`asyncio.run`, which Playwright's own loop forbids in the thread of a test that shares its browser."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def test_pages_are_of_the_features_that_are_served() -> None:
    assert names(["detections"]) == ["Detect", "Compare", "About"]
    assert names(["speech"])[0] == "Clone"
    assert {"/", "/voices", "/about/"} <= paths(["conversions"])
    assert "/convert" not in paths(["conversions"])  # it is the front page then


@pytest.mark.parametrize(
    ("there", "arguments", "mounted", "said"),
    [(True, [], True, ""), (True, ["--no-pages"], False, ""), (False, [], False, "voxproof[web]")],
)
def test_mounted_where_they_can_be(
    there: bool,
    arguments: list[str],
    mounted: bool,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given: list[Any] = []

    def run(settings: Any, host: str, port: int, listening: Any, extend: Any) -> None:
        given.append(extend)
        listening("http://127.0.0.1:1")

    monkeypatch.setattr(mounting, "installed", lambda: there)
    monkeypatch.setattr("voxproof.server.running.run", run)
    assert main(["serve", *arguments]) == 0
    assert given == [mounting.mount if mounted else None]
    told = capsys.readouterr()
    assert ("browser" in told.out) == mounted
    assert said in told.err
    assert len(told.err.splitlines()) == bool(said)


def test_what_was_made_is_forgotten(tmp_path: Path) -> None:
    desk = Desk(SimpleNamespace(), lambda: None, tmp_path)  # type: ignore[arg-type]
    old, new = desk.made("clone.wav"), desk.made("clone.wav")
    old.touch()
    new.touch()
    lock = tmp_path / ".lock"
    lock.touch()
    for path in (old.parent, lock):
        os.utime(path, (0, time.time() - 100))
    forget(tmp_path, 50)
    assert set(tmp_path.iterdir()) == {new.parent, lock}


def test_the_oldest_make_room_and_the_newest_stay(tmp_path: Path) -> None:
    for number, age in enumerate((1000.0, 500.0, 1.0)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "sound.wav").write_bytes(bytes(100_000))
        os.utime(folder, (0, time.time() - age))
    (tmp_path / ".lock").write_bytes(bytes(10))
    assert make_room(tmp_path, 350_000)
    assert len(list(tmp_path.glob("?"))) == 3
    assert make_room(tmp_path, 250_000)
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "1", "2"}
    assert not make_room(tmp_path, 50_000)  # what was made a second ago is still to be fetched
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "2"}
    assert FRESH > 60


def test_an_upload_without_room_is_refused_with_a_line(tmp_path: Path) -> None:
    gate = in_a_thread(_uploaded(tmp_path, page_bytes=(1 << 20) + 99_000))
    assert gate.status_code == 429
    assert gate.headers["Retry-After"] == "60"
    assert "no room for more uploads" in gate.json()["error"]["message"]
    assert in_a_thread(_uploaded(tmp_path, page_bytes=(1 << 20) + 101_000)).status_code == 204


async def _uploaded(folder: Path, page_bytes: int) -> httpx.Response:
    (folder / "new.wav").write_bytes(bytes(100_000))
    settings = Settings(upload_bytes=1 << 20, page_bytes=page_bytes)
    gate = Gate(Response(status_code=204), frozenset({"/"}), Desk(settings, lambda: None, folder).room)  # type: ignore[arg-type, return-value]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url="http://here") as client:
        return await client.post("/gradio_api/upload", content=b"sound")


def test_a_sound_is_heard_from_its_beginning_while_it_is_made() -> None:
    async def listen(sound: Any) -> bytes:
        return b"".join([piece async for piece in sound.read()])

    async def play() -> list[bytes]:
        listening = Listening()
        sound = listening.open("audio/mpeg")
        sound.add(b"one ")
        first = asyncio.create_task(listen(sound))
        await asyncio.sleep(0)
        sound.add(b"two ")
        late = asyncio.create_task(listen(sound))
        sound.add(b"three")
        sound.end()
        for _ in range(KEPT):
            listening.open("audio/mpeg")
        request = SimpleNamespace(path_params={"number": sound.number})
        assert (await listening.answer(request)).status_code == 404  # type: ignore[arg-type]
        return [await first, await late]

    assert in_a_thread(play()) == [b"one two three"] * 2


def test_a_live_session_keeps_its_sound_on_disk_and_ends(tmp_path: Path, voices: dict[str, Audio]) -> None:
    live = live_conversion(voices["ben"], rate=16_000)
    sessions = Sessions(lambda: None, tmp_path)  # type: ignore[arg-type, return-value]
    second = Audio(voices["anna"].samples[16_000:32_000], 16_000)

    async def speak() -> int:
        session = sessions.open(live)
        session.join()
        told = 0
        async for _ in session.until_over():
            told += 1
            if told == 3:
                session.end()
            else:
                assert session.keep(second)
        session.write(tmp_path / "live.wav")
        session.seconds = LONGEST
        assert not session.keep(second)  # there is no room for more
        sessions.close(session)
        assert session.count == 3
        return told

    assert in_a_thread(speak()) >= 3
    assert {path.name for path in tmp_path.iterdir()} == {"live.wav", "live.wav.json"}
    written = read_audio(tmp_path / "live.wav")
    assert written.duration == pytest.approx(2.0)
    assert read_mark(written).payload == live.manifest["payload"]


def test_a_microphone_that_never_comes_ends_its_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voxproof.web.sessions.JOINED_WITHIN", 0.05)

    async def wait() -> str:
        session = Sessions(lambda: None, tmp_path).open(None)  # type: ignore[arg-type, return-value]
        async for _ in session.until_over():
            pass
        return session.problem

    assert "allow it for this page" in in_a_thread(wait())


def _told(problem: Exception, limit: float = 60.0) -> str:
    """What a page says when a handler raises that."""

    async def handler(turn: Turn) -> Any:
        def work() -> None:
            if isinstance(problem, TimeoutError):
                time.sleep(0.3)
            raise problem

        await turn.step(work)
        yield {}

    async def press() -> str:
        workers = Workers(1, 0)
        settings = SimpleNamespace(time_limit=limit)
        desk = SimpleNamespace(state_of=lambda: SimpleNamespace(workers=workers, settings=settings))
        (change,) = [one async for one in answering(desk, "notice", handler)()]  # type: ignore[arg-type]
        assert workers.inside == 0
        workers.close()
        return str(change["notice"])

    return in_a_thread(press())


def test_what_goes_wrong_is_one_line() -> None:
    assert _told(AudioError("<b>: empty\nfile")) == '<p class="problem" role="alert">&lt;b&gt;: empty file</p>'
    assert "a mistake in Voxproof itself" in _told(ZeroDivisionError("secret")).replace("A mis", "a mis")
    assert "secret" not in _told(ZeroDivisionError("secret"))
    assert "takes more than 0 s" in _told(TimeoutError(), 0.05)


def test_a_full_line_is_told() -> None:
    async def press() -> str:
        workers = Workers(1, 0)
        workers.enter()
        desk = SimpleNamespace(
            state_of=lambda: SimpleNamespace(workers=workers, settings=SimpleNamespace(time_limit=9))
        )
        (change,) = [one async for one in answering(desk, "notice", None)()]  # type: ignore[arg-type]
        workers.close()
        return str(change["notice"])

    assert "try again in" in in_a_thread(press())
