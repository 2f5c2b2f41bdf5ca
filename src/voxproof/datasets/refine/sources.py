"""The rows that a plan begins with: those of its manifests whose files are there."""

from collections.abc import Iterator
from pathlib import Path

from voxproof.audio.header import read_header
from voxproof.corpora.manifest import placed, read_manifest
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.datasets.refine.pieces import Piece, Planned, Stretch
from voxproof.datasets.refine.plan import Plan
from voxproof.errors import AudioError


def planned(plan: Plan, problems: Problems) -> list[Planned]:
    """Every row of the manifests with the stretch that it means, in their order.

    A row whose file is missing, or of unknown length, or of which the sound is there already, is a problem.
    """
    made: list[Planned] = []
    seen: set[Stretch] = set()
    for manifest in plan.manifests:
        place = plan.place(manifest)
        for row in read_manifest(place, problems):
            file = placed(row, place)
            try:
                if not isinstance(file, Path):
                    raise AudioError(f"{file}: refine reads files of this computer; bring it here first")
                stretch = Stretch((manifest, row.path), _size(file), row.start_s, row.end_s, str(file))
                seconds = _seconds(row, file)
            except AudioError as reason:
                problems.add(file, 0, str(reason))
                continue
            if stretch in seen:
                problems.add(file, 0, "the same sound is there twice; only the first row is kept")
                continue
            seen.add(stretch)
            named = row._replace(duration_s=seconds, id=row.id or row.path)
            made.append(Planned(named, Piece((stretch,))))
    return made


def origins(piece: Piece) -> list[str]:
    """Which files a piece is from, as their manifests name them, each with its stretch in seconds."""
    return [f"{one.source[1]}#{one.start:g}-{f'{one.end:g}' if one.end else ''}" for one in piece.stretches()]


def inputs(plan: Plan) -> Iterator[Path]:
    """The files of the manifests, which nothing must overwrite."""
    for manifest in plan.manifests:
        place = plan.place(manifest)
        yield from ([place / name for name in ("manifest.tsv", "manifest.parquet")] if place.is_dir() else [place])


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except (OSError, ValueError):
        raise AudioError(f"{file}: there is no such file") from None


def _seconds(row: Row, file: Path) -> float:
    if row.end_s:
        found = row.end_s - row.start_s
    elif row.duration_s:
        found = row.duration_s
    else:
        found = read_header(file).seconds - row.start_s
    if found <= 0:
        raise AudioError(f"{file}: how long it is, is not known; give duration_s in the manifest")
    return round(found, 6)
