"""Who can use the pages: on a phone, in the dark, with the keyboard, by a screen reader; and whom they ask."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

PHONE = {"width": 375, "height": 740}
HEADINGS = {
    "/": "Real or synthetic?",
    "/clone": "Clone a voice",
    "/convert": "Convert speech",
    "/voices": "Voices",
    "/compare": "Compare",
    "/about": "About Voxproof",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_on_a_phone_by_day_and_by_night(visit: Callable[..., Any], pages_server: Any, scheme: str) -> None:
    one = visit(viewport=PHONE, color_scheme=scheme, has_touch=True)
    for path, heading in HEADINGS.items():
        page = one.go(path, heading)
        page.wait_for_timeout(500)  # fonts and styles of the last component
        one.accessible()
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, path
        assert page.get_by_role("main").count() == 1
        assert page.get_by_role("navigation").count() >= 1
        one.shot(f"phone-{scheme}-{path.strip('/') or 'detect'}")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, dark[4:-1].split(","))) < 200) == (scheme == "dark")
    assert one.mistakes == []
    # No request left this computer: fonts, scripts and all else came from the server.
    hosts = {urlsplit(url).netloc for url in one.requests if urlsplit(url).scheme not in ("data", "blob")}
    assert hosts == {urlsplit(pages_server.url).netloc}
    assert len(one.requests) > 50


def test_with_the_keyboard_alone(visit: Callable[..., Any]) -> None:
    page = visit().go("/", "Real or synthetic?")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText || document.activeElement.type"))
        if reached[-1] == "Judge":
            break
    assert reached[-1] == "Judge", reached
    assert "Clone" in reached
    assert "checkbox" in reached
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.get_by_role("alert").filter(has_text="There is no recording yet").wait_for()


def test_the_browser_is_told_to_ask_nobody_else(visit: Callable[..., Any]) -> None:
    page = visit().go("/about", "About Voxproof")
    asked = "fetch('https://example.org/').then(() => 'answered', problem => String(problem))"
    assert "Failed to fetch" in page.evaluate(asked)


def test_what_gradio_has_besides_is_not_there(pages_server: Any) -> None:
    client = httpx.Client(base_url=pages_server.url, trust_env=False, timeout=120)
    for path in (
        "/gradio_api/proxy=http://example.org/",
        "/gradio_api/info",
        "/gradio_api/runs",
        "/gradio_api/process_recording",
        "/monitoring",
        "/login",
        "/docs",
    ):
        assert client.get(path).status_code == 404, path
    away = {"path": "http://example.org/a.wav", "meta": {"_type": "gradio.FileData"}}
    asked = {"data": [[away], None, False], "fn_index": 0, "session_hash": "x"}
    answer = client.post("/gradio_api/queue/join", json=asked)
    assert answer.status_code == 400
    assert "not fetched" in answer.json()["error"]["message"]
    assert client.get("/gradio_api/file=/etc/passwd").status_code in (403, 404)
    assert client.get("/openapi.json").json()["info"]["title"] == "Voxproof"


def test_a_token_is_asked_for_and_an_open_page_keeps_no_server_from_its_end(
    browser: Any, tmp_path: Path, serving: Any
) -> None:
    (tmp_path / "temporary").mkdir()
    (tmp_path / "token").write_text("sesame")
    options = ["--only", "detections", "--token-file", str(tmp_path / "token"), "--folder", str(tmp_path / "temporary")]
    command = [sys.executable, "-m", "voxproof", "serve", "--port", "0", "--json", *options]
    with serving.running(tmp_path, command) as server:
        assert httpx.get(server.url, headers={"Accept": "text/html"}, trust_env=False).status_code == 401
        context = browser.new_context(http_credentials={"username": "", "password": "sesame"})
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.goto(server.url)
        page.get_by_role("button", name="Judge").click()
        page.get_by_role("alert").filter(has_text="There is no recording yet").wait_for()
        assert page.get_by_role("link", name="Clone").count() == 0  # for which there are no models here
        begun = time.monotonic()
        server.process.terminate()
        server.process.wait(60)
        assert time.monotonic() - begun < 15.0
        context.close()
