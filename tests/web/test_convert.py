"""Convert: a recording in, the same words in another voice out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from voxproof.audio import read_audio
from voxproof.provenance import read_mark


def test_the_microphone_in_another_voice(visit: Callable[..., Any], voice_path: Callable[[str], Path]) -> None:
    one = visit()
    page = one.go("/convert", "Convert speech")
    page.get_by_role("button", name="Convert", exact=True).click()
    page.get_by_role("alert").filter(has_text="There is no recording to convert").wait_for()
    page.get_by_role("button", name="Record audio").last.click()
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_timeout(4000)
    page.get_by_role("button", name="Stop", exact=True).click()
    page.locator("input[type=file]").first.set_input_files(voice_path("ben"))
    page.get_by_role("status").filter(has_text="s of speech").wait_for()
    page.get_by_role("textbox", name="Consent").fill("a public recording, used for a test")
    page.get_by_role("button", name="Convert", exact=True).click()
    page.get_by_role("status").filter(has_text="Done").wait_for()
    one.shot("convert")
    with page.expect_download() as given:
        page.get_by_role("button", name="Download sound").click()
    made = read_audio(Path(given.value.path()).rename(Path(given.value.path()).with_suffix(".wav")))
    assert made.duration > 2.0
    assert read_mark(made).present
    with page.expect_download() as given:
        page.get_by_role("button", name="Download manifest").click()
    manifest = json.loads(Path(given.value.path()).read_text())
    assert manifest["kind"] == "conversion"
    assert [source["role"] for source in manifest["sources"]] == ["speech", "reference"]
    assert one.mistakes == []


def test_somebody_speaks_and_is_heard_in_another_voice(
    visit: Callable[..., Any], voice_path: Callable[[str], Path]
) -> None:
    one = visit()
    page = one.go("/convert", "Convert speech")
    sent: list[bytes] = []
    received: list[bytes | str] = []

    def listen(socket: Any) -> None:
        socket.on("framesent", lambda data: sent.append(data))
        socket.on("framereceived", lambda data: received.append(data))

    page.on("websocket", listen)
    page.get_by_role("tab", name="Live").click()
    page.get_by_role("button", name="Start speaking").click()
    page.get_by_role("alert").filter(has_text="Consent is missing").wait_for()
    page.locator("input[type=file]").first.set_input_files(voice_path("ben"))
    page.get_by_role("status").filter(has_text="s of speech").wait_for()
    page.get_by_role("textbox", name="Consent").fill("a public recording, used for a test")
    page.get_by_role("button", name="Start speaking").click()
    page.get_by_text("Speak. Each sentence is heard").wait_for()
    page.wait_for_function("() => Number(document.querySelector('[data-live]').dataset.heard) >= 2")
    one.shot("convert-live")
    one.accessible()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("status").filter(has_text="Done").wait_for()
    sounds = [np.frombuffer(data, "<i2") for data in received if isinstance(data, bytes)]
    assert len(sounds) >= 2
    assert all(np.abs(sound.astype(np.float64)).max() > 2000 for sound in sounds)
    assert sum(len(data) for data in sent if isinstance(data, bytes)) > 10 * 16_000
    with page.expect_download() as given:
        page.get_by_role("button", name="Download sound").click()
    made = read_audio(Path(given.value.path()).rename(Path(given.value.path()).with_suffix(".wav")))
    assert len(made.samples) == sum(len(sound) for sound in sounds)
    with page.expect_download() as given:
        page.get_by_role("button", name="Download manifest").click()
    manifest = json.loads(Path(given.value.path()).read_text())
    assert manifest["settings"]["live"]
    assert manifest["consent"]["note"] == "a public recording, used for a test"
    assert manifest["payload"] == read_mark(made).payload
    one.shot("convert-live-done")
    assert one.mistakes == []
