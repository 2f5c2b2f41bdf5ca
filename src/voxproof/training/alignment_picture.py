"""An alignment as a picture, so that it can be seen whether an attention has learned to read."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxproof.errors import CorpusError
from voxproof.files import write_aside

_WIDTH, _LEAST_HEIGHT, _SYMBOL_HEIGHT = 8.0, 3.0, 0.09  # inches
_DPI = 100


def draw_alignment(alignment: NDArray[np.float32], symbols: str, path: Path, title: str = "") -> None:
    """PNG of the weights `(steps, phonemes)`: time from left to right, the utterance's symbols from the bottom up.

    Colours reach to the greatest weight, so that an attention that has hardly begun to learn can be seen too.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height = max(_LEAST_HEIGHT, _SYMBOL_HEIGHT * len(symbols))
    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    axes = figure.subplots()
    shown = axes.imshow(alignment.T, aspect="auto", origin="lower", interpolation="nearest", vmin=0.0)
    axes.set_yticks(range(len(symbols)), list(symbols), fontsize=5)
    axes.set_xlabel("decoder step")
    axes.set_title(title)
    figure.colorbar(shown, label="attention")
    path.parent.mkdir(parents=True, exist_ok=True)
    with write_aside(path, CorpusError) as aside:
        canvas.print_png(str(aside))
