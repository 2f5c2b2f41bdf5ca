"""The report on paper: one A4 page a recording, drawn by matplotlib."""

import io
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from voxproof.detection.explain import Explanation
from voxproof.detection.picture import FAKE, REAL, SIZE, UNSURE, draw
from voxproof.detection.report import CAUTION, MOST_PICTURED, counts, made_by
from voxproof.detection.report_sections import COLOURS, MEANING, NUMBERED, PROVEN, SEEN, Entry
from voxproof.detection.verdict import Verdict
from voxproof.notes import one_line

_WIDE, _HIGH, _MARGIN = 8.27, 11.69, 0.75  # inches: A4
_FOOT = 1.05  # that the lines at the bottom take
_INK, _SOFT = "#222222", "#5c5f66"
_LETTER = 0.0072  # inches that a letter takes on the mean, a point of its size
_ROWS = 50  # of a page that only lists


def report_pdf(entries: Sequence[Entry]) -> bytes:
    """The report as a PDF: a page a recording, and a list of those beyond `MOST_PICTURED`."""
    from matplotlib.backends.backend_pdf import PdfPages

    box = io.BytesIO()
    with PdfPages(box, metadata={"Title": "Voxproof report", "Creator": "Voxproof"}) as pages:
        for number, entry in enumerate(entries[:MOST_PICTURED], 1):
            page = _Page()
            _recording(page, entry)
            page.foot(f"{CAUTION} {made_by([entry])}", f"{number} of {len(entries)}" if len(entries) > 1 else "")
            pages.savefig(page.figure)
        rest = entries[MOST_PICTURED:] if entries else [Entry("no recording", None, None, "nothing was given")]
        for first in range(0, len(rest), _ROWS):
            page = _Page()
            page.text(f"All recordings: {counts(entries)}", 11, weight="bold")
            for entry in rest[first : first + _ROWS]:
                label = entry.verdict.label if entry.verdict else "not read"
                page.text(textwrap.shorten(f"{entry.name}: {label}", 100), 8.5)
            pages.savefig(page.figure)
    return box.getvalue()


def _recording(page: "_Page", entry: Entry) -> None:
    page.text("Real or synthetic?", 17, weight="bold")
    verdict = entry.verdict
    page.text(one_line(entry.name)[-90:], 11, weight="bold", after=0.08)
    if verdict is None:
        page.label("not read", UNSURE)
        page.text(entry.error or "not read", 10)
        return
    page.label(verdict.label, COLOURS[verdict.label])
    page.text(str(verdict), 11, after=0.08)
    if verdict.judged and not verdict.proven:
        page.gauge(verdict.probability)
    page.text(PROVEN if verdict.proven else MEANING[verdict.label], 9.5, colour=_SOFT, after=0.12)
    if entry.audio is not None and len(entry.audio.samples):
        page.picture(draw(entry.audio, verdict), SIZE[1] / SIZE[0])
        page.text(f"{SEEN} {NUMBERED}" if verdict.explanation else SEEN, 8, colour=_SOFT, after=0.12)
    if verdict.explanation is not None:
        _explained(page, verdict.explanation)
    _facts(page, verdict)


def _explained(page: "_Page", explained: Explanation) -> None:
    if explained.suspicious:
        page.text("The most suspicious seconds", 10, weight="bold")
        said = [
            f"{number}. {one.start:.1f} to {one.end:.1f} s: {100 * one.probability:.0f} %"
            for number, one in enumerate(explained.suspicious, 1)
        ]
        page.text("     ".join(said), 9, after=0.12)
    if explained.bands:
        page.text("Which pitches of the sound spoke for what (left: real, right: synthetic)", 10, weight="bold")
        page.bars(
            [f"{band.low / 1000:g}–{band.high / 1000:g} kHz" for band in explained.bands],
            [band.change for band in explained.bands],
        )


def _facts(page: "_Page", verdict: Verdict) -> None:
    said = (
        f"{verdict.seconds:.1f} s, of which {verdict.speech_seconds:.1f} s speech; log-likelihood ratio "
        f"{verdict.llr:+.2f} (above 0: synthetic). Written on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC."
    )
    page.text(said, 8, colour=_SOFT, after=0.12)
    if verdict.limits:
        page.text("What the detector cannot do", 10, weight="bold")
        for limit in verdict.limits:
            page.text(f"• {limit}", 7.5, after=0.02)


class _Page:
    """A page that is filled from its top; lengths in inches, sizes of letters in points."""

    def __init__(self) -> None:
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=(_WIDE, _HIGH), facecolor="#ffffff")
        self._y = _MARGIN

    def text(self, text: str, size: float, *, weight: str = "normal", colour: str = _INK, after: float = 0.04) -> None:
        """A paragraph; as many lines as it takes."""
        lines = textwrap.wrap(_writable(text), int((_WIDE - 2 * _MARGIN) / (_LETTER * size)))
        for line in lines:
            if self._y > _HIGH - _FOOT:  # what matters less stands further down
                return
            self._y += 1.35 * size / 72
            self._write(_MARGIN, self._y, line, size, weight, colour)
        self._y += after

    def label(self, text: str, colour: str) -> None:
        """The answer in one word on a coloured ground."""
        self._y += 0.2
        box = {"boxstyle": "round,pad=0.35", "facecolor": colour, "edgecolor": "none"}
        self._write(_MARGIN + 0.07, self._y, text, 12, "bold", "#16181c", bbox=box)
        self._y += 0.16

    def gauge(self, probability: float) -> None:
        """The probability as a place between real and synthetic."""
        place = self._axes(_MARGIN, 4.2, 0.14)
        from matplotlib.colors import LinearSegmentedColormap

        stops = [(0.0, REAL), (0.3, REAL), (0.45, UNSURE), (0.55, UNSURE), (0.7, FAKE), (1.0, FAKE)]
        shades = LinearSegmentedColormap.from_list("answer", stops)
        place.imshow([[step / 255 for step in range(256)]], aspect="auto", cmap=shades, extent=(0, 1, 0, 1))
        place.axvline(probability, color=_INK, linewidth=3)
        place.axis("off")
        self._y += 0.17
        for at, text, side in (
            (0.0, "real voice", "left"),
            (2.1, "could be either", "center"),
            (4.2, "synthetic", "right"),
        ):
            self._write(_MARGIN + at, self._y, text, 8, "normal", _INK, ha=side)
        self._y += 0.12

    def picture(self, png: bytes, ratio: float) -> None:
        """A picture in the middle; `ratio` is its height over its width."""
        from PIL import Image

        wide = 5.8
        place = self._axes((_WIDE - wide) / 2, wide, wide * ratio)
        place.imshow(Image.open(io.BytesIO(png)), aspect="auto", interpolation="lanczos")
        place.axis("off")

    def bars(self, names: Sequence[str], values: Sequence[float]) -> None:
        """A bar a name, to the right if its value is positive."""
        place = self._axes(_MARGIN + 0.9, _WIDE - 2 * _MARGIN - 0.9, 0.135 * len(names))
        place.barh(range(len(names)), values, color=[FAKE if value > 0 else REAL for value in values], height=0.75)
        most = max(1.0, *(abs(value) for value in values))
        place.set(xlim=(-1.15 * most, 1.15 * most), ylim=(len(names) - 0.5, -0.5), yticks=range(len(names)), xticks=[])
        place.set_yticklabels(names, fontsize=8)
        place.tick_params(length=0)
        place.axvline(0, color=_SOFT, linewidth=0.8)
        for row, value in enumerate(values):
            place.text(
                value,
                row,
                f" {value:+.2f} ",
                fontsize=7.5,
                va="center",
                ha="left" if value > 0 else "right",
                color=_INK,
            )
        for spine in place.spines.values():
            spine.set_visible(False)
        self._y += 0.1

    def foot(self, text: str, number: str) -> None:
        """What stands at the bottom."""
        lines = textwrap.wrap(_writable(text), int((_WIDE - 2 * _MARGIN) / (_LETTER * 7.5)))
        for up, line in enumerate(reversed(lines)):
            self._write(_MARGIN, _HIGH - 0.45 - up * 0.13, line, 7.5, "normal", _SOFT)
        self._write(_WIDE - _MARGIN, _HIGH - 0.3, number, 7.5, "normal", _SOFT, ha="right")

    def _axes(self, left: float, wide: float, high: float) -> Any:
        self._y += 0.05
        place = self.figure.add_axes((left / _WIDE, 1 - (self._y + high) / _HIGH, wide / _WIDE, high / _HIGH))
        self._y += high
        return place

    def _write(self, x: float, y: float, text: str, size: float, weight: str, colour: str, **options: Any) -> None:
        self.figure.text(
            x / _WIDE, 1 - y / _HIGH, text, size=size, weight=weight, color=colour, parse_math=False, **options
        )


def _writable(text: str) -> str:
    """The text with a box for each letter that matplotlib's own font lacks."""
    known = _letters()
    return "".join(letter if ord(letter) in known or letter.isspace() else "□" for letter in text)


@cache
def _letters() -> frozenset[int]:
    from matplotlib import font_manager

    return frozenset(font_manager.get_font(font_manager.findfont("DejaVu Sans")).get_charmap())
