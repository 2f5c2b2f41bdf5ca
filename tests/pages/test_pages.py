"""What all pages share."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from voxproof.audio import Audio, read_audio
from voxproof.pages import DARK, LIGHT, document, figure_png, player, themed_picture, time_edges


def test_a_document_escapes_its_title_and_knows_both_themes() -> None:
    page = document("a < b", "<p>x</p>", ".own { color: red; }")
    assert "<title>a &lt; b</title>" in page
    assert page.startswith("<!doctype html>")
    assert "prefers-color-scheme: dark" in page
    assert ".own { color: red; }" in page
    assert '<html lang="en">' in page


def test_a_player_carries_the_very_samples(speech: Audio) -> None:
    part = Audio(speech.samples[:16_000], 16_000)
    made = player(part, "a &amp; b")
    assert 'aria-label="a &amp; b"' in made
    found = re.search(r'src="data:audio/flac;base64,([^"]+)"', made)
    assert found is not None
    np.testing.assert_allclose(read_audio(base64.b64decode(found.group(1))).samples, part.samples, atol=1e-4)


def test_a_figure_is_in_the_colours_of_its_page() -> None:
    pictures = [
        figure_png([2, 1], lambda axes: None, theme, seconds=1.0, size=(4, 2), title="$") for theme in (LIGHT, DARK)
    ]
    light, dark = (np.asarray(Image.open(io.BytesIO(png)).convert("L"), float) for png in pictures)
    assert light.shape == dark.shape == (220, 440)
    assert light.mean() > 200 > 60 > dark.mean()
    made = themed_picture(*pictures, "two panels")
    assert 'alt="two panels"' in made
    assert made.count("data:image/webp;base64,") == 2


def test_time_begins_and_ends_where_a_figure_says() -> None:
    def paint(axes):
        axes[0].axvspan(0, 3.0, color="#ff0000")

    for title in ("", "with a title"):
        png = figure_png([1], paint, LIGHT, seconds=3.0, size=(6, 2), title=title)
        red, green, _ = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), int).transpose(2, 0, 1)
        columns = np.flatnonzero(((red > 200) & (green < 60)).sum(0) > 20)
        begin, end = time_edges(6)
        assert columns[0] / red.shape[1] == pytest.approx(begin, abs=0.005)
        assert columns[-1] / red.shape[1] == pytest.approx(end, abs=0.005)
