"""A picture of speech: mel spectrogram, pitch, and beneath them the phonemes where they are known."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from voxproof.audio import Audio
from voxproof.cloners import TimedPhoneme
from voxproof.features import MEL, f0, log_mel
from voxproof.pages import DARK, LIGHT, Theme, figure_png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LONGEST_DRAWN = 5.0  # seconds; of more, phonemes could not be read
_WIDTH = 9.0  # inches
_SPAN = np.log(10 ** (60 / 20))  # of the mel's logarithm: 60 dB
_PITCHES = (60.0, 400.0)  # Hz
_PITCH_COLOUR = "#2a9d8f"
_BEFORE, _BEHIND = "ˈˌ", "ː\u0329"  # marks that belong to the symbol behind or before them


def speech_pictures(audio: Audio, phonemes: Sequence[TimedPhoneme] = ()) -> tuple[bytes, bytes]:
    """PNGs for light and for dark pages of the first five seconds: mel, f0 and, if there are any, the phonemes."""
    shown = audio.resampled(MEL.rate)
    shown = Audio(shown.samples[: round(LONGEST_DRAWN * MEL.rate)], MEL.rate)
    mel, pitch = log_mel(shown.samples), f0(shown.samples)
    inside = [one for one in whole_sounds(phonemes) if one.start < shown.duration]

    def draw(theme: Theme) -> bytes:
        def paint(axes: "Sequence[Axes]") -> None:
            _mel(axes[0], mel, shown.duration, theme)
            _pitch(axes[1], pitch, theme)
            if inside:
                _phonemes(axes, inside, shown.duration, theme)

        heights = [2.2, 1.0, 0.35] if inside else [2.2, 1.0]
        return figure_png(heights, paint, theme, seconds=shown.duration, size=(_WIDTH, 1.1 * sum(heights) + 0.5))

    return draw(LIGHT), draw(DARK)


def whole_sounds(phonemes: Sequence[TimedPhoneme]) -> list[TimedPhoneme]:
    """Stress and length marks joined with the sounds that they belong to."""
    found: list[TimedPhoneme] = []
    opened: TimedPhoneme | None = None
    for one in phonemes:
        if one.symbol in _BEHIND and found:
            before = found.pop()
            one = TimedPhoneme(before.symbol + one.symbol, before.start, one.end)
        elif opened is not None:
            one = TimedPhoneme(opened.symbol + one.symbol, opened.start, one.end)
        opened = one if one.symbol[-1] in _BEFORE else None
        if opened is None:
            found.append(one)
    return found if opened is None else [*found, opened]


def _mel(place: "Axes", mel: np.ndarray, seconds: float, theme: Theme) -> None:
    top = float(mel.max())
    place.imshow(
        mel, origin="lower", aspect="auto", extent=(0.0, max(seconds, 1e-3), 0.0, len(mel)), vmin=top - _SPAN, vmax=top,
        cmap=theme.colours, interpolation="nearest",
    )  # fmt: skip
    place.set_ylabel("mel band", fontsize=9)


def _pitch(place: "Axes", pitch: np.ndarray, theme: Theme) -> None:
    times = np.arange(len(pitch)) / MEL.frame_rate
    place.plot(times, np.where(pitch > 0, pitch, np.nan), color=_PITCH_COLOUR, linewidth=1.8)
    place.set_yscale("log")
    place.set_ylim(*_PITCHES)
    place.set_yticks([75, 150, 300], ["75", "150", "300"])
    place.minorticks_off()
    place.grid(color=theme.ink, alpha=0.15, linewidth=0.6)
    place.set_ylabel("f0, Hz", fontsize=9)


def _phonemes(axes: "Sequence[Axes]", phonemes: Sequence[TimedPhoneme], seconds: float, theme: Theme) -> None:
    """A box for each sound, as wide as it lasts, and its borders faintly in the mel above."""
    strip = axes[-1]
    for number, one in enumerate(phonemes):
        end = min(one.end, seconds)
        strip.axvspan(one.start, end, color=theme.ink, alpha=0.16 if number % 2 else 0.05, linewidth=0)
        strip.text(
            (one.start + end) / 2, 0.5, one.symbol, ha="center", va="center", fontsize=8, color=theme.ink, clip_on=True
        )
        axes[0].axvline(one.start, color=theme.ink, alpha=0.25, linewidth=0.5)
    strip.set_ylim(0, 1)
    strip.set_yticks([])
    strip.set_ylabel("phoneme", fontsize=9, rotation=0, ha="right", va="center")
