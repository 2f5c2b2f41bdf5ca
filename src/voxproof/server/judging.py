"""Verdicts on uploads, as the command line gives them."""

from typing import Any

from voxproof.audio import Audio
from voxproof.audio.decoder_process import DecoderProcess
from voxproof.detection import Verdict, detect_audio
from voxproof.errors import AudioError
from voxproof.notes import one_line
from voxproof.provenance import findings, parse_manifest
from voxproof.server.metrics import Metrics
from voxproof.server.uploads import Recording


def judged(
    recording: Recording, decoder: DecoderProcess, metrics: Metrics, *, model: str, explain: bool = False
) -> dict[str, Any]:
    """What `voxproof detect --json` prints of a recording: its verdict, or why it cannot be read.

    Called on a worker.
    """
    try:
        audio, comment = recording.sound(decoder)
    except AudioError as problem:
        metrics.verdicts.labels("unreadable").inc()
        return {"path": recording.name, "error": one_line(str(problem))}
    verdict = detect_audio(audio, model=model, explain=explain)
    said = f"{recording.name}: the manifest in the comment tag"
    verdict = verdict.with_findings(*findings(audio, recording.name, lambda: parse_manifest(comment, said)))
    count(verdict, metrics)
    return {"path": recording.name, **verdict.as_dict()}


def judged_sound(audio: Audio, metrics: Metrics, *, model: str) -> Verdict:
    """The verdict on sound that came without a file. Called on a worker."""
    verdict = detect_audio(audio, model=model).with_findings(*findings(audio))
    count(verdict, metrics)
    return verdict


def count(verdict: Verdict, metrics: Metrics) -> None:
    """Count a verdict."""
    metrics.verdicts.labels(verdict.label).inc()
    metrics.heard.inc(verdict.seconds)
