"""`voxproof detect`: real, or made by a machine?"""

from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxproof.cli.judging import Asked, verdicts
from voxproof.cli.options import AddressOption, ExecutorOption
from voxproof.cli.recordings import SUFFIXES, recordings
from voxproof.cli.stderr import progress, say
from voxproof.cli.stdout import print_json
from voxproof.errors import AudioError, VoxproofError
from voxproof.notes import one_line
from voxproof.places import Address, AddressError, Place, fetched

if TYPE_CHECKING:
    from voxproof.audio import Audio
    from voxproof.detection import Verdict
    from voxproof.detection.report_sections import Entry

app = typer.Typer(add_completion=False)

NOTHING_OR_SOMETHING = 1  # exit code: no recording to look at, or one over the threshold
_REPORT_SAMPLES = 32 << 20  # kept for the players and pictures of a report, 128 MiB; beyond, words alone


@app.command(epilog="Example: voxproof detect call.wav downloads/ --report report.html")
def detect(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Recordings, and folders of them; s3:// and the like too.")
    ],
    model: Annotated[str | None, typer.Option(help="A detector's name, or the path of its card.")] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a report with pictures: .html with players, or .pdf."),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say which seconds and bands moved the score; takes ten times as long.")
    ] = False,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0.0, max=1.0, help="Leave with 1 if a recording is this likely to be synthetic, or proven so."
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes at once, for many recordings; as many as cores if not given.")
    ] = None,
    executor: ExecutorOption = "local",
    address: AddressOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Tell whether recordings are real voices or synthetic, by their sound, watermark and manifest.

    One line for each recording, and one more with --explain; a report explains its first 50. Exit code 1 if there is
    nothing to look at or the threshold is reached, 2 if a recording cannot be read (the others are still judged), 3 if
    the model is missing.
    """
    found = list(recordings(paths))
    if not found:
        say(f"no recording in {', '.join(paths)} ({', '.join(sorted(SUFFIXES))})")
        raise typer.Exit(NOTHING_OR_SOMETHING)
    if report is not None:
        from voxproof.files import check_writable

        check_writable(report)
    tally = _Tally(keeps=report is not None, threshold=threshold, explains=explain)
    asked = [Asked(path, tally.explains_at(place)) for place, path in enumerate(found)]
    # Closed whatever happens, so that Ctrl-C leaves no process behind.
    with (
        progress("listening", len(found) if len(found) > 1 else None) as show,
        closing(verdicts(asked, model, jobs, executor, address)) as answers,
    ):
        for number, (path, answer) in enumerate(zip(found, answers, strict=True), 1):
            _tell(path, answer, tally, as_json)
            show(number, f"{number} of {len(found)}")
    if report is not None:
        from voxproof.detection.report import write_report

        write_report(report, tally.entries)
        say(f"the report is {report}")
    if len(found) > 1:
        say(tally.summary(len(found)))
    if tally.counts["unreadable"]:
        raise typer.Exit(VoxproofError.exit_code)
    if tally.reached:
        raise typer.Exit(NOTHING_OR_SOMETHING)


@dataclass
class _Tally:
    """What was found so far: numbers for the end, and for a report the recordings, as far as there is room."""

    keeps: bool
    threshold: float | None
    explains: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    entries: "list[Entry]" = field(default_factory=list)
    reached: bool = False
    kept_samples: int = 0

    def add(self, path: Place, audio: "Audio | None", verdict: "Verdict | None", error: str = "") -> None:
        """Count one recording."""
        self.counts[verdict.label if verdict else "unreadable"] += 1
        if verdict is not None and self.threshold is not None:
            self.reached |= verdict.proven or verdict.probability >= self.threshold
        if not self.keeps:
            return
        from voxproof.detection.report import MOST_PICTURED
        from voxproof.detection.report_sections import Entry

        if audio is not None:
            self.kept_samples += len(audio.samples)
            if len(self.entries) >= MOST_PICTURED or self.kept_samples > _REPORT_SAMPLES:
                audio = None
        self.entries.append(Entry(str(path), audio, verdict, error))

    def explains_at(self, place: int) -> bool:
        """Whether a recording is explained: asked for, or among those that a report shows with a picture."""
        if self.explains or not self.keeps:
            return self.explains
        from voxproof.detection.report import MOST_PICTURED

        return place < MOST_PICTURED

    def summary(self, total: int) -> str:
        """How many there are of each kind."""
        counted = [
            f"{count} {kind}" for kind in ("real", "fake", "uncertain", "unreadable") if (count := self.counts[kind])
        ]
        return f"{total} recordings: {', '.join(counted)}"


def _tell(path: Place, answer: "Verdict | VoxproofError", tally: _Tally, as_json: bool) -> None:
    if isinstance(answer, VoxproofError):
        tally.add(path, None, None, str(answer))
        say(one_line(str(answer)))
        if as_json:
            print_json({"path": str(path), "error": one_line(str(answer))}, indent=None)
        return
    verdict = answer
    tally.add(path, _again(path) if tally.keeps else None, verdict)
    if as_json:
        facts = {"path": str(path), **verdict.as_dict()}
        print_json(facts, indent=None)
    else:
        print(f"{verdict.label:<9}  {one_line(str(path))}: {one_line(str(verdict))}", flush=True)
        if tally.explains and verdict.explanation is not None:
            print(f"{'':<9}  {verdict.explanation}", flush=True)


def _again(path: Place) -> "Audio | None":
    """The sound of a recording that was just judged, for the report."""
    from voxproof.audio import read_audio
    from voxproof.audio.limits import MAX_BYTES

    try:
        return read_audio(fetched(path, MAX_BYTES) if isinstance(path, Address) else path)
    except (AudioError, AddressError):  # it went away in between
        return None
