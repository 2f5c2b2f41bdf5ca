"""A page about verdicts that needs nothing beside it: players, pictures and words in one HTML file."""

import html
from collections.abc import Sequence
from pathlib import Path

from voxproof import __version__
from voxproof.detection.report_sections import COLOURS, Entry, section, section_style
from voxproof.errors import VoxproofError
from voxproof.files import write_aside
from voxproof.pages import document

CAUTION = (
    "The probability is that of synthetic speech if real and synthetic were equally likely beforehand. A detector "
    "errs: take its answer as one hint beside others, above all on recordings that are short, noisy or coded."
)
MOST_PICTURED = 50  # recordings with picture and player; beyond, a row of the table each


def write_report(path: str | Path, entries: Sequence[Entry]) -> Path:
    """Write the page, whole or not at all: HTML, or PDF if `path` ends so. `VoxproofError` if it cannot be written."""
    target = Path(path)
    with write_aside(target, VoxproofError) as aside:
        if target.suffix.lower() == ".pdf":
            from voxproof.detection.report_pdf import report_pdf

            aside.write_bytes(report_pdf(entries))
            return target
        aside.write_text(report_html(entries), encoding="utf-8", errors="replace")
    return target


def report_html(entries: Sequence[Entry]) -> str:
    """The page as text: no script, no link to anything outside, for phones, paper and dark rooms too."""
    counted = f"<p>{html.escape(counts(entries))}.</p>\n" if len(entries) != 1 else ""
    shown = "\n".join(section(entry) for entry in entries[:MOST_PICTURED])
    rest = _table(entries[MOST_PICTURED:]) if len(entries) > MOST_PICTURED else ""
    body = (
        f"<h1>Real or synthetic? {len(entries)} recording{'s' if len(entries) != 1 else ''}</h1>"
        f'{counted}{shown}\n{rest}{_limits(entries)}<p class="small">{CAUTION} {html.escape(made_by(entries))}</p>'
    )
    return document("Voxproof report", body, section_style())


def counts(entries: Sequence[Entry]) -> str:
    """How many recordings are what."""
    found = {label: sum(e.verdict is not None and e.verdict.label == label for e in entries) for label in COLOURS}
    found["unreadable"] = sum(entry.verdict is None for entry in entries)
    return ", ".join(f"{count} {label}" for label, count in found.items() if count) or "nothing judged"


def made_by(entries: Sequence[Entry]) -> str:
    """Which Voxproof and which detectors spoke."""
    models = sorted({f"{e.verdict.model} (card {e.verdict.card_sha256[:12]})" for e in entries if e.verdict})
    return f"Voxproof {__version__}, {', '.join(models) or 'no model'}."


def _limits(entries: Sequence[Entry]) -> str:
    """What the models' cards say that they cannot do."""
    limits = dict.fromkeys(limit for entry in entries if entry.verdict for limit in entry.verdict.limits)
    if not limits:
        return ""
    return f"<h3>What the detector cannot do</h3><ul>{''.join(f'<li>{html.escape(one)}</li>' for one in limits)}</ul>"


def _table(entries: Sequence[Entry]) -> str:
    rows = [
        f"<tr><td>{html.escape(e.name)}</td><td>{e.verdict.label if e.verdict else 'unreadable'}</td>"
        f"<td>{html.escape(str(e.verdict) if e.verdict else e.error)}</td></tr>"
        for e in entries
    ]
    return f"<table><tr><th>recording</th><th>label</th><th>why</th></tr>{''.join(rows)}</table>"
