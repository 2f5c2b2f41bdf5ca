"""Detect: recordings in, verdicts out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from voxproof.audio import Audio
from voxproof.detection.picture import SIZE
from voxproof.pages import time_edges


def test_a_file_is_judged_and_explained(visit: Callable[..., Any], speech: Audio, tmp_path: Path) -> None:
    Audio(speech.samples[: 4 * speech.rate], speech.rate).save(tmp_path / "anna.flac")
    one = visit()
    page = one.go("/", "Real or synthetic?")
    page.locator("input[type=file]").first.set_input_files(tmp_path / "anna.flac")
    page.get_by_text("anna.flac").wait_for()
    page.get_by_role("button", name="Judge").click()
    report = page.get_by_role("button", name="Download report (HTML)")
    report.wait_for()
    shown = page.locator("section").first
    assert "likely to be synthetic" in shown.inner_text()
    assert "That is no proof" in shown.inner_text() or "neither a suspicion" in shown.inner_text()
    assert shown.get_by_role("img", name="Waveform, spectrogram and score over time of anna.flac").is_visible()
    assert page.get_by_role("heading", name="The most suspicious seconds").is_visible()
    seconds = page.locator("ol.seconds audio")
    assert seconds.count() >= 1
    played = seconds.first.evaluate("async sound => { sound.muted = true; await sound.play(); return sound.duration }")
    assert played == pytest.approx(1.0, abs=0.1)
    one.shot("detect")
    picture, whole = shown.get_by_role("img", name="anna.flac"), shown.locator("audio").first
    box, (begin, end) = picture.bounding_box(), time_edges(SIZE[0])
    picture.click(position={"x": box["width"] * (begin + 0.5 * (end - begin)), "y": box["height"] / 2})
    page.wait_for_function("sound => sound.currentTime > 2", arg=whole.element_handle())
    assert whole.evaluate("sound => sound.currentTime") == pytest.approx(2.2, abs=0.2)
    picture.click(position={"x": 1, "y": box["height"] / 2})  # beside the axis of time: the beginning
    page.wait_for_function("sound => sound.currentTime < 1 && !sound.paused", arg=whole.element_handle())
    one.accessible()
    with page.expect_download() as given:
        page.get_by_role("button", name="Download JSON").click()
    (entry,) = json.loads(Path(given.value.path()).read_text())["data"]
    assert entry["path"] == "anna.flac"
    assert entry["label"] in ("real", "fake", "uncertain")
    assert entry["explanation"]["suspicious"]
    with page.expect_download() as given:
        report.click()
    page_of_it = Path(given.value.path()).read_text()
    with page.expect_download() as given:
        page.get_by_role("button", name="Download report (PDF)").click()
    assert Path(given.value.path()).read_bytes().startswith(b"%PDF-")
    assert "<h1>Real or synthetic? 1 recording</h1>" in page_of_it
    assert one.mistakes == []


def test_many_files_and_one_that_is_none(
    visit: Callable[..., Any], voice_path: Callable[[str], Path], tmp_path: Path
) -> None:
    letter = tmp_path / "letter.wav"
    letter.write_text("Dear <b>reader</b>, this is no sound.")
    one = visit()
    page = one.go("/", "Real or synthetic?")
    page.get_by_role("checkbox", name="Show what moved the score").uncheck()
    page.locator("input[type=file]").first.set_input_files([voice_path("ben"), letter])
    page.get_by_text("letter").first.wait_for()
    page.get_by_role("button", name="Judge").click()
    page.get_by_role("button", name="Download report (HTML)").wait_for()
    first, second = page.locator("section").all()
    assert "ben.flac" in first.inner_text()
    assert "letter.wav" in second.inner_text()
    assert "Traceback" not in page.content()
    assert len(second.locator("p").all()) == 1
    one.shot("detect-many")


def test_nothing_to_judge(visit: Callable[..., Any]) -> None:
    page = visit().go("/", "Real or synthetic?")
    page.get_by_role("button", name="Judge").click()
    page.get_by_role("alert").filter(has_text="There is no recording yet").wait_for()


def test_the_microphone(visit: Callable[..., Any], speech: Audio) -> None:
    one = visit(viewport={"width": 375, "height": 740}, color_scheme="dark")
    page = one.go("/", "Real or synthetic?")
    page.get_by_role("checkbox", name="Show what moved the score").uncheck()
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_timeout(5000)
    with page.expect_response(lambda answer: "/upload" in answer.url):
        page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_test_id("waveform-controls").wait_for()  # it is there, so the page knows of it
    page.get_by_role("button", name="Judge").click()
    page.get_by_role("button", name="Download report (HTML)").wait_for()
    shown = page.locator("section").first.inner_text()
    assert "likely to be synthetic" in shown
    one.shot("detect-microphone")
    one.accessible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
