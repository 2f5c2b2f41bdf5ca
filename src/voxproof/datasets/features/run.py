"""Features of a manifest: planned in shards, computed by an executor, indexed when all are there."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from typing import Any

from voxproof.corpora import Row, placed, read_manifest
from voxproof.corpora.manifest import manifest_in
from voxproof.datasets.build.local import one_thread_each, threads
from voxproof.datasets.executors import Cluster, Ended, connection
from voxproof.datasets.features.kinds import extractor, model_of
from voxproof.datasets.features.shard import (
    BEGUN,
    DTYPES,
    ROWS,
    Extraction,
    Shard,
    Told,
    write_lines,
    write_shard,
)
from voxproof.errors import CorpusError
from voxproof.evaluation.tasks import Advance, run_tasks, silent
from voxproof.places import Place, hash_of, place, write_whole

INDEX, FAILURES = "index.tsv", "failed.tsv"
SHARD_ROWS = 256
_AHEAD = 64  # shards for each process whose rows are in memory


@dataclass(frozen=True)
class Extracted:
    """What the folder holds, and how many shards this run made."""

    folder: str
    features: str
    rows: int
    failed: int
    shards: int
    made: int

    def facts(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    def __str__(self) -> str:
        failed = f", {self.failed:,} failed ({FAILURES} says why)" if self.failed else ""
        shards = f"{self.shards:,} shard{'s' * (self.shards != 1)}"
        return f"{self.folder}: {self.features} of {self.rows:,} rows in {shards}{failed}"


def extract_features(
    manifest: str | Place,
    out: str | Place,
    features: str,
    *,
    dtype: str = "float16",
    shard_rows: int = SHARD_ROWS,
    workers: int | None = None,
    executor: str = "local",
    address: str | None = None,
    advance: Advance = silent,
) -> Extracted:
    """See `voxproof dataset features`. It may be stopped at any moment: shards that are there stay as they are.

    The same manifest gives the same bytes, whatever the executor and `workers` are.
    """
    if dtype not in DTYPES:
        raise CorpusError(f"there is no dtype {dtype!r}; there are {' and '.join(DTYPES)}")
    source, folder = manifest_in(place(manifest).absolute()), place(out).absolute()
    with one_thread_each(), connection(executor, address, workers) as cluster:
        extractor(features)  # before anything is made: a name that there is not, a model that is missing
        total = sum(1 for _ in read_manifest(source))
        if not total:
            raise CorpusError(f"{source}: there is no row in it")
        facts = {"features": features, "model": model_of(features), "dtype": dtype, "shard_rows": shard_rows}
        _begin(folder, facts | {"rows": total, "manifest": hash_of(source)})
        count = -(-total // shard_rows)
        left = [number for number in range(count) if not (folder / ROWS / f"{number:05}.tsv").is_file()]
        told = _computed(Extraction(features, dtype, folder), source, shard_rows, left, cluster, workers)
        advance(features, count - len(left), count)
        for done, _ in enumerate(told, count - len(left) + 1):
            advance(features, done, count)
        failed = _index(folder, count)
    return Extracted(str(folder), features, total - failed, failed, count, len(left))


def _begin(folder: Place, facts: dict[str, Any]) -> None:
    """Make the folder, or see that it was begun with the same; `CorpusError` else."""
    begun = folder / BEGUN
    try:
        if begun.is_file():
            before = json.loads(begun.read_text(encoding="utf-8"))
            if differs := sorted(name for name in facts if before.get(name) != facts[name]):
                raise CorpusError(f"{folder}: begun with another {' and '.join(differs)}; name another folder")
            return
        if folder.is_dir() and any(not one.name.startswith(".") for one in folder.iterdir()):
            raise CorpusError(f"{folder}: it holds something else than features; name a new folder")
        folder.mkdir(parents=True, exist_ok=True)
    except (ValueError, AttributeError):
        raise CorpusError(f"{begun}: damaged; name another folder") from None
    except OSError as reason:
        raise CorpusError(f"cannot make the folder {folder}: {reason.strerror or reason}") from None
    with write_whole(begun, CorpusError) as aside:
        aside.write_text(json.dumps(facts, indent=2), encoding="utf-8")


def _computed(
    job: Extraction, source: Place, size: int, left: list[int], cluster: Cluster | None, workers: int | None
) -> Iterator[Told]:
    shards = _planned(source, size, left)
    if cluster is None:
        # Not all at once: the rows of a million clips would fill the memory.
        while group := list(islice(shards, _AHEAD * (workers or 1))):
            yield from run_tasks(partial(write_shard, job), group, what=job.features, jobs=workers or 1)
        return
    from voxproof.datasets.executors.ray import answers

    for place_, answer in answers(shards, job, cluster.actors(workers), threads()):
        if isinstance(answer, Ended):
            raise CorpusError(f"the shard {left[place_]:05}: {answer}; take out the clip that does it")
        yield answer


def _planned(source: Place, size: int, left: list[int]) -> Iterator[Shard]:
    """The shards that are left, in their order; rows get the place of their sound as path."""
    wanted = set(left)
    rows = read_manifest(source)
    for number in range(max(left, default=-1) + 1):
        some = list(islice(rows, size))
        if number in wanted:
            yield Shard(number, number * size, tuple(_placed(row, source) for row in some))


def _placed(row: Row, source: Place) -> Row:
    return row._replace(path=str(placed(row, source)))


def _index(folder: Place, count: int) -> int:
    """Write the index of all rows with arrays, and that of the others; how many these are."""
    write_lines(folder / INDEX, _lines(folder, count, failed=False))
    failed = sum(1 for _ in _lines(folder, count, failed=True))
    if failed:
        write_lines(folder / FAILURES, _lines(folder, count, failed=True))
    return failed


def _lines(folder: Place, count: int, failed: bool) -> Iterator[str]:
    for number in range(count):
        with (folder / ROWS / f"{number:05}.tsv").open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                if (line.rstrip("\n").rpartition("\t")[2] != "") == failed:
                    yield line.rstrip("\n")
