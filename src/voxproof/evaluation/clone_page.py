"""The report of clones as one HTML file: the tables, and a handful of clones to hear and to see."""

import html
from collections.abc import Sequence
from pathlib import Path

from voxproof import __version__
from voxproof.cloners import TimedPhoneme, load_cloner
from voxproof.cloners.base import Cloner
from voxproof.cloners.timing import joined
from voxproof.errors import VoxproofError
from voxproof.evaluation.clone_picks import Pick
from voxproof.evaluation.clone_sections import section
from voxproof.evaluation.clones import SEED, Clone
from voxproof.evaluation.report import Report
from voxproof.files import write_aside
from voxproof.pages import document
from voxproof.speakers import enroll_voice
from voxproof.text import load_pronunciations

MOST_BYTES = 8_000_000  # of a page; what has no room any more is named instead
_STYLE = """
h4 { font-size: .95rem; margin: .8rem 0 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem .9rem; margin: .6rem 0; }
dt { opacity: .8; } dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: .4rem 0; }
.why { background: #9cc9c1; display: inline-block; margin-bottom: .3rem; }
.voices { display: grid; gap: 0 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); }
.wide { overflow-x: auto; } .wide td, .wide th { white-space: nowrap; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; } }
"""


def write_clone_page(path: Path, report: Report, picked: Sequence[Pick], *, engine: str, encoder: str) -> None:
    """Write the page, whole or not at all; `VoxproofError` if the file cannot be written.

    Clones of engines that know where phonemes lie are said once more to get them, with the voice, text and seed that
    the clip was made with.
    """
    cloner = load_cloner(engine)
    sections = []
    left = MOST_BYTES
    left_out = []
    for pick in picked:
        made = section(pick, phonemes_of(pick.clone, cloner, encoder))
        if len(made.encode()) > left:
            left_out.append(pick.clone.speaker.name)
            continue
        left -= len(made.encode())
        sections.append(made)
    with write_aside(path, VoxproofError) as aside:
        aside.write_text(clone_html(report, sections, left_out), encoding="utf-8", errors="replace")


def clone_html(report: Report, sections: Sequence[str], left_out: Sequence[str] = ()) -> str:
    """The page as text; `left_out` names speakers that there was no room for."""
    facts = "".join(
        f"<dt>{html.escape(what)}</dt><dd>{html.escape(said)}</dd>" for what, said in report.facts().items()
    )
    missing = f"<p>Left out, since the page would be too large: {html.escape(', '.join(left_out))}.</p>"
    body = (
        f"<header><h1>{html.escape(report.title)}</h1><dl>{facts}</dl></header><main>"
        "<h2>To hear and to see</h2><p>Of the best, the median and the worst speaker, by likeness and by word errors, "
        "the clip of the same rank. The texts are new, so no real sentence says the same words.</p>"
        f"{''.join(sections)}{missing if left_out else ''}{''.join(table.html() for table in report.tables)}</main>"
        f'<footer class="small"><p>All clones were made by a machine and carry a watermark. Voxproof {__version__}.</p>'
        "</footer>"
    )
    return document(report.title, body, _STYLE)


def phonemes_of(clone: Clone, cloner: Cloner, encoder: str) -> tuple[TimedPhoneme, ...]:
    """Where the clone's phonemes lie; none if its engine does not know, or no longer says it as in the clip."""
    if not cloner.times_phonemes:
        return ()
    voice = enroll_voice(clone.speaker.reference(clone.length), clone.speaker.name, encoder=encoder)
    pieces = cloner.timed_stream(clone.text.text, voice, seed=SEED, pronunciations=load_pronunciations())
    seconds, phonemes = joined(pieces)
    return phonemes if abs(seconds - clone.audio().duration) < 1e-3 else ()
