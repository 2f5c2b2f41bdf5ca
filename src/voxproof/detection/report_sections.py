"""One recording on the page of a report: answer, what it means, players, picture, bands, notes."""

import html
from dataclasses import dataclass

from voxproof.audio import Audio
from voxproof.detection.explain import Explanation
from voxproof.detection.occlusion import BandEffect
from voxproof.detection.picture import FAKE, REAL, UNSURE, picture_of, time_attributes
from voxproof.detection.verdict import Verdict
from voxproof.pages import player, themed_picture

LONGEST_PLAYED = 60.0  # seconds of sound put into the page, for each recording
COLOURS = {"real": REAL, "fake": FAKE, "uncertain": UNSURE}
PROVEN = "The recording itself carries the proof. How it sounds no longer matters."
MEANING = {
    "real": "The detector hears little that it knows from machines. That is no proof: a generator that it never met "
    "may sound like this too.",
    "fake": "The detector hears what it knows from machines. That is no proof: it errs, so nobody should be accused by "
    "this alone.",
    "uncertain": "Uncertain means that the sound speaks for neither side clearly enough, or that there is too little "
    "of it. It is neither a suspicion nor an all-clear.",
}


SEEN = (
    "From top to bottom: the sound, its pitches over time, and how synthetic each moment sounds by itself (teal: like "
    "a real voice, orange: like a synthetic one, grey: neither)."
)
NUMBERED = "The numbers are the most suspicious seconds, which are listed below."
_RULES = {
    **{f".label.{label}": f"background: {colour};" for label, colour in COLOURS.items()},
    ".label.unread": f"background: {UNSURE};",
    ".answer": "font-size: 1.1rem; max-width: 46rem;",
    ".meaning": "border-left: .3rem solid var(--line); padding-left: .7rem; max-width: 46rem;",
    ".gauge": "max-width: 30rem; margin: .9rem 0; font-size: .875rem;",
    ".gauge .scale": "position: relative; height: .7rem; border-radius: .35rem; background: linear-gradient(90deg, "
    f"{REAL} 0%, {REAL} 30%, {UNSURE} 45%, {UNSURE} 55%, {FAKE} 70%, {FAKE} 100%);",
    ".gauge .needle": "position: absolute; top: -.25rem; bottom: -.25rem; width: .3rem; margin-left: -.15rem; "
    "border-radius: .15rem; background: var(--ink); outline: 2px solid var(--soft);",
    ".gauge .ends": "display: flex; justify-content: space-between; padding-top: .3rem;",
    ".seconds": "list-style: none; padding: 0; display: grid; gap: 1rem; "
    "grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr));",
    ".bands th, .bands td": "border: 0; padding: .1rem .6rem .1rem 0; font-weight: 400; white-space: nowrap; "
    "min-width: 0;",
    ".bands td:nth-child(2)": "width: 80%;",
    ".bar": "display: block; position: relative; height: .9rem; background: var(--paper); "
    "border: 1px solid var(--line);",
    ".bar span": "position: absolute; top: 0; bottom: 0;",
    ".bar .fake": f"background: {FAKE};",
    ".bar .real": f"background: {REAL};",
    # On a phone a picture that fits cannot be read; it is pushed aside by a finger instead.
    ".wide img": "min-width: 34rem;",
}


def section_style(within: str = "") -> str:
    """The rules of style of a section, on a page that has the colours `--line`, `--ink`, `--paper` and `--soft`.

    `within` is a selector under which alone they hold.
    """
    return "\n".join(
        f"{', '.join(f'{within} {one}'.strip() for one in selector.split(', '))} {{ {rule} }}"
        for selector, rule in _RULES.items()
    )


@dataclass(frozen=True)
class Entry:
    """One recording of a report: its name, the sound (None if it could not be read) and the verdict or the error."""

    name: str
    audio: Audio | None
    verdict: Verdict | None
    error: str = ""


def section(entry: Entry) -> str:
    """The recording as one HTML section; whatever comes from outside is escaped."""
    name = html.escape(entry.name)
    if entry.verdict is None:
        why = html.escape(entry.error or "not read")
        return f'<section><h2><span class="label unread">not read</span>{name}</h2><p>{why}</p></section>'
    verdict, audio = entry.verdict, entry.audio
    parts = [
        f'<section><h2><span class="label {verdict.label}">{verdict.label}</span>{name}</h2>',
        f'<p class="answer">{html.escape(str(verdict))}</p>',
        _gauge(verdict),
        f'<p class="meaning">{PROVEN if verdict.proven else MEANING[verdict.label]}</p>',
    ]
    if audio is not None and len(audio.samples):
        parts.append(player(Audio(audio.samples[: int(LONGEST_PLAYED * audio.rate)], audio.rate), f"all of {name}"))
        seen = f"Waveform, spectrogram and score over time of {name}"
        picture = themed_picture(*picture_of(audio, verdict), seen, time_attributes(audio))
        parts.append(f'<div class="wide" role="group" tabindex="0" aria-label="Picture of {name}">{picture}</div>')
        parts.append(f'<p class="small">{SEEN}{f" {NUMBERED}" if verdict.explanation else ""}</p>')
    if verdict.explanation is not None:
        parts += [_seconds(verdict.explanation, audio), _bands(verdict.explanation)]
    parts.append(
        f'<p class="small">{verdict.seconds:.1f} s, of which {verdict.speech_seconds:.1f} s speech; '
        f"log-likelihood ratio {verdict.llr:+.2f} (above 0: synthetic)</p></section>"
    )
    return "".join(parts)


def _gauge(verdict: Verdict) -> str:
    """The probability as a place between real and synthetic, unless there is none or it no longer matters."""
    if verdict.proven or not verdict.judged:
        return ""
    percent = f"{100 * verdict.probability:.0f}"
    return (
        f'<div class="gauge" role="img" aria-label="{percent} % likely to be synthetic"><div class="scale">'
        f'<span class="needle" style="left:{percent}%"></span></div>'
        '<div class="ends"><span>real voice</span><span>could be either</span><span>synthetic</span></div></div>'
    )


def _seconds(explained: Explanation, audio: Audio | None) -> str:
    """The suspicious seconds, each with a player of its own."""
    if not explained.suspicious:
        return ""
    items = []
    for number, one in enumerate(explained.suspicious, 1):
        said = f"{one.start:.1f} to {one.end:.1f} s"
        heard = ""
        if audio is not None:
            cut = audio.samples[round(one.start * audio.rate) : round(one.end * audio.rate)]
            heard = player(Audio(cut, audio.rate), said) if len(cut) else ""
        items.append(
            f"<li><b>{number}.</b> {said}: {100 * one.probability:.0f} % likely to be synthetic, by itself{heard}</li>"
        )
    return f'<h3>The most suspicious seconds</h3><ol class="seconds">{"".join(items)}</ol>'


def _bands(explained: Explanation) -> str:
    """A bar for each band: to the right what spoke for a synthetic voice, to the left what spoke for a real one."""
    if not explained.bands:
        return ""
    most = max(1.0, *(abs(band.change) for band in explained.bands))
    bars = "".join(_bar(band, most) for band in explained.bands)
    start, end = explained.heard
    return (
        "<h3>Which pitches of the sound spoke for what</h3>"
        '<table class="bands"><tr><th>kHz</th><th>&#8592; real &middot; synthetic &#8594;</th><th>change</th></tr>'
        f'{bars}</table><p class="small">How far the log-likelihood ratio of {start:.0f} to {end:.0f} s moves when a '
        "band is taken down to its usual level. Bands work together, so the bars do not add up to the whole; short "
        "ones mean nothing.</p>"
    )


def _bar(band: BandEffect, most: float) -> str:
    share = 50 * abs(band.change) / most
    side, left = ("fake", 50.0) if band.change > 0 else ("real", 50.0 - share)
    return (
        f"<tr><th>{band.low / 1000:g}&ndash;{band.high / 1000:g}</th>"
        f'<td><span class="bar"><span class="{side}" style="left:{left:.1f}%;width:{share:.1f}%"></span></span></td>'
        f"<td>{band.change:+.2f}</td></tr>"
    )
