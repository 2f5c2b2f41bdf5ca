"""`voxproof demo`: what it writes, and the page."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from voxproof.audio import read_audio
from voxproof.cli.demo.making import OTHER, REAL
from voxproof.provenance import read_manifest

Run = Callable[..., Any]
Voices = Callable[[str], Path]


def test_the_demo(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "demo"
    done = run("demo", "--out", folder, "--json")
    assert done.code == 0, done.err
    assert sorted(path.name for path in folder.iterdir()) == [
        "clone.wav",
        "clone.wav.json",
        "converted.wav",
        "converted.wav.json",
        "index.html",
        "other.wav",
        "picture.png",
        "real.wav",
    ]
    steps = re.findall(r"^\[(\d)/6\] .+ \.\.\. [\d.]+ s$", done.err, re.MULTILINE)
    assert steps == list("123456")
    facts = json.loads(done.out)
    labels = [recording["verdict"]["label"] for recording in facts["recordings"]]
    marks = [bool(recording["watermark"]) for recording in facts["recordings"]]
    assert labels == ["real", "fake", "real", "fake"]
    assert marks == [False, True, False, True]
    assert facts["rtf"] > 0
    manifest = read_manifest(folder / "clone.wav")
    assert manifest is not None
    assert manifest.text == facts["text"]
    assert manifest.consent is not None
    converted, other = read_audio(folder / "converted.wav"), read_audio(folder / "other.wav")
    assert converted.duration == pytest.approx(other.duration, abs=0.05)
    with Image.open(folder / "picture.png") as picture:
        assert picture.width > 2 * picture.height
    _check_page((folder / "index.html").read_text("utf-8"))


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "source", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def _check_page(text: str) -> None:
    """Complete, self-contained, without script, and with words for whoever does not see it."""
    page = _Page(text)
    assert page.open == []
    assert "$" not in re.sub(r"base64,[^\"]+", "", text)
    assert page.of("script") == []
    assert page.of("html")[0]["lang"] == "en"
    assert [name for name, _ in page.elements if name in ("h1", "h2", "h3")] == "h1 h2 h3 h3 h2 h3 h3 h2 h2".split()
    sounds, pictures = page.of("audio"), page.of("img")
    assert len(sounds) == len(pictures) == 4
    assert all(str(sound["src"]).startswith("data:audio/wav;base64,") and sound["aria-label"] for sound in sounds)
    assert all(str(picture["src"]).startswith("data:image/") and picture["alt"] for picture in pictures)
    links = {str(link["href"]) for link in page.of("a")}
    assert {link for link in links if ":" in link} == {"https://creativecommons.org/licenses/by/4.0/"}
    assert len(text) < 4 << 20


def test_own_voice_and_text(run: Run, voice_path: Voices, tmp_path: Path) -> None:
    done = run("demo", "-o", tmp_path, "--voice", voice_path("carl"), "--text", "Is <b>5 & 6</b> 😀 $rtf?")
    assert done.code == 0
    assert "emoji" in done.err
    assert "open" in done.out.splitlines()[-1]
    assert [line.split()[0] for line in done.out.splitlines()[1:5]] == [
        "real.wav",
        "clone.wav",
        "other.wav",
        "converted.wav",
    ]
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "&lt;b&gt;5 &amp; 6&lt;/b&gt; 😀 $rtf?" in page
    assert "the recording that you gave" in page


def test_refusals(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for arguments, mentions in (
        (("-o", tmp_path / "file"), "file"),
        (("-o", tmp_path / "file" / "below"), "below"),
        (("-o", tmp_path / "new", "--voice", tmp_path / "gone.wav"), "gone.wav"),
        (("-o", tmp_path / "new", "--text", "..."), "nothing"),
    ):
        done = run("demo", *arguments)
        assert done.code == 2
        said = [line for line in done.err.splitlines() if line.startswith("voxproof: ")]
        assert len(said) == 1
        assert mentions in said[0]


def test_its_voices_are_those_of_the_examples(voice_path: Voices) -> None:
    """The package cannot ship `examples/`, so it has copies; they must not drift apart."""
    assert REAL.read_bytes() == voice_path("anna").read_bytes()
    assert OTHER.read_bytes() == voice_path("carl").read_bytes()
    assert "CC BY 4.0" in (REAL.parent / "README.md").read_text("utf-8")
