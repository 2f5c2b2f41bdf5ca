"""One picture of a recording: waveform, spectrogram and score over time."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voxproof.audio import Audio
from voxproof.detection.calibration import probability
from voxproof.detection.verdict import Verdict
from voxproof.features.mel import stft_magnitude
from voxproof.files import write_aside
from voxproof.pages import DARK, LIGHT, Theme, figure_png, time_edges

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REAL, FAKE, UNSURE = "#2a9d8f", "#e76f51", "#9aa0a6"  # teal, orange, grey: told apart by the colour-blind too
SIZE = (9.0, 5.4)  # inches
_MOST_POINTS = 4000  # of the waveform; more cannot be seen
_MOST_FRAMES = 2000  # of the spectrogram


def draw(audio: Audio, verdict: Verdict, *, title: str = "", dark: bool = False) -> bytes:
    """PNG of the waveform, the spectrogram and the probability of synthetic speech in each window.

    Windows are coloured by what they say alone; the clip's own answer may differ. The suspicious seconds of a verdict
    with an explanation are framed, and the score is drawn as a curve over the windows.
    """
    theme = DARK if dark else LIGHT

    def paint(axes: "Sequence[Axes]") -> None:
        _waveform(axes[0], audio, theme.ink)
        _spectrogram(axes[1], audio, theme)
        _scores(axes[2], audio, verdict, theme.ink)
        _suspicious(axes, verdict, theme.ink)

    return figure_png([1.0, 2.0, 1.2], paint, theme, seconds=audio.duration, size=SIZE, title=title)


def time_attributes(audio: Audio) -> str:
    """What an image of this picture says of itself in HTML: how long it is, and where in it time begins and ends."""
    begin, end = time_edges(SIZE[0])
    return f'data-seconds="{audio.duration:.3f}" data-begin="{begin:.4f}" data-end="{end:.4f}"'


def save_picture(path: str | Path, audio: Audio, verdict: Verdict, *, title: str = "", dark: bool = False) -> None:
    """`draw` into a file, whole or not at all."""
    with write_aside(path) as aside:
        aside.write_bytes(draw(audio, verdict, title=title, dark=dark))


def _waveform(place: "Axes", audio: Audio, ink: str) -> None:
    step = max(1, len(audio.samples) // (_MOST_POINTS // 2))
    count = len(audio.samples) // step
    if count:
        blocks = audio.samples[: count * step].reshape(count, step)
        times = (np.arange(count) + 0.5) * step / audio.rate
        place.fill_between(times, blocks.min(1), blocks.max(1), color=ink, alpha=0.75, linewidth=0.4)
    peak = float(np.abs(audio.samples).max()) if len(audio.samples) else 0.0
    place.set_ylim(-1.05 * max(peak, 0.01), 1.05 * max(peak, 0.01))
    place.set_ylabel("wave", fontsize=9)


def _spectrogram(place: "Axes", audio: Audio, theme: Theme) -> None:
    shown = audio.resampled(16_000)
    hop = max(128, len(shown.samples) // _MOST_FRAMES)
    decibels = 20 * np.log10(np.maximum(stft_magnitude(shown.samples, 512, hop), 1e-5))
    top = float(decibels.max())
    place.imshow(
        decibels,
        origin="lower",
        aspect="auto",
        extent=(0.0, max(shown.duration, 1e-3), 0.0, 8.0),
        vmin=top - 80,
        vmax=top,
        cmap=theme.colours,
        interpolation="nearest",
    )
    place.set_ylabel("kHz", fontsize=9)


def _scores(place: "Axes", audio: Audio, verdict: Verdict, ink: str) -> None:
    place.axhline(0.5, color=ink, alpha=0.3, linewidth=0.8, linestyle=":")
    for window in verdict.windows:
        middle = (window.start + window.end) / 2
        # A bar as wide as the way to the next window, so that bars do not cover each other.
        width = _step(verdict)
        colour = FAKE if window.probability > 0.6 else REAL if window.probability < 0.4 else UNSURE
        place.bar(middle, window.probability, width=0.92 * width, color=colour)
    place.set_ylim(0, 1)
    place.set_ylabel("synthetic", fontsize=9)
    if not verdict.windows:
        place.text(audio.duration / 2, 0.5, "nothing to score", color=ink, ha="center", va="center", fontsize=9)


def _suspicious(axes: "Sequence[Axes]", verdict: Verdict, ink: str) -> None:
    """Frames around the suspicious seconds, numbered, and the score between the windows."""
    explained = verdict.explanation
    if explained is None:
        return
    for number, stretch in enumerate(explained.suspicious, 1):
        for place in axes[:2]:
            for edge in (stretch.start, stretch.end):
                place.axvline(edge, color=FAKE, linewidth=1.2, linestyle="--")
        axes[1].annotate(
            str(number),
            ((stretch.start + stretch.end) / 2, 7.4),
            ha="center",
            va="center",
            fontsize=9,
            color="#ffffff",
            bbox={"boxstyle": "round,pad=0.25", "facecolor": "#16181c", "edgecolor": "#ffffff", "linewidth": 0.6},
        )
        axes[2].axvspan(stretch.start, stretch.end, color=FAKE, alpha=0.18, linewidth=0)
    times = [moment.time for moment in explained.curve]
    axes[2].plot(times, [probability(moment.llr) for moment in explained.curve], color=ink, linewidth=1.4)


def _step(verdict: Verdict) -> float:
    starts = [window.start for window in verdict.windows]
    if len(starts) < 2:
        return verdict.windows[0].end - verdict.windows[0].start
    return starts[1] - starts[0]


def picture_of(audio: Audio, verdict: Verdict, *, title: str = "") -> tuple[bytes, bytes]:
    """The picture for light and for dark pages."""
    return draw(audio, verdict, title=title), draw(audio, verdict, title=title, dark=True)
