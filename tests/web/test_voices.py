"""Voices: enrolled, shown, renamed and deleted, and chosen on the page that clones."""

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_from_enrolment_to_its_end(visit: Callable[..., Any], voice_path: Callable[[str], Path]) -> None:
    one = visit()
    page = one.go("/voices", "Voices")
    page.get_by_text("No voice is enrolled yet").wait_for()
    page.get_by_role("textbox", name="Name", exact=True).fill("Dora")
    page.locator("input[type=file]").first.set_input_files(voice_path("dora"))
    page.get_by_text("dora").first.wait_for()
    page.get_by_role("button", name="Enrol").click()
    page.get_by_role("alert").filter(has_text="consent note is empty").wait_for()
    page.get_by_role("textbox", name="Consent").fill("a public recording, used for a test")
    page.get_by_role("button", name="Enrol").click()
    row = page.get_by_role("row").filter(has_text="Dora")
    row.filter(has_text="a public recording").wait_for()
    page.get_by_role("textbox", name="New name").fill("../dora")
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("alert").filter(has_text="is no name for a voice").wait_for()
    page.get_by_role("textbox", name="New name").fill("Theodora")
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("row").filter(has_text="Theodora").wait_for()
    one.shot("voices")
    one.accessible()

    page = one.go("/clone", "Clone a voice")
    page.get_by_role("combobox", name="Voice").click()
    page.get_by_role("option", name="Theodora").click()
    page.get_by_role("textbox", name="Text").fill("Good morning.")
    page.get_by_role("button", name="Speak", exact=True).click()
    page.get_by_role("button", name="Download sound").wait_for()

    page = one.go("/voices", "Voices")
    page.get_by_role("row").filter(has_text="Theodora").wait_for()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete for good").click()
    page.get_by_text("No voice is enrolled yet").wait_for()
    assert one.mistakes == []
