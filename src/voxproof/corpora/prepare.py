"""From a corpus's folder to a manifest: what is the same for every corpus."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from voxproof.audio.header import read_header
from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.manifest import write_manifest
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.errors import AudioError, CorpusError
from voxproof.files import write_aside
from voxproof.places import hash_of

Told = Callable[[int], None]
_TELL_EVERY = 500  # rows


@dataclass(frozen=True)
class Prepared:
    """What was found; it stands beside the manifest as `NAME.done.json`, which says that the manifest is whole."""

    corpus: str
    folder: str
    manifest: str
    sha256: str
    rows: int
    hours: float
    speakers: int
    labels: dict[str, int]
    splits: dict[str, int]
    problems: int

    def __str__(self) -> str:
        told = f"{self.rows:,} rows, {self.hours:.2f} h, {self.speakers:,} speakers"
        labels = ", ".join(f"{count:,} {label or 'without a label'}" for label, count in self.labels.items())
        wrong = f"; {self.problems:,} problems" if self.problems else ""
        return f"{self.manifest}: {told} ({labels}){wrong}"


def prepare(
    name: str,
    folder: str | Path,
    out: str | Path,
    *,
    again: bool = False,
    headers: bool = True,
    told: Told | None = None,
) -> Prepared:
    """Write the manifest of the corpus `name` in `folder`.

    What was prepared already is not done twice, unless `again`. Every row's file must be there, and with `headers`
    have a header that can be read; rows that fail, doubled ids and the corpus's own mistakes go into
    `NAME.problems.tsv` beside the manifest. `CorpusError` if the folder is not this corpus, or no row is left.
    """
    corpus, root, target = corpora.get(name)(), Path(folder).absolute(), Path(out).absolute()
    if not root.is_dir():
        raise CorpusError(f"{folder}: there is no such folder")
    if not again and (before := _done(target, name, root)) is not None:
        return before
    problems, counted = Problems(), _Counted()
    marker = _marker(target)
    marker.unlink(missing_ok=True)
    rows = _told(counted.rows(_checked(name, corpus, root, target, problems, headers)), told)
    count = write_manifest(target, rows)
    if count == 0:
        target.unlink()
        first = f"; the first problem of {len(problems)}: {next(iter(problems))}" if problems else ""
        raise CorpusError(f"{folder}: no clip of {corpus.title} in it{first}")
    problems.write(target.with_name(f"{target.stem}.problems.tsv"))
    made = Prepared(
        name, str(root), str(target), hash_of(target), count, round(counted.seconds / 3600, 4), len(counted.speakers),
        dict(sorted(counted.labels.items())), dict(sorted(counted.splits.items())), len(problems),
    )  # fmt: skip
    with write_aside(marker, CorpusError) as aside:
        aside.write_text(json.dumps(asdict(made) | {"manifest": target.name}, indent=2), encoding="utf-8")
    return made


class _Counted:
    def __init__(self) -> None:
        self.seconds = 0.0
        self.speakers: set[str] = set()
        self.labels: Counter[str] = Counter()
        self.splits: Counter[str] = Counter()

    def rows(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            self.seconds += row.duration_s
            if row.speaker:
                self.speakers.add(row.speaker)
            self.labels[row.label] += 1
            self.splits[row.split] += 1
            yield row


def _checked(name: str, corpus: Corpus, root: Path, target: Path, problems: Problems, headers: bool) -> Iterator[Row]:
    """Rows that stand on their own: with path, id, licence and what the header says."""
    seen: set[bytes] = set()
    within = root.is_relative_to(target.parent)
    for row in corpus.rows(root, problems):
        file = root / row.path
        known = row.id or os.path.splitext(row.path)[0].replace(os.sep, "/")  # noqa: PTH122 (a million rows)
        key = hashlib.blake2b(known.encode("utf-8", "surrogatepass"), digest_size=12).digest()
        if key in seen:
            problems.add(file, 0, f"the id {known!r} is there twice; only the first one is kept")
            continue
        try:
            row = _with_header(row, file) if headers else _existing(row, file)
            row.path.encode("utf-8")
        except (AudioError, UnicodeEncodeError) as reason:
            problems.add(row.path.encode("utf-8", "replace").decode(), 0, str(reason))
            continue
        seen.add(key)
        yield row._replace(
            path=(file.relative_to(target.parent) if within else file).as_posix(),
            id=known,
            corpus=row.corpus or name,
            licence=row.licence or corpus.licence,
            source_path=row.source_path or row.path,
        )


def _existing(row: Row, file: Path) -> Row:
    if not file.is_file():
        raise AudioError(f"{file}: there is no such file")
    return row


def _with_header(row: Row, file: Path) -> Row:
    head = read_header(file)
    if row.end_s > head.seconds + 0.1 > 0.1:
        raise AudioError(f"{file}: it ends at {head.seconds:.2f} s, before {row.end_s:.2f} s")
    seconds = (row.end_s or head.seconds) - row.start_s if row.start_s or row.end_s else head.seconds
    return row._replace(
        duration_s=round(seconds, 4) or row.duration_s,
        original_sample_rate=row.original_sample_rate or head.rate,
        original_codec=row.original_codec or head.codec,
    )


def _told(rows: Iterator[Row], told: Told | None) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        yield row
        if told is not None and number % _TELL_EVERY == 0:
            told(number)


def _marker(manifest: Path) -> Path:
    return manifest.with_name(f"{manifest.name}.done.json")


def _done(manifest: Path, name: str, root: Path) -> Prepared | None:
    """What was prepared before, if it was of this folder and the manifest is still what it was then."""
    try:
        facts = json.loads(_marker(manifest).read_text(encoding="utf-8"))
        before = Prepared(**(facts | {"manifest": str(manifest)}))
        same = (before.corpus, before.folder) == (name, str(root))
        return before if same and before.sha256 == hash_of(manifest) else None
    except (OSError, ValueError, TypeError):
        return None
