"""Convert: a recording in, the same words in another voice out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from voxproof.audio import read_audio
from voxproof.provenance import read_mark


def test_the_microphone_in_another_voice(visit: Callable[..., Any], voice_path: Callable[[str], Path]) -> None:
    one = visit()
    page = one.go("/convert", "Convert a recording")
    page.get_by_role("button", name="Convert", exact=True).click()
    page.get_by_role("alert").filter(has_text="There is no recording to convert").wait_for()
    page.get_by_role("button", name="Record audio").first.click()
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
