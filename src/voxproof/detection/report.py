"""A page about verdicts that needs nothing beside it: players, pictures and words in one HTML file."""

import base64
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import soundfile

from voxproof import __version__
from voxproof.audio import Audio
from voxproof.detection.picture import FAKE, REAL, UNSURE, picture_of
from voxproof.detection.verdict import Verdict
from voxproof.errors import AudioError, VoxproofError
from voxproof.files import write_aside

LONGEST_PLAYED = 60.0  # seconds of sound put into the page, for each recording
MOST_PICTURED = 50  # recordings with picture and player; beyond, a row of the table each
COLOURS = {"real": REAL, "fake": FAKE, "uncertain": UNSURE}

_STYLE = """
:root { color-scheme: light dark; --ink: #222; --paper: #fff; --line: #ddd; --soft: #f6f6f4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #16181c; --line: #33373d; --soft: #1e2126; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
       max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; overflow-wrap: anywhere; margin: 0; }
section { border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 1rem 0; background: var(--soft); }
.label { color: #fff; border-radius: .4rem; padding: .1rem .6rem; font-weight: 600; margin-right: .5rem; }
audio, img { width: 100%; display: block; margin: .6rem 0; border-radius: .4rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; } .small { font-size: .85rem; opacity: .75; }
"""


@dataclass(frozen=True)
class Entry:
    """One recording of a report: its name, the sound (None if it could not be read) and the verdict or the error."""

    name: str
    audio: Audio | None
    verdict: Verdict | None
    error: str = ""


def write_report(path: str | Path, entries: Sequence[Entry]) -> Path:
    """Write the page, whole or not at all. `VoxproofError` if the file cannot be written."""
    target = Path(path)
    with write_aside(target, VoxproofError) as aside:
        aside.write_text(report_html(entries), encoding="utf-8")
    return target


def report_html(entries: Sequence[Entry]) -> str:
    """The page as text: no script, no link to anything outside, light or dark as the reader's system."""
    counts = {label: sum(e.verdict is not None and e.verdict.label == label for e in entries) for label in COLOURS}
    unread = sum(entry.verdict is None for entry in entries)
    said = ", ".join(f"{count} {label}" for label, count in counts.items() if count) or "nothing judged"
    models = sorted({f"{e.verdict.model} (card {e.verdict.card_sha256[:12]})" for e in entries if e.verdict})
    shown = "\n".join(_section(entry) for entry in entries[:MOST_PICTURED])
    rest = _table(entries[MOST_PICTURED:]) if len(entries) > MOST_PICTURED else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Voxproof report</title><style>{_STYLE}</style></head><body>"
        f"<h1>Real or synthetic? {len(entries)} recording{'s' if len(entries) != 1 else ''}</h1>"
        f"<p>{html.escape(said)}{f', {unread} unreadable' if unread else ''}.</p>\n{shown}\n{rest}"
        '<p class="small">The probability is that of synthetic speech if real and synthetic were equally likely '
        "beforehand. A detector errs: take its answer as one hint beside others, above all on recordings that are "
        f"short, noisy or coded. Voxproof {__version__}, {html.escape(', '.join(models) or 'no model')}.</p>"
        "</body></html>\n"
    )


def _section(entry: Entry) -> str:
    name = html.escape(entry.name)
    if entry.verdict is None:
        return f"<section><h2>{name}</h2><p>{html.escape(entry.error or 'not read')}</p></section>"
    verdict = entry.verdict
    label = f'<span class="label" style="background:{COLOURS[verdict.label]}">{verdict.label}</span>'
    parts = [
        f"<section><h2>{label}{name}</h2>",
        f"<p>{html.escape(str(verdict))}</p>",
    ]
    if entry.audio is not None and len(entry.audio.samples):
        light, dark = picture_of(entry.audio, verdict)
        parts.append(f'<audio controls preload="none" src="data:audio/flac;base64,{_flac(entry.audio)}"></audio>')
        parts.append(
            '<picture><source media="(prefers-color-scheme: dark)" srcset="data:image/png;base64,'
            f'{base64.b64encode(dark).decode()}"><img alt="Waveform, spectrogram and score over time of {name}" '
            f'src="data:image/png;base64,{base64.b64encode(light).decode()}"></picture>'
        )
    parts.append(
        f'<p class="small">{verdict.seconds:.1f} s, of which {verdict.speech_seconds:.1f} s speech; '
        f"log-likelihood ratio {verdict.llr:+.2f}</p></section>"
    )
    return "".join(parts)


def _table(entries: Sequence[Entry]) -> str:
    rows = [
        f"<tr><td>{html.escape(e.name)}</td><td>{e.verdict.label if e.verdict else 'unreadable'}</td>"
        f"<td>{html.escape(str(e.verdict) if e.verdict else e.error)}</td></tr>"
        for e in entries
    ]
    return f"<table><tr><th>recording</th><th>label</th><th>why</th></tr>{''.join(rows)}</table>"


def _flac(audio: Audio) -> str:
    """Base64 of the first minute as FLAC: what is heard is what was judged, at half the size of WAV."""
    box = io.BytesIO()
    try:
        soundfile.write(
            box, audio.samples[: int(LONGEST_PLAYED * audio.rate)], audio.rate, format="FLAC", subtype="PCM_16"
        )
    except soundfile.SoundFileError as reason:
        raise AudioError(f"cannot put the sound into the report: {reason}") from reason
    return base64.b64encode(box.getvalue()).decode()
