"""A set from a plan: reads, checks, makes what is missing, and writes the manifest when all is made."""

import re
from array import array
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from voxproof.datasets.build.done import FAILED, NONE, Done
from voxproof.datasets.build.executing import executing
from voxproof.datasets.build.folder import Begun, begin, check_same, sweep
from voxproof.datasets.build.job import Job
from voxproof.datasets.build.journal import only_run, settle
from voxproof.datasets.build.local import one_thread_each
from voxproof.datasets.build.merge import Merged, counted, write_merged
from voxproof.datasets.build.plan import load_plan
from voxproof.datasets.build.progress import Meter, shown
from voxproof.datasets.build.selected import Selected
from voxproof.datasets.build.units import Units
from voxproof.datasets.build.workshop import Workshop
from voxproof.errors import CorpusError
from voxproof.places import Place, place

_BLOCK = 64  # neighbouring units go to one shard: they share sounds and voices


@dataclass(frozen=True)
class Built:
    """What a run did, and what the folder holds after it. `merged` has `missing` of 0 if the set is whole."""

    merged: Merged
    made: int
    failed: int
    seconds: float
    wall: float

    def facts(self) -> dict[str, Any]:
        """For JSON: of this run, and of the folder."""
        run = {name: round(value, 2) for name, value in asdict(self).items() if name != "merged"}
        return {**self.merged.facts(), "run": run}

    def __str__(self) -> str:
        pace = f"{self.seconds / 3600:.2f} h in {self.wall:,.0f} s, {self.seconds / self.wall:.1f} times real time"
        failed = f", {self.failed:,} failed" if self.failed else ""
        told = f"{self.made:,} made{failed} ({pace})" if self.made or self.failed else "nothing was left to make"
        rest = "; other shards have the rest, then: voxproof dataset merge" if self.merged.missing else ""
        return f"{told}\n{self.merged}{rest}"


@dataclass(frozen=True)
class Shard:
    """Part `number` of `of`, counted from 1: every so many blocks of neighbouring units."""

    number: int = 1
    of: int = 1

    @classmethod
    def parsed(cls, text: str) -> "Shard":
        """Of `i/n`; `CorpusError` else."""
        found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            raise CorpusError(f"--shard {text!r}: give i/n with i from 1 to n, such as 2/8")
        return cls(int(found[1]), int(found[2]))

    @property
    def name(self) -> str:
        """As journals are called."""
        return f"{self.number}of{self.of}"

    def numbers(self, total: int) -> Iterator[int]:
        """Its units of so many."""
        for first in range((self.number - 1) * _BLOCK, total, self.of * _BLOCK):
            yield from range(first, min(first + _BLOCK, total))


def build_set(
    plan: str | Place,
    out: str | Place,
    *,
    workers: int | None = None,
    shard: str = "1/1",
    retry_failed: bool = False,
    progress: bool = False,
    executor: str = "local",
    address: str | None = None,
) -> Built:
    """See `voxproof dataset build`. It may be stopped at any moment and called again: what is made stays as it is.

    The same plan gives the same bytes, whatever the executor, `workers` and `shard` are and however often it was
    stopped.
    """
    part, folder, read = Shard.parsed(shard), place(out).absolute(), load_plan(plan)
    with one_thread_each(), executing(executor, address, workers) as execute:
        workshop = Workshop(read, folder)
        workshop.quality.load()
        now = Begun.of(read, workshop.cards)
        check_same(folder, now)
        units = Units(read, Selected(read, folder), workshop.cards)
        begin(folder, replace(now, units=len(units)), read)
        with only_run(folder, part.name):
            settle(folder, part.name)
            before = Done(folder, len(units))
            wanted = (NONE, FAILED) if retry_failed else (NONE,)
            numbers = array("Q", (one for one in part.numbers(len(units)) if before.state[one] in wanted))
            sweep(folder, (units[number].id for number in numbers))
            own = sum(1 for _ in part.numbers(len(units)))
            meter = Meter(own, own - len(numbers))
            with shown(meter, progress) as told:
                execute(Job(read, folder, part.name, workshop, units, numbers), told)
            after = Done(folder, len(units))
            merged = counted(folder, after) if after.count(NONE) else write_merged(folder, after)
    return Built(merged, meter.made, meter.failed, meter.seconds, meter.wall)
