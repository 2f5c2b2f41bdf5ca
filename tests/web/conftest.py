"""A real Chromium that looks at a real `voxproof serve`, hears through a fake microphone, and counts its requests."""

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from voxproof.audio import Audio

USUAL = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required "
    "--use-fake-ui-for-media-stream --use-fake-device-for-media-stream"
)
PHONE = {"width": 375, "height": 740}
DESK = {"width": 1200, "height": 900}
SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
LONGEST = 240_000  # ms, on a computer that does other things too


def chromium() -> str | None:
    """Where Chromium is: `$VOXPROOF_CHROMIUM`, or one of the usual names."""
    return os.environ.get("VOXPROOF_CHROMIUM") or next(filter(None, map(shutil.which, USUAL)), None)


def missing() -> str | None:
    """Why the pages cannot be tested here, if they cannot."""
    for module in ("gradio", "playwright", "axe_playwright_python"):
        if find_spec(module) is None:
            return f"{module} is not installed"
    return None if chromium() else "no Chromium is found; name it in $VOXPROOF_CHROMIUM"


def _serving() -> Any:
    """What tests/server starts servers with."""
    spec = spec_from_file_location("serving", Path(__file__).parents[1] / "server" / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["serving"] = module  # its dataclass looks for itself there
    spec.loader.exec_module(module)
    return module


@dataclass
class Visit:
    """A page in the browser; `requests` are the addresses that it asked for, `mistakes` what its console complains."""

    page: Any
    url: str
    requests: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)

    def go(self, path: str, heading: str) -> Any:
        self.page.goto(f"{self.url}{path}")
        self.page.get_by_role("heading", level=1, name=heading).wait_for()
        self.page.wait_for_function("() => !document.querySelector('p.loading')")
        return self.page

    def accessible(self) -> None:
        """Let axe-core look at the page as it is now."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        assert [(wrong["id"], [node["html"] for node in wrong["nodes"]]) for wrong in found] == []

    def shot(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


@pytest.fixture(scope="session")
def serving() -> Any:
    """`serving.running(folder, command)`: a server from its start to its end."""
    if (why := missing()) is not None:
        pytest.skip(why)
    return _serving()


@pytest.fixture(scope="session")
def pages_server(serving: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """`voxproof serve` with its pages."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "temporary").mkdir()
    command = [sys.executable, "-m", "voxproof", "serve", "--port", "0", "--workers", "1", "--json"]
    with serving.running(folder, [*command, "--folder", str(folder / "temporary")]) as server:
        yield server


@pytest.fixture(scope="session")
def microphone(tmp_path_factory: pytest.TempPathFactory, speech: Audio) -> Path:
    """What the fake microphone hears, again and again: nine seconds of Anna."""
    path = tmp_path_factory.mktemp("microphone") / "anna.wav"
    speech.resampled(48_000).save(path)
    return path


@pytest.fixture(scope="session")
def browser(pages_server: Any, microphone: Path) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    flags = [*FLAGS.split(), f"--use-file-for-fake-audio-capture={microphone}"]
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=chromium(), args=flags)
        yield one
        one.close()


Open = Callable[..., contextlib.AbstractContextManager[Visit]]


@pytest.fixture
def visit(browser: Any, pages_server: Any) -> Iterator[Callable[..., Visit]]:
    """`visit(viewport=PHONE, color_scheme="dark")`: somebody with such a browser."""
    contexts = []

    def begin(**options: Any) -> Visit:
        context = browser.new_context(**{"viewport": DESK, "permissions": ["microphone"], **options})
        context.set_default_timeout(LONGEST)
        contexts.append(context)
        page = context.new_page()
        one = Visit(page, pages_server.url)
        context.on("request", lambda request: one.requests.append(request.url))
        page.on("console", lambda said: one.mistakes.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda problem: one.mistakes.append(str(problem)))
        return one

    yield begin
    for context in contexts:
        context.close()
