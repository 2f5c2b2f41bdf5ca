"""Voices: those that are enrolled, with all that is known of them; enrol, rename, delete."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import gradio as gr

from voxproof import api
from voxproof.errors import AudioError
from voxproof.provenance import consent_note
from voxproof.server.settings import Feature
from voxproof.speakers import StoredVoice, delete_voice, list_voices, rename_voice, save_voice
from voxproof.web import parts, words
from voxproof.web.desk import Desk
from voxproof.web.turn import Changes, Turn, answering

_ABOUT = "Voices that are kept by name on this server, for Clone, Convert, the API and the command line."
_NONE = "No voice is enrolled yet. Give one a name below, and it can be chosen on the other pages."


def voices(desk: Desk, blocks: gr.Blocks) -> None:
    """Lay out the page."""
    parts.text(words.title("Voices", _ABOUT))
    notice = parts.text()
    table = parts.text()
    with gr.Row():
        with gr.Column():
            parts.text(words.heading("Enrol a voice"))
            new = gr.Textbox(label="Name", max_length=80, interactive=True)
            files = gr.File(
                label="Recordings of one person, ten seconds or more",
                file_count="multiple",
                height=160,
                interactive=True,
            )
            recorded = gr.Audio(
                label="Or record now", type="filepath", sources=["microphone"], buttons=[], interactive=True
            )
            note = gr.Textbox(
                label="Consent: who agreed to what", info="Kept with the voice.", max_length=2000, interactive=True
            )
            enrol = gr.Button("Enrol", variant="primary")
        with gr.Column(visible=False) as change:
            parts.text(words.heading("Change a voice"))
            name = gr.Dropdown([], label="Voice", interactive=True)
            changed = gr.Textbox(label="New name", max_length=80, interactive=True)
            rename = gr.Button("Rename")
            delete = gr.Button("Delete")
            with gr.Row(visible=False) as asked:
                really, keep = gr.Button("Delete for good", variant="stop"), gr.Button("Keep it")

    def now(message: str) -> Changes:
        found = list_voices()
        names = [stored.name for stored in found]
        return {
            table: _table(found),
            name: gr.Dropdown(choices=names, value=names[0] if names else None),
            change: gr.Column(visible=bool(found)),
            asked: gr.Row(visible=False),
            notice: words.said(message) if message else "",
        }

    async def enrolled(
        turn: Turn, called: str, paths: Sequence[str] | None, made: str | None, consent: str
    ) -> AsyncIterator[Changes]:
        given = [*(paths or ()), *([made] if made else ())]
        if not given:
            raise AudioError("there is no recording of the voice yet: drop a file, or record one")
        consent_note(consent)
        yield {notice: words.said("Listening")}
        heard = [await turn.sound(path) for path in given]
        await turn.step(lambda: save_voice(api.enroll(*heard, name=called.strip(), consent=consent)))
        changes = await turn.step(lambda: now(f"{called.strip()} is enrolled"))
        notes = next((one.voice.notes for one in list_voices() if one.name == called.strip() and one.voice), ())
        yield {**changes, notice: changes[notice] + words.notes(notes), new: "", note: "", files: None, recorded: None}

    async def renamed(turn: Turn, old: str | None, wanted: str) -> AsyncIterator[Changes]:
        if old is None:
            raise AudioError("choose a voice first")
        await turn.step(lambda: rename_voice(old, wanted.strip()))
        yield {**await turn.step(lambda: now(f"{old} is called {wanted.strip()} now")), changed: ""}

    async def deleted(turn: Turn, old: str | None) -> AsyncIterator[Changes]:
        if old is None:
            raise AudioError("choose a voice first")
        await turn.step(lambda: delete_voice(old))
        yield await turn.step(lambda: now(f"{old} is deleted"))

    outputs: list[Any] = [notice, table, change, name, asked]
    options: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    feature: Feature = "speech" if "speech" in desk.settings.features else "conversions"
    blocks.load(lambda: now(""), None, outputs, **options)
    enrol.click(
        answering(desk, notice, enrolled, feature),
        [new, files, recorded, note],
        [*outputs, new, note, files, recorded],
        **options,
    )
    rename.click(answering(desk, notice, renamed), [name, changed], [*outputs, changed], **options)
    delete.click(lambda: gr.Row(visible=True), None, asked, **options)
    keep.click(lambda: gr.Row(visible=False), None, asked, **options)
    really.click(answering(desk, notice, deleted), name, outputs, **options)


def _table(found: Sequence[StoredVoice]) -> str:
    if not found:
        return f"<p>{_NONE}</p>"
    rows = []
    for stored in found:
        voice = stored.voice
        if voice is None:
            rows.append([stored.name, "", "", "", stored.problem])
            continue
        consent = str((voice.consent or {}).get("note", "none"))
        pitch = f"{voice.f0:.0f} Hz" if voice.f0 else "unknown"
        rows.append([stored.name, f"{voice.seconds:.1f} s", pitch, consent, "; ".join(voice.notes) or "none"])
    return words.table("Enrolled voices", ["Name", "Speech", "Pitch", "Consent", "What may spoil it"], rows)
