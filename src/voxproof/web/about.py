"""About: the models behind the pages, what they may be used for, what they cannot do, and what was measured of them."""

import html

import gradio as gr

import voxproof
from voxproof.models import Card, cards
from voxproof.web import parts, words
from voxproof.web.desk import Desk

_ABOUT = (
    "Voxproof clones a voice from ten seconds of speech, marks whatever it makes, and tells made speech from real. It "
    "works on the computer that it is installed on and asks no other."
)
_LIMITS = [
    "The detector is one hint, not a proof. It errs, most of all on generators that it never met: nobody should be "
    "accused by it alone.",
    "The watermark is found in what Voxproof made. It says nothing about clones that others made.",
    "Clone people who agreed to it. The note of their consent is kept in every manifest; it cannot be proven by it.",
]


_MEANING = [
    "EER, the equal error rate: the share of wrong answers where as many real voices are taken for synthetic as the "
    "other way round. 0 % is perfect, 50 % is guessing.",
    "95 %: between which values the figure would lie 19 times out of 20 with other recordings of that kind.",
]


def about(desk: Desk, blocks: gr.Blocks) -> None:
    """Lay out the page."""
    found = sorted(cards(), key=lambda card: (card.kind, card.name))
    parts.text(
        words.title("About Voxproof", _ABOUT) + f"<p>Version {html.escape(voxproof.__version__)}, Apache-2.0.</p>"
    )
    parts.text(words.heading("Limits") + words.items(_LIMITS))
    rows = [[card.name, card.kind, card.licence, _size(card.bytes), card.summary] for card in found]
    parts.text(
        words.heading("Models")
        + words.table("Models on this server", ["Name", "Kind", "Licence", "Size", "What"], rows)
    )
    figures = words.table("As measured, on the models' cards", _FIGURES, _figures(found))
    parts.text(words.heading("Figures") + words.items(_MEANING) + figures)
    parts.text(words.heading("What each model learned from, and where it fails"))
    for card in found:
        if card.limits or card.training_data:
            with gr.Accordion(card.name, open=False):
                parts.text(_details(card))


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 50_000 else f"{count / 1e3:.0f} kB"


_FIGURES = ["Model", "Figure", "Value", "95 %"]


def _figures(found: list[Card]) -> list[list[str]]:
    rows = []
    for card in found:
        for figure in card.figures:
            interval = "" if figure.interval is None else f"{figure.interval[0]:g} to {figure.interval[1]:g}"
            value = f"{figure.value:g} {figure.unit}".strip()
            rows.append([card.name, figure.name, value, interval])
    return rows


def _details(card: Card) -> str:
    learned = [
        f"{data.name}: {data.licence}"
        + (f", {data.hours:g} h" if data.hours else "")
        + (f", {data.speakers} speakers" if data.speakers else "")
        for data in card.training_data
    ]
    found = ""
    if card.limits:
        found += "<h3>Limits</h3>" + words.items(card.limits)
    if learned:
        found += "<h3>Learned from</h3>" + words.items(learned)
    return found
