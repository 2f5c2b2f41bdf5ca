"""A page about verdicts that needs nothing beside it: players, pictures and words in one HTML file."""

import html
from collections.abc import Sequence
from pathlib import Path

from voxproof import __version__
from voxproof.detection.report_sections import COLOURS, Entry, section
from voxproof.errors import VoxproofError
from voxproof.files import write_aside
from voxproof.pages import document

MOST_PICTURED = 50  # recordings with picture and player; beyond, a row of the table each

_LABELS = "".join(f".{label} {{ background: {colour}; }} " for label, colour in COLOURS.items())
_STYLE = f"""
{_LABELS}
.meaning {{ border-left: .3rem solid var(--line); padding-left: .7rem; }}
.seconds {{ list-style: none; padding: 0; display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); }}
.bands th, .bands td {{ border: 0; padding: .1rem .6rem .1rem 0; font-weight: 400; white-space: nowrap; }}
.bands td:nth-child(2) {{ width: 80%; }}
.bar {{ display: block; position: relative; height: .9rem; background: var(--paper); border: 1px solid var(--line); }}
.bar span {{ position: absolute; top: 0; bottom: 0; }}
"""


def write_report(path: str | Path, entries: Sequence[Entry]) -> Path:
    """Write the page, whole or not at all. `VoxproofError` if the file cannot be written."""
    target = Path(path)
    with write_aside(target, VoxproofError) as aside:
        aside.write_text(report_html(entries), encoding="utf-8", errors="replace")
    return target


def report_html(entries: Sequence[Entry]) -> str:
    """The page as text: no script, no link to anything outside, for phones, paper and dark rooms too."""
    counts = {label: sum(e.verdict is not None and e.verdict.label == label for e in entries) for label in COLOURS}
    unread = sum(entry.verdict is None for entry in entries)
    said = ", ".join(f"{count} {label}" for label, count in counts.items() if count) or "nothing judged"
    models = sorted({f"{e.verdict.model} (card {e.verdict.card_sha256[:12]})" for e in entries if e.verdict})
    shown = "\n".join(section(entry) for entry in entries[:MOST_PICTURED])
    rest = _table(entries[MOST_PICTURED:]) if len(entries) > MOST_PICTURED else ""
    body = (
        f"<h1>Real or synthetic? {len(entries)} recording{'s' if len(entries) != 1 else ''}</h1>"
        f"<p>{html.escape(said)}{f', {unread} unreadable' if unread else ''}.</p>\n{shown}\n{rest}{_limits(entries)}"
        '<p class="small">The probability is that of synthetic speech if real and synthetic were equally likely '
        "beforehand. A detector errs: take its answer as one hint beside others, above all on recordings that are "
        f"short, noisy or coded. Voxproof {__version__}, {html.escape(', '.join(models) or 'no model')}.</p>"
    )
    return document("Voxproof report", body, _STYLE)


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
