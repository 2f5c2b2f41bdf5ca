"""Compare: a reference, a clone and another real clip side by side, with what can be measured of them here."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import lru_cache, partial

import gradio as gr
import numpy as np

from voxproof.audio import Audio
from voxproof.detection import detect_audio
from voxproof.errors import AudioError, ModelError
from voxproof.evaluation.distillmos import DistillMos
from voxproof.evaluation.dnsmos import Dnsmos
from voxproof.evaluation.recognition import score_transcript
from voxproof.speakers import JUDGE, load_encoder
from voxproof.web import parts, words
from voxproof.web.consent import can_listen, recogniser
from voxproof.web.desk import Desk
from voxproof.web.turn import Changes, Turn, answering

_ABOUT = (
    "A recording of a voice, a clone of it and, if there is one, another real recording. Listen to them side by side, "
    "and measure how near the clone comes."
)
_MEANING = [
    "Likeness: the cosine of two voices as an encoder hears them that no clone was made with; the real clip tells what "
    "the speaker reaches.",
    "Words wrong: of those in the text, as a small recogniser understands them; real speech is not at zero either.",
    "Sound: the mean opinion from 1 to 5 that DistillMOS (where it is installed, else DNSMOS) expects of listeners.",
    "Synthetic: the detector's probability, by the sound alone.",
]
_NOT_HERE = "not installed"


@dataclass(frozen=True)
class Measured:
    """One clip as the table shows it."""

    name: str
    likeness: str
    wrong: str
    sound: str
    synthetic: str
    missing: str = ""


def compare(desk: Desk, blocks: gr.Blocks) -> None:
    """Lay out the page."""
    parts.text(words.title("Compare", _ABOUT))
    with gr.Row():
        reference = parts.recording("Reference", min_width=260)
        clone = parts.recording("Clone", min_width=260)
        real = parts.recording("Another real clip (optional)", min_width=260)
    text = gr.Textbox(
        label="What the clone should say (optional)", info="Needed to count wrong words.", max_length=desk.settings.text
    )
    button = gr.Button("Measure", variant="primary")
    notice, table = parts.text(), parts.text()

    async def measure(
        turn: Turn, first: str | None, second: str | None, third: str | None, said: str
    ) -> AsyncIterator[Changes]:
        if first is None or second is None:
            missing = "reference" if first is None else "clone"
            raise AudioError(f"the {missing} is missing: drop a file, or record one")
        yield {table: "", notice: words.said("Listening")}
        known = await turn.sound(first)
        rows = [await turn.step(partial(measured, "Reference", known, known, ""))]
        for name, path, wanted in (("Clone", second, said), ("Real clip", third, "")):
            if path is not None:
                rows.append(await turn.step(partial(measured, name, await turn.sound(path), known, wanted)))
                yield {table: _table(rows), notice: words.said(f"{len(rows)} measured")}
        missing_here = list(dict.fromkeys(row.missing for row in rows if row.missing))
        yield {table: _table(rows), notice: words.said("Done") + words.notes(missing_here)}

    button.click(
        answering(desk, notice, measure, "detections" if "detections" in desk.settings.features else None),
        [reference, clone, real, text],
        [notice, table],
        show_progress="hidden",
        api_visibility="private",
    )


def measured(name: str, audio: Audio, reference: Audio, text: str) -> Measured:
    """What can be measured of one clip here. Called on a worker."""
    judge = load_encoder(JUDGE)
    likeness = "" if audio is reference else f"{float(np.dot(judge.embed(audio), judge.embed(reference))):.2f}"
    missing, wrong = "", ""
    if text.strip():
        wrong, missing = (_words_wrong(text, audio), "") if can_listen() else (_NOT_HERE, _how_to_get("Words"))
    try:
        sound = opinion(audio)
    except ModelError:
        sound, missing = _NOT_HERE, _how_to_get("Sound")
    return Measured(name, likeness, wrong, sound, f"{100 * detect_audio(audio).probability:.0f} %", missing)


def opinion(audio: Audio) -> str:
    """What listeners would say of the sound, from 1 to 5, by the better of the predictors that are here."""
    distillmos, dnsmos = _predictors()
    try:
        return f"{distillmos.score(audio):.2f}"
    except ModelError:  # its weights come with a package that no extra has
        return f"{dnsmos.score(audio).overall:.2f} (DNSMOS)"


@lru_cache(maxsize=1)
def _predictors() -> tuple[DistillMos, Dnsmos]:
    return DistillMos(), Dnsmos()


def _words_wrong(text: str, audio: Audio) -> str:
    count, _ = score_transcript(text, recogniser().transcribe(audio))
    return f"{100 * count.rate:.0f} %"


def _how_to_get(what: str) -> str:
    return f"{what} cannot be measured on this server: pip install 'voxproof[evaluate]'"


def _table(rows: list[Measured]) -> str:
    head = ["Clip", "Likeness", "Words wrong", "Sound (1 to 5)", "Synthetic"]
    lines = [[row.name, *(cell or "–" for cell in (row.likeness, row.wrong, row.sound, row.synthetic))] for row in rows]
    return words.table("Measured", head, lines) + words.items(_MEANING)
