"""Detect: recordings in, verdicts out; first what the detector says of each, then what moved it."""

import json
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path

import gradio as gr

from voxproof.audio import Audio
from voxproof.detection import Verdict, detect_audio
from voxproof.detection.report import write_report
from voxproof.detection.report_sections import Entry, section
from voxproof.errors import AudioError, VoxproofError
from voxproof.notes import one_line
from voxproof.provenance import findings, parse_manifest
from voxproof.server.judging import count
from voxproof.server.state import State
from voxproof.web import parts, words
from voxproof.web.desk import Desk
from voxproof.web.turn import Changes, Turn, answering, read

_ABOUT = (
    "Give recordings of somebody who speaks. The answer is how likely each is to be synthetic, where in it, and what "
    "its watermark and manifest say. Click into a picture to hear it from there. Nothing is sent to anybody but this "
    "server."
)


def detect(desk: Desk, blocks: gr.Blocks) -> None:
    """Lay out the page."""
    parts.text(words.title("Real or synthetic?", _ABOUT))
    with gr.Row():
        files = gr.File(label="Recordings: one file or many", file_count="multiple", type="filepath", height=190)
        recorded = gr.Audio(
            label="Or record now", type="filepath", sources=["microphone"], buttons=[], elem_id="detect-microphone"
        )
    explained = gr.Checkbox(
        value=True,
        label="Show what moved the score",
        info="The most suspicious seconds, and which pitches spoke for what. Takes ten times as long.",
    )
    button = gr.Button("Judge", variant="primary")
    notice = parts.text()
    with gr.Row():
        report, paper = parts.download("Download report (HTML)"), parts.download("Download report (PDF)")
        as_json = parts.download("Download JSON")
    downloads = (as_json, report, paper)
    places = [parts.seekable(visible=False) for _ in range(desk.settings.files)]

    async def judge(
        turn: Turn, uploaded: Sequence[str] | None, made: str | None, explain: bool
    ) -> AsyncIterator[Changes]:
        paths = [*(uploaded or ()), *([made] if made else ())]
        if not paths:
            raise VoxproofError("there is no recording yet: drop a file, or record one")
        if len(paths) > len(places):
            raise VoxproofError(f"{len(paths)} recordings are too many: {len(places)} are judged at once")
        cleared = {place: gr.HTML(value="", visible=False) for place in places}
        yield {**cleared, **{button: parts.hidden(gr.DownloadButton) for button in downloads}}
        entries: list[Entry] = []
        for number, path in enumerate(paths, 1):
            entry = await turn.step(partial(heard, path, turn.state))
            entries.append(entry)
            yield {
                places[number - 1]: gr.HTML(
                    value=section(Entry(entry.name, None, entry.verdict, entry.error)), visible=True
                ),
                notice: words.said(f"{number} of {len(paths)} judged"),
            }
        for number, entry in enumerate(entries):
            full = await turn.step(partial(pictured, entry, explain))
            entries[number], shown = full
            yield {places[number]: gr.HTML(value=shown, visible=True)}
        saved = await turn.step(partial(written, entries, desk))
        done = "Done" if len(entries) == 1 else f"Done: {len(entries)} recordings"
        yield {
            **{button: parts.shown(gr.DownloadButton, path) for button, path in zip(downloads, saved, strict=True)},
            notice: words.said(done),
        }

    button.click(
        answering(desk, notice, judge, "detections"),
        [files, recorded, explained],
        [notice, *downloads, *places],
        show_progress="hidden",
        api_visibility="private",
    )


def heard(path: str, state: State) -> Entry:
    """The verdict on an uploaded recording, or why it cannot be read. Called on a worker."""
    name = one_line(Path(path).name)
    try:
        audio, comment = read(path, state)
    except AudioError as problem:
        return Entry(name, None, None, one_line(str(problem)))
    said = f"{name}: the manifest in the comment tag"
    verdict = detect_audio(audio).with_findings(*findings(audio, name, lambda: parse_manifest(comment, said)))
    count(verdict, state.metrics)
    return Entry(name, audio, verdict)


def pictured(entry: Entry, explain: bool) -> tuple[Entry, str]:
    """The entry with its explanation, and how it is shown. Called on a worker."""
    if entry.audio is None or entry.verdict is None:
        return entry, section(entry)
    if explain:
        entry = Entry(entry.name, entry.audio, _explained(entry.audio, entry.verdict))
    return entry, section(entry)


def written(entries: Sequence[Entry], desk: Desk) -> tuple[Path, Path, Path]:
    """The JSON, as `POST /v1/audio/detections` answers it, and the report as HTML and PDF. Called on a worker."""
    data = [
        {"path": one.name, **(one.verdict.as_dict() if one.verdict is not None else {"error": one.error})}
        for one in entries
    ]
    as_json = desk.made("detections.json")
    as_json.write_text(json.dumps({"object": "list", "data": data}, indent=2, ensure_ascii=False), encoding="utf-8")
    reports = [write_report(as_json.with_name(f"report.{suffix}"), entries) for suffix in ("html", "pdf")]
    return as_json, reports[0], reports[1]


def _explained(audio: Audio, verdict: Verdict) -> Verdict:
    return detect_audio(audio, explain=True).with_findings(*verdict.findings)
