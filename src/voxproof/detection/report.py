"""A page about verdicts that needs nothing beside it: players, pictures and words in one HTML file."""

import html
from collections.abc import Sequence
from pathlib import Path

from voxproof import __version__
from voxproof.detection.report_sections import COLOURS, Entry, section
from voxproof.errors import VoxproofError
from voxproof.files import write_aside

MOST_PICTURED = 50  # recordings with picture and player; beyond, a row of the table each

_LABELS = "".join(f".{label} {{ background: {colour}; }} " for label, colour in COLOURS.items())
_STYLE = f"""
:root {{ color-scheme: light dark; --ink: #222; --paper: #fff; --line: #ccc; --soft: #f6f6f4; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #e8e8e8; --paper: #16181c; --line: #454a52; --soft: #1e2126; }} }}
body {{ font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
       max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.1rem; overflow-wrap: anywhere; margin: 0; }}
h3 {{ font-size: 1rem; margin: 1rem 0 .3rem; }}
section {{ border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 1rem 0;
  background: var(--soft); }}
.label {{ color: #16181c; border-radius: .4rem; padding: .1rem .6rem; font-weight: 600; margin-right: .5rem; }}
{_LABELS}
.meaning {{ border-left: .3rem solid var(--line); padding-left: .7rem; }}
audio, img {{ width: 100%; display: block; margin: .6rem 0; border-radius: .4rem; }}
.seconds {{ list-style: none; padding: 0; display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); }}
table {{ border-collapse: collapse; width: 100%; }} td, th {{ text-align: left; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }}
.bands th, .bands td {{ border: 0; padding: .1rem .6rem .1rem 0; font-weight: 400; white-space: nowrap; }}
.bands td:nth-child(2) {{ width: 80%; }}
.bar {{ display: block; position: relative; height: .9rem; background: var(--paper); border: 1px solid var(--line); }}
.bar span {{ position: absolute; top: 0; bottom: 0; }}
.small {{ font-size: .85rem; opacity: .8; }}
@media print {{ audio {{ display: none; }} section {{ break-inside: avoid; }} body {{ margin: 0; max-width: none; }}
  * {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }} }}
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
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Voxproof report</title><style>{_STYLE}</style></head><body>"
        f"<h1>Real or synthetic? {len(entries)} recording{'s' if len(entries) != 1 else ''}</h1>"
        f"<p>{html.escape(said)}{f', {unread} unreadable' if unread else ''}.</p>\n{shown}\n{rest}{_limits(entries)}"
        '<p class="small">The probability is that of synthetic speech if real and synthetic were equally likely '
        "beforehand. A detector errs: take its answer as one hint beside others, above all on recordings that are "
        f"short, noisy or coded. Voxproof {__version__}, {html.escape(', '.join(models) or 'no model')}.</p>"
        "</body></html>\n"
    )


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
