"""Clone: a voice and a text in, speech out, heard sentence by sentence while it is made."""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import gradio as gr
import numpy as np

from voxproof import api
from voxproof.audio import Audio
from voxproof.audio.encoding import StreamEncoder
from voxproof.errors import ConsentError, TextError
from voxproof.provenance import Manifest, write_marked
from voxproof.server.schemas import MEDIA_TYPES
from voxproof.text.prosody import FASTEST, SLOWEST
from voxproof.web import parts, words
from voxproof.web.consent import ConsentPart
from voxproof.web.desk import Desk
from voxproof.web.turn import Changes, Turn, answering
from voxproof.web.voice_choice import NEW, VoiceChoice, chosen

FORMATS = ["wav", "flac", "mp3", "opus"]
_HEARD = "mp3"  # what is listened to meanwhile: every browser plays it as it comes
_ABOUT = (
    "Ten seconds of somebody who agreed, and a text. What is made carries a watermark, and a manifest that says how it "
    "was made."
)


def clone(desk: Desk, blocks: gr.Blocks) -> None:
    """Lay out the page."""
    parts.text(words.title("Clone a voice", _ABOUT))
    notice = parts.text(render=False)
    with gr.Row():
        with gr.Column():
            voice = VoiceChoice(desk, blocks, notice, "A recording of the voice, ten seconds or more")
            consent = ConsentPart(desk, blocks, notice, voice)
        with gr.Column():
            text = gr.Textbox(
                label="Text",
                lines=6,
                max_length=desk.settings.text,
                info="English, or SSML if it begins with <speak. Pronunciations may stand in braces.",
            )
            with gr.Row():
                speed = gr.Slider(SLOWEST, FASTEST, 1.0, step=0.05, label="Speed", min_width=240)
                form = gr.Dropdown(FORMATS, value="wav", label="File", min_width=120)
            button = gr.Button("Speak", variant="primary")
            notice.render()
            live = parts.text()
            result = parts.Made("All of it")

    async def speak(
        turn: Turn, name: str, path: str | None, note: str, said: str, rate: float, suffix: str
    ) -> AsyncIterator[Changes]:
        if not said.strip():
            raise TextError("there is no text yet: write what is to be said")
        if len(said) > desk.settings.text:
            raise TextError(f"{len(said)} characters are too many: {desk.settings.text} are said at once")
        check_consent(name, note)
        yield {
            live: "",
            **result.cleared(),
            notice: words.said("Preparing the voice"),
        }
        speaker = await chosen(turn, name, path)
        pieces: Iterator[Audio] = await turn.step(
            lambda: api.clone(said, speaker, speed=rate, consent=note.strip() or None, stream=True)
        )
        heard = desk.listening.open(MEDIA_TYPES["mp3"])
        done: list[Audio] = []
        encoder: StreamEncoder | None = None
        try:
            while (piece := await turn.step(partial(next, pieces, None))) is not None:
                if encoder is None:
                    encoder = StreamEncoder(_HEARD, piece.rate, piece.manifest)
                    yield {live: words.player(heard.url, "The clone, as it is made")}
                done.append(piece)
                heard.add(await turn.step(partial(encoder.add, piece)))
                seconds = sum(one.duration for one in done)
                yield {notice: words.said(f"{len(done)} sentences spoken, {seconds:.1f} s of sound")}
            if encoder is None:
                raise TextError("there is nothing to say in this text")
            heard.add(encoder.end())
        finally:
            heard.end()
        target = desk.made(f"clone.{suffix}")
        await turn.step(partial(written, target, done))
        turn.state.metrics.made.labels("speech").inc(seconds)
        yield {
            **result.given(target),
            notice: words.said(f"Done: {seconds:.1f} s of sound, marked, with its manifest") + words.notes(turn.notes),
        }

    button.click(
        answering(desk, notice, speak, "speech"),
        [*voice.inputs, consent.note, text, speed, form],
        [notice, live, *result.outputs],
        show_progress="hidden",
        api_visibility="private",
    )


def check_consent(name: str, note: str) -> None:
    """Raise `ConsentError` for a new recording without a note; an enrolled voice has its own."""
    if name == NEW and not note.strip():
        raise ConsentError("consent is missing: write who agreed to what, or let the speaker read the sentence aloud")


def written(target: Path, pieces: list[Audio]) -> None:
    """All sentences as one marked file with its manifest beside it. Called on a worker."""
    facts = dict(pieces[0].manifest or {})
    joined = Audio(np.concatenate([piece.samples for piece in pieces]), pieces[0].rate)
    write_marked(target, joined, Manifest.model_validate(facts))
