"""Convert: a recording in, the same words in another voice out."""

from collections.abc import AsyncIterator
from functools import partial

import gradio as gr

from voxproof import api
from voxproof.errors import AudioError
from voxproof.provenance import Manifest, write_marked
from voxproof.web import parts, words
from voxproof.web.clone import FORMATS, check_consent
from voxproof.web.consent import ConsentPart
from voxproof.web.desk import Desk
from voxproof.web.turn import Changes, Turn, answering
from voxproof.web.voice_choice import VoiceChoice, chosen

_ABOUT = (
    "The words, the timing and the melody stay; the voice becomes somebody else's. A first version: many words are "
    "lost. What is made carries a watermark and a manifest."
)


def convert(desk: Desk, blocks: gr.Blocks) -> None:
    """Lay out the page."""
    parts.text(words.title("Convert a recording", _ABOUT))
    notice = parts.text(render=False)
    with gr.Row():
        with gr.Column():
            source = parts.recording("What is said")
        with gr.Column():
            voice = VoiceChoice(desk, blocks, notice, "A recording of the other voice, ten seconds or more")
            consent = ConsentPart(desk, blocks, notice, voice)
            form = gr.Dropdown(FORMATS, value="wav", label="File")
    button = gr.Button("Convert", variant="primary")
    notice.render()
    result = parts.Made("The same words in the other voice")

    async def turn_into(
        turn: Turn, said: str | None, name: str, path: str | None, note: str, suffix: str
    ) -> AsyncIterator[Changes]:
        if said is None:
            raise AudioError("there is no recording to convert yet: drop a file, or record one")
        check_consent(name, note)
        yield {
            **result.cleared(),
            notice: words.said("Converting"),
        }
        spoken = await turn.sound(said)
        speaker = await chosen(turn, name, path)
        made = await turn.step(lambda: api.convert(spoken, speaker, consent=note.strip() or None))
        target = desk.made(f"converted.{suffix}")
        await turn.step(partial(write_marked, target, made, Manifest.model_validate(made.manifest)))
        turn.state.metrics.made.labels("conversion").inc(made.duration)
        yield {
            **result.given(target),
            notice: words.said(f"Done: {made.duration:.1f} s of sound, marked, with its manifest")
            + words.notes(turn.notes),
        }

    button.click(
        answering(desk, notice, turn_into, "conversions"),
        [source, *voice.inputs, consent.note, form],
        [notice, *result.outputs],
        show_progress="hidden",
        api_visibility="private",
    )
