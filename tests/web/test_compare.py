"""Compare: three clips side by side, and what can be measured of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import voxproof as vp


def test_a_clone_beside_its_voice(visit: Callable[..., Any], voice_path: Callable[[str], Path], tmp_path: Path) -> None:
    text = "The harbour is quiet tonight."
    clone = tmp_path / "clone.wav"
    vp.clone(text, vp.enroll(voice_path("anna"))).save(clone)
    one = visit()
    page = one.go("/compare", "Compare")
    page.get_by_role("button", name="Measure").click()
    page.get_by_role("alert").filter(has_text="The reference is missing").wait_for()
    for place, path in enumerate((voice_path("anna"), clone, voice_path("ben"))):
        page.locator("input[type=file]").nth(0).set_input_files(path)
        page.get_by_text("0:00").nth(place).wait_for()
    page.get_by_role("textbox", name="What the clone should say").fill(text)
    page.get_by_role("button", name="Measure").click()
    page.get_by_role("status").filter(has_text="Done").wait_for()
    rows = {
        row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in page.locator("tbody tr").all()
    }
    assert list(rows) == ["Reference", "Clone", "Real clip"]
    assert float(rows["Clone"][0]) > float(rows["Real clip"][0])  # that one is somebody else
    assert rows["Clone"][1].endswith("%") or rows["Clone"][1] == "not installed"
    one.shot("compare")
    one.accessible()
    assert one.mistakes == []
