"""Convert: a recording in, or a microphone while somebody speaks; the same words in another voice out."""

from collections.abc import AsyncIterator
from functools import partial

import gradio as gr

import voxproof
from voxproof.errors import AudioError
from voxproof.provenance import Manifest, write_marked
from voxproof.web import microphone, parts, words
from voxproof.web.clone import FORMATS, check_consent
from voxproof.web.consent import ConsentPart
from voxproof.web.desk import Desk
from voxproof.web.turn import Changes, Turn, answering
from voxproof.web.voice_choice import VoiceChoice, chosen

_ABOUT = (
    "The words, the timing and the melody stay; the voice becomes somebody else's. A first version: many words are "
    "lost. What is made carries a watermark and a manifest."
)
_LIVE = (
    "Speak, and hear each sentence in the other voice as soon as it has ended. Use headphones, or the microphone hears "
    "the other voice too. In the end all of it can be taken away; longer pauses are left out."
)


def convert(desk: Desk, blocks: gr.Blocks) -> None:
    """Lay out the page."""
    parts.text(words.title("Convert speech", _ABOUT))
    notice = parts.text(render=False)
    with gr.Row():
        with gr.Column():
            parts.text(words.heading("The other voice"))
            voice = VoiceChoice(desk, blocks, notice, "A recording of the other voice, ten seconds or more")
            consent = ConsentPart(desk, blocks, notice, voice)
        with gr.Column():
            parts.text(words.heading("What is said"))
            with gr.Tabs():
                with gr.Tab("A recording"):
                    source = parts.recording("What is said")
                    button = gr.Button("Convert", variant="primary")
                with gr.Tab("Live"):
                    parts.text(f"<p>{_LIVE}</p>")
                    start = gr.Button("Start speaking", variant="primary")
                    stage = microphone.microphone()
            form = gr.Dropdown(FORMATS, value="wav", label="File to take away")
            notice.render()
            result = parts.Made("The recording in the other voice")

    async def turn_into(
        turn: Turn, said: str | None, name: str, path: str | None, note: str, suffix: str
    ) -> AsyncIterator[Changes]:
        if said is None:
            raise AudioError("there is no recording to convert yet: drop a file, or record one")
        check_consent(name, note)
        yield {**result.cleared(), notice: words.said("Converting")}
        spoken = await turn.sound(said)
        speaker = await chosen(turn, name, path)
        made = await turn.step(lambda: voxproof.convert(spoken, speaker, consent=note.strip() or None))
        target = desk.made(f"converted.{suffix}")
        await turn.step(partial(write_marked, target, made, Manifest.model_validate(made.manifest)))
        turn.state.metrics.made.labels("conversion").inc(made.duration)
        yield {
            **result.given(target),
            notice: words.said(f"Done: {made.duration:.1f} s of sound, marked, with its manifest")
            + words.notes(turn.notes),
        }

    async def speak(turn: Turn, name: str, path: str | None, note: str, suffix: str) -> AsyncIterator[Changes]:
        from voxproof.api import live_conversion

        check_consent(name, note)
        yield {**result.cleared(), stage: "", notice: words.said("Preparing the voice")}
        speaker = await chosen(turn, name, path)
        live = await turn.step(lambda: live_conversion(speaker, rate=16_000, consent=note.strip() or None))
        session = desk.sessions.open(live)
        try:
            yield {stage: microphone.stage(session.url)}
            async for _ in session.until_over():
                yield {notice: microphone.spoken(session.count, session.seconds)}
            if not session.count:
                raise AudioError(session.problem or "nothing was said: speak, and wait for the other voice")
            turn.begin_again()
            target = desk.made(f"live.{suffix}")
            await turn.step(partial(session.write, target))
        finally:
            desk.sessions.close(session)
        told = [*turn.notes, *session.notes, *([session.problem] if session.problem else [])]
        yield {
            **result.given(target),
            notice: words.said(f"Done: {session.seconds:.1f} s of sound, marked, with its manifest")
            + words.notes(told),
        }

    button.click(
        answering(desk, notice, turn_into, "conversions"),
        [source, *voice.inputs, consent.note, form],
        [notice, *result.outputs],
        show_progress="hidden",
        api_visibility="private",
    )
    start.click(
        answering(desk, notice, speak, "conversions"),
        [*voice.inputs, consent.note, form],
        [notice, stage, *result.outputs],
        show_progress="hidden",
        api_visibility="private",
    )
