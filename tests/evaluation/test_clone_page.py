"""The page of clones: who is on it, what is said and drawn, and that it is one bounded file."""

import dataclasses
import io
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from voxproof.audio import Audio, write_audio
from voxproof.cloners import TimedPhoneme, cloners, load_cloner
from voxproof.errors import VoxproofError
from voxproof.evaluation import clone_page, clones, summary
from voxproof.evaluation.bank import Bank
from voxproof.evaluation.clone_page import clone_html, phonemes_of, write_clone_page
from voxproof.evaluation.clone_picks import Pick, picks
from voxproof.evaluation.clone_picture import LONGEST_DRAWN, speech_pictures, whole_sounds
from voxproof.evaluation.clone_report import clone_report
from voxproof.evaluation.clone_sections import differences, section
from voxproof.evaluation.clones import Clone, planned
from voxproof.evaluation.dnsmos import DnsmosScores
from voxproof.evaluation.error_rate import ErrorCount
from voxproof.evaluation.measures import Measures
from voxproof.evaluation.report import Report, Table
from voxproof.speakers import CONDITIONING

REPORT = Report("Clones by <native>", [Table("A & B", ["a", "b"], [["<x>", 0.5], ["y", None]], "Why.")], {})


class Page(HTMLParser):
    """Elements and addresses of a page; fails for what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "source", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def measures(text: str, edits: int, heard: str = "") -> Measures:
    return Measures(text, heard, ErrorCount(edits, 10), ErrorCount(0, 50), 3.0, DnsmosScores(3, 3, 3, 3), 1.0)


def check_page(text: str) -> Page:
    """One file, no script, every player and picture with words beside it."""
    page = Page(text)
    addresses = [
        value for _, known in page.elements for name, value in known.items() if name in ("src", "href", "srcset")
    ]
    assert all(str(address).startswith("data:") for address in addresses)
    assert not {"script", "link", "iframe"} & {name for name, _ in page.elements}
    assert all(sound["aria-label"] for sound in page.of("audio"))
    assert all(picture["alt"] for picture in page.of("img"))
    assert len(page.of("source")) == len(page.of("img"))  # one for dark rooms each
    assert "prefers-color-scheme: dark" in text
    levels = [int(name[1]) for name, _ in page.elements if re.fullmatch(r"h\d", name)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    return page


@pytest.fixture
def clip(bank: Bank, tmp_path: Path, speech: Audio) -> Clone:
    """A clip of the bank's first speaker that anybody could have said."""
    first = planned(bank, tmp_path, limit=1)[0]
    first.path.parent.mkdir(parents=True)
    write_audio(first.path, Audio(speech.samples[: 6 * 16_000], 16_000))
    return first


def test_best_median_and_worst(bank: Bank) -> None:
    planning = planned(bank, Path("run"))
    near = {"anna": 0.9, "ben": 0.1, "carl": 0.4, "dora": 0.6}
    edits = {"anna": 2, "ben": 1, "carl": 8, "dora": 4}
    likeness = {clone.path: near[clone.speaker.name] + 0.01 * place for place, clone in enumerate(planning)}
    measured = [
        (one, measures(one.text.text, edits[one.speaker.name] + (one.text.length == "long"))) for one in planning
    ]
    found = picks(measured, likeness)
    assert [(one.clone.speaker.name, one.reasons) for one in found] == [
        ("anna", ("best speaker by likeness",)),
        ("dora", ("median speaker by likeness",)),
        ("ben", ("worst speaker by likeness", "best speaker by word errors")),
        ("anna", ("median speaker by word errors",)),
        ("carl", ("worst speaker by word errors",)),
    ]
    assert found[0].clone.text.length == "long"  # the best of the best: likeness grows with the place
    assert found[-1].clone.text.length == "long"  # the worst of the worst
    assert found[2].likeness == likeness[found[2].clone.path]


def test_one_speaker_is_best_and_worst(bank: Bank) -> None:
    own = planned(bank, Path("run"), limit=1)
    found = picks([(one, measures("", 0)) for one in own], {one.path: 0.5 for one in own})
    assert sum(len(one.reasons) for one in found) == 6
    assert {one.clone.speaker.name for one in found} == {"anna"}


@pytest.mark.parametrize(
    ("asked", "heard", "expected"),
    [
        ("The cello, by the river.", "the CELLO by the river", []),
        ("my cello is old", "my yellow is old", [("cello", "yellow")]),
        ("my old cello", "my cello", [("old", "")]),
        ("my cello", "my cello thank you", [("", "thank you")]),
        ("one two three go", "", [("123 go", "")]),
        ("", "hello", [("", "hello")]),
        ("cello here", "a cello there", [("", "a"), ("here", "there")]),
    ],
)
def test_differences(asked: str, heard: str, expected: list[tuple[str, str]]) -> None:
    assert differences(asked, heard) == expected


def test_marks_belong_to_sounds() -> None:
    symbols = [("ˈ", 0, 1), ("ɔ", 1, 2), ("ː", 2, 3), ("n", 3, 4), ("ˌ", 4, 5), ("ˈ", 5, 6), ("a", 6, 7), ("ˈ", 7, 8)]
    found = whole_sounds([TimedPhoneme(*one) for one in symbols])
    assert [(one.symbol, one.start, one.end) for one in found] == [
        ("ˈɔː", 0, 3), ("n", 3, 4), ("ˌˈa", 4, 7), ("ˈ", 7, 8),
    ]  # fmt: skip


def test_pictures_draw_phonemes_beneath(speech: Audio) -> None:
    audio = Audio(speech.samples[: 8 * 16_000], 16_000)
    timed = [TimedPhoneme("a", 0.0, 3.0), TimedPhoneme("b", 3.0, 6.0), TimedPhoneme("c", LONGEST_DRAWN + 1, 8.0)]
    without, with_them = speech_pictures(audio), speech_pictures(audio, timed)
    sizes = [Image.open(io.BytesIO(png)).size for png in (*without, *with_them)]
    assert sizes[0] == sizes[1]
    assert sizes[2] == sizes[3]
    assert sizes[2][1] > sizes[0][1]
    light, dark = (np.asarray(Image.open(io.BytesIO(png)).convert("L"), float).mean() for png in with_them)
    assert light > dark + 50


def test_pictures_of_silence_and_of_next_to_nothing() -> None:
    for samples in (np.zeros(16_000, np.float32), np.zeros(10, np.float32)):
        assert all(png.startswith(b"\x89PNG") for png in speech_pictures(Audio(samples, 16_000)))


def test_a_section_says_what_was_asked_and_heard(clip: Clone) -> None:
    found = measures("Is <b>5</b> & more?", 2, "is <i>five</i>")
    made = section(Pick(clip, found, 0.25, ("worst speaker by likeness",)), [TimedPhoneme("a", 0.0, 2.0)])
    page = check_page(f"<h1></h1><h2></h2>{made}prefers-color-scheme: dark")
    assert len(page.of("audio")) == 3
    assert len(page.of("img")) == 2
    assert "Is &lt;b&gt;5&lt;/b&gt; &amp; more?" in made
    assert "<b>5" not in made
    assert "2 of 10 words" in made
    assert "worst speaker by likeness" in made
    assert "its phonemes as long as each lasts" in str(page.of("img")[1]["alt"])
    assert "phonemes" not in str(page.of("img")[0]["alt"])


def test_tables_are_on_the_page() -> None:
    text = clone_html(REPORT, [], ["anna"])
    page = check_page(text)
    assert "<h2>A &amp; B</h2><p>Why.</p>" in text
    assert '<th scope="row">&lt;x&gt;</th><td>0.500</td>' in text
    assert "<td>-</td>" in text
    assert "Left out, since the page would be too large: anna." in text
    assert [known["scope"] for known in page.of("th")] == ["col", "col", "row", "row"]
    assert "Clones by &lt;native&gt;" in text


def test_a_page_is_bounded(clip: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clone_page, "phonemes_of", lambda *_: ())
    monkeypatch.setattr(clone_page, "section", lambda *_: "<section>" + "x" * 1000 + "</section>")
    monkeypatch.setattr(clone_page, "MOST_BYTES", 2500)
    several = [Pick(clip, measures("a", 0), 0.5, ("x",))] * 3
    write_clone_page(tmp_path / "p.html", REPORT, several, engine="native", encoder=CONDITIONING)
    text = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert text.count("xxx</section>") == 2
    assert "too large: anna" in text


def test_phonemes_are_those_of_the_clip_or_none(bank: Bank, tmp_path: Path, speech: Audio) -> None:
    cloner = load_cloner()
    stranger = planned(bank, tmp_path, limit=1)[0]
    stranger.path.parent.mkdir(parents=True)
    write_audio(stranger.path, Audio(speech.samples[:16_000], 16_000))
    assert phonemes_of(stranger, cloner, CONDITIONING) == ()

    class Unknowing(cloners.get("native")):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.times_phonemes = False

    assert phonemes_of(stranger, Unknowing(), CONDITIONING) == ()


def test_a_page_that_cannot_be_written_is_told_before_anything_runs(bank: Bank, tmp_path: Path) -> None:
    with pytest.raises(VoxproofError, match="there is no folder"):
        clone_report(bank, run=tmp_path / "run", page=tmp_path / "missing" / "page.html")
    assert list(tmp_path.iterdir()) == []


def test_a_page_end_to_end(bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clones, judge and page are the real ones; what a recogniser hears is tested elsewhere, and slow."""
    for module in (clones, summary):
        monkeypatch.setattr(module, "measure", lambda audio, text, kept, recogniser: measures(text, 1, "heard so"))
    small = dataclasses.replace(bank, texts=tuple(text for text in bank.texts if text.id in ("s00", "l00")))
    page = tmp_path / "page.html"
    report = clone_report(small, run=tmp_path / "run", limit=1, with_cost=False, with_copies=False, page=page)
    assert {name: set(one) >= {"wer", "distillmos"} for name, one in report.figures["texts"].items()} == {
        "short": True,
        "long": True,
    }
    text = page.read_text(encoding="utf-8")
    found = check_page(text)
    shown = len(found.of("audio")) // 3
    assert 1 <= shown <= 6
    assert text.count("its phonemes as long as each lasts") == 2 * shown  # alt and caption
    assert all(table.title in text for table in report.tables)
    assert "heard so" in text
    assert len(text) < 8_000_000
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html", "run"]
