"""`download`: a corpus from where its owners publish it, if they let a program do that."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from voxproof.corpora.archives import fetch, unpack
from voxproof.corpora.base import Corpus, corpora
from voxproof.errors import CorpusError
from voxproof.files import write_aside

Told = Callable[[str, int, int], None]
"""Told of a part, of its bytes that are there, and of how many there will be (0: not known)."""


@dataclass(frozen=True)
class Downloaded:
    """What lies in the folder now: `parts` that were fetched, `there` that had been before."""

    corpus: str
    folder: str
    licence: str
    parts: tuple[str, ...]
    there: tuple[str, ...]
    files: int

    def __str__(self) -> str:
        told = f"{', '.join(self.parts)}: {self.files:,} files" if self.parts else "nothing was missing"
        return f"{self.folder}: {told}; next: voxproof dataset prepare {self.corpus} {self.folder} -o {self.corpus}.tsv"


def download(
    name: str,
    folder: str | Path,
    parts: Sequence[str] = (),
    *,
    keep: bool = False,
    told: Told = lambda part, have, total: None,
) -> Downloaded:
    """Fetch and unpack the corpus `name` into `folder`: the named `parts`, or all of them.

    What is there already is not fetched again, and what was broken off goes on. Archives are removed once they are
    unpacked, unless `keep`. `CorpusError` for a corpus that must be asked for, an unknown part, a line that breaks.
    """
    corpus, root = corpora.get(name), Path(folder)
    if not corpus.archives:
        raise CorpusError(f"{name}: {_why_not(corpus)}")
    known = [one.part for one in corpus.archives]
    if unknown := [one for one in parts if one not in known]:
        raise CorpusError(f"{name} has no part {unknown[0]!r}; it has {', '.join(known)}")
    wanted = [one for one in corpus.archives if not parts or one.part in parts]
    missing = [one for one in wanted if not _marker(root, name, one.part).is_file()]
    files = 0
    for one in missing:
        archive = fetch(one, root, partial(told, one.part))
        count = unpack(archive, root)
        with write_aside(_marker(root, name, one.part), CorpusError) as aside:
            facts = {**asdict(one), "files": count, "licence": corpus.licence}
            aside.write_text(json.dumps(facts, indent=2), encoding="utf-8")
        if not keep:
            archive.unlink()
        files += count
    there = tuple(one.part for one in wanted if one not in missing)
    return Downloaded(name, str(folder), corpus.licence, tuple(one.part for one in missing), there, files)


def _why_not(corpus: type[Corpus]) -> str:
    how = f" {corpus.how}" if corpus.how else ""
    return f"no program may fetch it, or none of us has seen how;{how} see {corpus.home} (licence: {corpus.licence})"


def _marker(folder: Path, name: str, part: str) -> Path:
    return folder / f"{name}-{part}.done.json"
