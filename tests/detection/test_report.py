import base64
import os
import re
import shutil
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from voxproof.audio import Audio, read_audio
from voxproof.detection import Finding, Verdict, detect_audio
from voxproof.detection.picture import draw, save_picture
from voxproof.detection.report import report_html, write_report
from voxproof.detection.report_pdf import report_pdf
from voxproof.detection.report_sections import Entry, section
from voxproof.errors import VoxproofError

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def judged(voices):
    audio = Audio(voices["anna"].samples[: 3 * 16_000], 16_000)
    return audio, detect_audio(audio)


class Checked(HTMLParser):
    """Counts tags and keeps every address; complains about tags that are not closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.addresses, self.seen = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.seen.append(tag)
        self.addresses += [value for name, value in attributes if name in ("src", "href", "srcset")]
        if tag not in ("meta", "img", "source", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_report_needs_nothing_beside_it(judged, tmp_path):
    audio, verdict = judged
    path = write_report(
        tmp_path / "out.html", [Entry("<anna & co>.wav", audio, verdict), Entry("b.wav", None, None, "no")]
    )
    text = path.read_text(encoding="utf-8")
    page = Checked(text)
    assert not page.open
    assert all(address.startswith("data:") for address in page.addresses)
    assert not {"script", "link", "iframe"} & set(page.seen)
    assert "&lt;anna &amp; co&gt;.wav" in text
    assert "<anna" not in text
    assert "prefers-color-scheme: dark" in text
    assert str(verdict) in text
    assert verdict.card_sha256[:12] in text


def test_the_player_plays_what_was_judged(judged, tmp_path):
    audio, verdict = judged
    found = re.search(r'src="data:audio/flac;base64,([^"]+)"', report_html([Entry("a", audio, verdict)]))
    played = read_audio(base64.b64decode(found.group(1)))
    np.testing.assert_allclose(played.samples, audio.samples, atol=1e-4)


def test_many_recordings_become_rows(judged):
    _, verdict = judged
    text = report_html([Entry(f"clip {n}", None, verdict) for n in range(60)])
    assert text.count("<section>") == 50
    assert text.count("<tr><td>") == 10


def test_a_report_that_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(VoxproofError, match="missing"):
        write_report(tmp_path / "missing" / "out.html", [])
    assert list(tmp_path.iterdir()) == []


def test_pictures_differ_for_light_and_dark_pages(judged, tmp_path):
    audio, verdict = judged
    light, dark = draw(audio, verdict, title="50 % $x$"), draw(audio, verdict, dark=True)
    assert light.startswith(PNG)
    assert dark.startswith(PNG)
    assert light != dark
    save_picture(tmp_path / "a.png", audio, verdict)
    assert Path(tmp_path / "a.png").read_bytes().startswith(PNG)


@pytest.mark.parametrize("samples", [0, 1, 50, 2000])
def test_a_picture_of_next_to_nothing(samples):
    audio = Audio(np.full(samples, 0.1, np.float32), 16_000)
    empty = Verdict("uncertain", 0.5, 0.0, (), (), (), "detector-fast", "0" * 64)
    assert draw(audio, empty).startswith(PNG)


def test_an_explained_recording_has_its_seconds_bands_and_limits(voices):
    audio = Audio(voices["ben"].samples[: 5 * 16_000], 16_000)
    verdict = detect_audio(audio, explain=True)
    text = report_html([Entry("<b>.wav", audio, verdict)])
    assert not Checked(text).open
    assert text.count("<audio ") == 1 + len(verdict.explanation.suspicious)
    sounds = re.findall(r'aria-label="([^"]+)" src="data:audio/flac;base64,([^"]+)"', text)
    first = verdict.explanation.suspicious[0]
    assert sounds[1][0] == f"{first.start:.1f} to {first.end:.1f} s"
    heard = read_audio(base64.b64decode(sounds[1][1]))
    start = round(first.start * 16_000)
    np.testing.assert_allclose(heard.samples, audio.samples[start : start + 16_000], atol=1e-4)
    assert text.count('class="bar"') == len(verdict.explanation.bands)
    assert all(limit.split(";")[0] in text for limit in verdict.limits)
    assert "@media print" in text
    assert draw(audio, verdict) != draw(audio, detect_audio(audio))


@pytest.mark.parametrize(("label", "said"), [("real", "no proof"), ("fake", "accused"), ("uncertain", "all-clear")])
def test_each_answer_says_what_it_means(judged, label, said):
    _, verdict = judged
    assert said in report_html([Entry("a", None, replace(verdict, label=label))])


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


@pytest.fixture(scope="module")
def explained(voices):
    audio = Audio(voices["ben"].samples[: 5 * 16_000], 16_000)
    return audio, detect_audio(audio, explain=True)


def test_the_gauge_stands_where_the_probability_is(judged):
    audio, verdict = judged
    percent = f"{100 * verdict.probability:.0f}"
    assert f'aria-label="{percent} % likely to be synthetic"' in section(Entry("a", audio, verdict))
    proven = verdict.with_findings(Finding("watermark", "it is marked", synthetic=True))
    assert "gauge" not in section(Entry("a", audio, proven))
    assert "gauge" not in section(Entry("a", audio, replace(verdict, windows=())))


def test_a_report_for_paper_has_a_page_a_recording(explained, tmp_path):
    audio, verdict = explained
    entries = [
        Entry("a $b$ \u96fb\u8a71.wav", audio, verdict),
        Entry("marked.wav", audio, verdict.with_findings(Finding("watermark", "word " * 400, synthetic=True))),
        Entry("letter.txt", None, None, "this is text, not audio"),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a letter that the font lacks would be one
        written = write_report(tmp_path / "report.pdf", entries).read_bytes()
    assert written.startswith(b"%PDF-")
    assert pages_of(written) == 3
    assert pages_of(write_report(tmp_path / "one.PDF", entries[:1]).read_bytes()) == 1
    assert len(written) < 1_500_000


def test_many_recordings_become_a_list_on_paper(judged):
    _, verdict = judged
    assert pages_of(report_pdf([Entry(f"clip {n}", None, verdict) for n in range(110)])) == 50 + 2
    assert pages_of(report_pdf([])) == 1


def test_a_report_prints_to_two_pages_in_light_colours(explained, tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = os.environ.get("VOXPROOF_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium is found; name it in $VOXPROOF_CHROMIUM")
    audio, verdict = explained
    path = write_report(tmp_path / "report.html", [Entry("ben.flac", audio, verdict)])

    def printed():
        with playwright.sync_playwright() as browsers:
            browser = browsers.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(color_scheme="dark")
            page.goto(path.as_uri())
            at_night = page.evaluate("getComputedStyle(document.body).backgroundColor")
            page.emulate_media(media="print")
            paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
            return at_night, paper, page.pdf(format="A4")

    with ThreadPoolExecutor(1) as pool:  # Playwright's own loop forbids another one in its thread
        at_night, paper, pdf = pool.submit(printed).result()
    assert at_night != paper == "rgb(255, 255, 255)"
    assert pages_of(pdf) <= 2
