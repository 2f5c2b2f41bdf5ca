"""Whose voice: one that is enrolled, or a recording, which is graded as soon as it is there."""

import html
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from voxproof.audio import Audio
from voxproof.audio.quality import GOOD_SPEECH_S, ReferenceGrade, grade_reference
from voxproof.errors import AudioError
from voxproof.server.routes.voices import voice_named
from voxproof.speakers import Voice, list_voices
from voxproof.web import parts
from voxproof.web.desk import Desk
from voxproof.web.turn import Changes, Turn, answering

NEW = "A new recording"


class VoiceChoice:
    """The components, and what they say as a voice."""

    def __init__(self, desk: Desk, blocks: gr.Blocks, notice: gr.HTML, hint: str) -> None:
        self.name = gr.Dropdown(
            [NEW], value=NEW, label="Voice", info="Enrolled voices are listed here.", interactive=True
        )
        self.recording = parts.recording(hint)
        self.grade = parts.text(visible=False)
        blocks.load(lambda: gr.Dropdown(choices=choices()), None, self.name, api_visibility="private")
        self.name.change(
            lambda name: [gr.Audio(visible=name == NEW), gr.HTML(visible=name == NEW)],
            self.name,
            [self.recording, self.grade],
            show_progress="hidden",
            api_visibility="private",
        )
        self.recording.change(
            answering(desk, notice, self._graded),
            self.recording,
            [notice, self.grade],
            show_progress="hidden",
            api_visibility="private",
        )

    @property
    def inputs(self) -> list[Any]:
        """What a handler has to be given for `voice`."""
        return [self.name, self.recording]

    async def _graded(self, turn: Turn, path: str | None) -> AsyncIterator[Changes]:
        if path is None:
            yield {self.grade: gr.HTML(value="", visible=False)}
            return
        yield {self.grade: gr.HTML(value="", visible=False)}
        audio = await turn.sound(path)
        grade = await turn.step(lambda: grade_reference(audio, "the recording"))
        yield {self.grade: gr.HTML(value=graded(grade), visible=True)}


async def chosen(turn: Turn, name: str, path: str | None) -> Voice | list[Audio]:
    """The voice in the form that `voxproof.clone` takes."""
    if name != NEW:
        return await turn.step(lambda: voice_named(name))
    if path is None:
        raise AudioError("there is no recording of the voice yet: drop a file, or record one")
    return [await turn.sound(path)]


def choices() -> list[str]:
    """What can be chosen now."""
    return [NEW, *(stored.name for stored in list_voices() if stored.voice is not None)]


def graded(grade: ReferenceGrade) -> str:
    """A grade in words."""
    facts = f"{grade.speech:.1f} s of speech, {grade.snr:.0f} dB above the background, {grade.loudness:.0f} LUFS"
    if not grade.notes:
        enough = "A good reference" if grade.speech >= 2 * GOOD_SPEECH_S else "A good reference; ten seconds are better"
        return f'<div class="grade" role="status"><p>{enough}: {facts}.</p></div>'
    items = "".join(f"<li>{html.escape(note[:1].upper() + note[1:])}.</li>" for note in grade.notes)
    return f'<div class="grade doubtful" role="status"><p>Usable, but: {facts}.</p><ul>{items}</ul></div>'
