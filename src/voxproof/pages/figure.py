"""Figures of panels over one axis of time, in the colours of a light or of a dark page."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

DPI = 110
_LEFT, _RIGHT, _BOTTOM, _TOP, _TITLE = 0.62, 0.14, 0.5, 0.1, 0.3  # inches around the panels
_BETWEEN = 0.1  # of a panel's mean height


@dataclass(frozen=True)
class Theme:
    """Colours of a page: lines and letters, background, and matplotlib's colour map for spectrograms."""

    ink: str
    paper: str
    colours: str


LIGHT = Theme("#222222", "#ffffff", "magma_r")
DARK = Theme("#e8e8e8", "#16181c", "magma")


def time_edges(width: float) -> tuple[float, float]:
    """Where time begins and ends in a figure `width` inches wide, as shares of that width."""
    return _LEFT / width, 1 - _RIGHT / width


def figure_png(
    heights: Sequence[float],
    paint: Callable[[Sequence[Any]], None],
    theme: Theme,
    *,
    seconds: float,
    size: tuple[float, float],
    title: str = "",
) -> bytes:
    """PNG of panels one below the other, as high as `heights` say, over `seconds` of time.

    `paint` is given matplotlib's axes, one a panel; `size` is in inches.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # Figure without pyplot: no global state, so that threads of a server may draw at once.
    figure = Figure(figsize=size, dpi=DPI, facecolor=theme.paper)
    left, right = time_edges(size[0])
    top = 1 - (_TOP + (_TITLE if title else 0)) / size[1]
    figure.subplots_adjust(left, _BOTTOM / size[1], right, top, hspace=_BETWEEN)
    canvas = FigureCanvasAgg(figure)
    axes: Any = figure.subplots(len(heights), 1, sharex=True, height_ratios=list(heights), squeeze=False)[:, 0]
    paint(axes)
    for place in axes:
        place.set_facecolor(theme.paper)
        place.tick_params(colors=theme.ink, labelsize=8)
        place.yaxis.label.set_color(theme.ink)
        place.xaxis.label.set_color(theme.ink)
        for spine in place.spines.values():
            spine.set_color(theme.ink)
            spine.set_alpha(0.3)
    axes[-1].set_xlabel("seconds", fontsize=9)
    axes[-1].set_xlim(0, max(seconds, 1e-3))
    figure.align_ylabels(axes)
    if title:
        figure.suptitle(title.replace("$", r"\$"), color=theme.ink, fontsize=11)
    box = io.BytesIO()
    canvas.print_png(box)
    return box.getvalue()
