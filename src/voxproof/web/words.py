"""Small pieces of HTML that several pages show. Whatever comes from outside is escaped here."""

import html
from collections.abc import Iterable, Sequence

from voxproof.notes import one_line


def title(heading: str, text: str) -> str:
    """The head of a page."""
    return f"<h1>{html.escape(heading)}</h1><p>{html.escape(text)}</p>"


def heading(text: str) -> str:
    """The head of a part of a page."""
    return f"<h2>{html.escape(text)}</h2>"


def problem(message: str) -> str:
    """One line that says what was wrong; a screen reader says it at once."""
    line = one_line(message)
    return f'<p class="problem" role="alert">{html.escape(line[:1].upper() + line[1:])}</p>'


def said(message: str) -> str:
    """One line that says what was done; a screen reader says it when it is silent next."""
    return f'<p class="said" role="status">{html.escape(one_line(message))}</p>'


def notes(several: Sequence[str]) -> str:
    """What somebody should know although it worked; nothing if there is nothing."""
    if not several:
        return ""
    items = "".join(f"<li>{html.escape(one_line(note))}</li>" for note in several)
    return f'<div class="notes" role="status"><ul>{items}</ul></div>'


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of text; the first column names the row. On a phone its rows become blocks of `column: cell`."""
    labels = [html.escape(one) for one in head[1:]]
    columns = "".join(f'<th scope="col">{html.escape(one)}</th>' for one in head)
    lines = "".join(
        f'<tr><th scope="row">{html.escape(first)}</th>'
        + "".join(f'<td data-label="{label}">{html.escape(one)}</td>' for label, one in zip(labels, rest, strict=True))
        + "</tr>"
        for first, *rest in rows
    )
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{html.escape(caption)}"><table>'
        f"<caption>{html.escape(caption)}</caption><thead><tr>{columns}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def items(several: Iterable[str]) -> str:
    """A list of text."""
    return f"<ul>{''.join(f'<li>{html.escape(one)}</li>' for one in several)}</ul>"


def player(url: str, label: str) -> str:
    """An audio element that begins to play as soon as there is something to hear."""
    return f'<audio controls autoplay aria-label="{html.escape(label)}" src="{html.escape(url)}"></audio>'
