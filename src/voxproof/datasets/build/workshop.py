"""`make(unit) -> Row`: the one call behind which everything that an executor runs is done."""

import tempfile
import warnings
from pathlib import Path

from voxproof.audio import write_audio
from voxproof.corpora import Row
from voxproof.datasets.build.makers import RATE, Made, Maker, load_maker
from voxproof.datasets.build.plan import Plan
from voxproof.datasets.build.quality import QualityMarks
from voxproof.datasets.build.units import Unit
from voxproof.errors import AudioError, CorpusError
from voxproof.notes import one_line, tell_warnings
from voxproof.places import Address, AddressError, Place, UnreachableError, place

AUDIO = "audio"  # the folder of sounds within that of the set
_LONGEST_NOTE = 400  # characters


class StoppedError(CorpusError):
    """No unit can be made any more, whichever it is: a full disk, say. It ends the run and marks no row as failed."""


class Workshop:
    """Makes units into `folder`, in this process; it is given a plan and loads the models when it is made.

    An executor needs one in each process and nothing else: a unit is whole in itself, and what comes of it hangs on
    the unit alone.
    """

    def __init__(self, plan: Plan, folder: str | Place) -> None:
        self._plan = plan
        self._folder = place(folder)
        self._makers: tuple[Maker, ...] = tuple(load_maker(order, plan) for order in plan.orders)
        self.quality = QualityMarks(plan)

    @property
    def cards(self) -> list[list[str]]:
        """Of every order, the cards of the models that take part."""
        return [one.card_names() for one in self._makers]

    def make(self, unit: Unit) -> Row:
        """The unit's row; its sound is on disk then. `VoxproofError` if it cannot be made, `StoppedError` if none."""
        if unit.refusal:
            raise CorpusError(unit.refusal)
        notes: list[str] = []
        try:
            with warnings.catch_warnings():
                tell_warnings(notes.append)
                made = self._makers[unit.order].make(unit)
        except UnreachableError as reason:  # the next unit would fare no better
            raise StoppedError(str(reason)) from None
        row = self._row(unit, made)
        extra = {**row.extra, **{name: value for name, value in made.extra.items() if value}}
        if told := dict.fromkeys((*made.notes, *notes)):
            extra["notes"] = " | ".join(told)[:_LONGEST_NOTE]
        if made.audio is None:
            return row._replace(extra=extra)
        extra |= self.quality.marks(unit, row.text, made.audio)
        path = sound_path(unit.id)
        self._write(path, made)
        return row._replace(
            path=path,
            duration_s=round(made.audio.duration, 4),
            original_sample_rate=RATE,
            original_codec="flac",
            start_s=0.0,
            end_s=0.0,
            extra=extra,
        )

    def failed(self, unit: Unit, error: str) -> Row:
        """The row of a unit that could not be made: with its label and the reason, without a path."""
        row = self._row(unit, Made(None))
        return row._replace(path="", extra={**row.extra, "error": one_line(error)[:_LONGEST_NOTE]})

    def _row(self, unit: Unit, made: Made) -> Row:
        source, by = unit.source, self._makers[unit.order]
        ours = {"kind": unit.kind, "seed": str(unit.seed), "cards": " ".join(by.card_names())}
        if unit.kind in ("clone", "convert"):
            ours["consent"] = " ".join(self._plan.consent.split())
        fields: dict[str, str] = dict(made.fields)
        if by.synthetic:
            # Coded like the clips that they are made from, if those are in the set.
            fields |= {"label": "fake", "generator": by.engine, "family": by.family, "year": "", "novel": ""}
            fields["matched"] = "1" if self._plan.keep_sources else ""
        return source._replace(
            **fields,  # type: ignore[arg-type]
            path=unit.sound.sound,
            id=unit.id,
            pair=source.id or source.path,
            source_path=source.source_path or source.path,
            extra={**source.extra, **{name: value for name, value in ours.items() if value}},
        )

    def _write(self, path: str, made: Made) -> None:
        target = self._folder / path
        assert made.audio is not None
        if isinstance(target, Address):
            self._put(target, made)
            return
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_audio(target, made.audio)
        except OSError as reason:
            raise StoppedError(f"cannot write {target}: {reason.strerror or reason}") from None
        except AudioError as reason:
            if isinstance(reason.__cause__, OSError):  # the disk, not the sound
                raise StoppedError(str(reason)) from None
            raise

    def _put(self, target: Address, made: Made) -> None:
        """The sound last: a row is told only once that is there, and what stands beside it is then, too."""
        assert made.audio is not None
        try:
            with tempfile.TemporaryDirectory(prefix="voxproof-") as folder:
                local = Path(folder, target.name)
                write_audio(local, made.audio)
                for name in (f"{target.name}.json", target.name):
                    if (file := local.with_name(name)).is_file():
                        target.with_name(name).put(file)
        except AddressError as reason:
            raise StoppedError(str(reason)) from None
        except OSError as reason:
            raise StoppedError(f"cannot write {target}: {reason.strerror or reason}") from None


def sound_path(id: str) -> str:
    """Where the sound of a unit lies within the folder of its set."""
    return f"{AUDIO}/{id[:2]}/{id}.flac"
