"""A set of fakes from manifests of real speech: reads, leaves out what judges, plans and makes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voxproof.datasets.fakes import makers as all_makers
from voxproof.datasets.fakes.clips import Judges, read_real
from voxproof.datasets.fakes.maker import Maker
from voxproof.datasets.fakes.making import Made, make_fakes
from voxproof.datasets.fakes.plan import plan
from voxproof.errors import CorpusError, ModelError
from voxproof.evaluation.bank import default_bank
from voxproof.evaluation.tasks import Advance, silent

FAKES_A_CLIP = 8 / 3
DEFAULT_JUDGES = ("../shared/speech", "shared/speech")


@dataclass(frozen=True)
class Done:
    """What was made, what was left out of the real clips, and which makers are not installed."""

    folder: Path
    made: Made
    refused: Mapping[str, int]
    absent: Mapping[str, str]

    def facts(self) -> dict[str, Any]:
        """For JSON."""
        real = sum(row["label"] == "real" for row in self.made.rows)
        counts = self.made.counts()
        return {
            "folder": str(self.folder),
            "real": real,
            "fake": sum(counts.values()),
            "by_generator": counts,
            "skipped": dict(Counter(row["maker"] for row in self.made.skipped)),
            "refused": dict(self.refused),
            "absent": dict(self.absent),
        }

    def __str__(self) -> str:
        facts = self.facts()
        lines = [f"{name:28} {count}" for name, count in facts["by_generator"].items()]
        lines.append(f"{self.folder}: {facts['real']} real clips, {facts['fake']} fakes")
        for what in ("skipped", "refused", "absent"):
            if facts[what]:
                lines.append(f"{what}: " + ", ".join(f"{name} ({why})" for name, why in facts[what].items()))
        return "\n".join(lines)


def make_set(
    manifests: Sequence[str | Path],
    out: str | Path,
    *,
    only: str = "",
    clips: int = 900,
    fakes: int | None = None,
    workers: int = 1,
    seed: int = 0,
    bank: str | Path | None = None,
    judged_on: str | Path | None = None,
    advance: Advance = silent,
) -> Done:
    """See `voxproof dataset fakes`. Speakers of the bank and clips that judge detectors are left out, and counted.

    Both are looked for beside the checkout where they are not named; a name that leads nowhere is a `CorpusError`.
    """
    judges = Judges(bank or _there(default_bank()), judged_on or next(filter(None, map(_there, DEFAULT_JUDGES)), None))
    real, refused = judges.without(read_real(manifests))
    chosen, absent = _chosen(only)
    jobs = plan(real, chosen, count=clips, fakes=fakes or round(clips * FAKES_A_CLIP), seed=seed)
    made = make_fakes(jobs, out, workers=workers, advance=advance)
    return Done(Path(out), made, refused, absent)


def _there(folder: str | Path) -> Path | None:
    return Path(folder) if (Path(folder) / "manifest.tsv").is_file() else None


def _chosen(only: str) -> tuple[dict[str, Maker], dict[str, str]]:
    """Makers whose names begin with one of the wanted ones and that can run, and why the others cannot."""
    known = all_makers()
    wanted = [name.strip() for name in only.split(",") if name.strip()]
    for name in wanted:
        if not any(one.startswith(name) for one in known):
            raise CorpusError(f"no maker's name begins with {name!r}; there are: {', '.join(known)}")
    named = {name: one for name, one in known.items() if not wanted or name.startswith(tuple(wanted))}
    absent = {name: lacking for name, one in named.items() if (lacking := one.missing())}
    able = {name: one for name, one in named.items() if name not in absent}
    if not able:
        raise ModelError(f"none of these makers can run: {'; '.join(sorted(set(absent.values())))}")
    return able, absent
