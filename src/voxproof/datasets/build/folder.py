"""The folder of a set: what it was begun with, and what killed runs left in it."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from voxproof.corpora.manifest import manifest_in
from voxproof.datasets.build.journal import ROWS
from voxproof.datasets.build.orders import CloneOrder
from voxproof.datasets.build.plan import Plan
from voxproof.datasets.build.units import canonical
from voxproof.datasets.build.workshop import AUDIO
from voxproof.errors import CorpusError
from voxproof.places import AddressError, Place, hash_of, write_whole

PLAN, BEGUN = "plan.yaml", "begun.json"


@dataclass(frozen=True)
class Begun:
    """What every run of a set must have in common: the plan, what its manifests and texts hold, the models' cards.

    `units` is how many units that gives. Names of files are left out of the plan, since another machine has others.
    """

    plan: dict[str, Any]
    content: list[str]
    cards: list[list[str]]
    units: int = 0

    @classmethod
    def of(cls, plan: Plan, cards: Sequence[Sequence[str]]) -> "Begun":
        """Of a plan whose rows have not been read yet (`units` is 0)."""
        facts = plan.model_dump(mode="json", exclude={"manifest"}, by_alias=True)
        texts = [one for one in plan.orders if isinstance(one, CloneOrder)]
        content = [*map(_content, map(plan.placed, plan.manifest))]
        content += [hashlib.sha256(canonical(plan.given_texts(one)).encode()).hexdigest() for one in texts]
        return cls(facts, content, [list(one) for one in cards])

    def differs(self, other: "Begun") -> str:
        """Which key of the plan, or what else, is not the same; empty if all is."""
        for key in self.plan.keys() | other.plan.keys():
            if self.plan.get(key) != other.plan.get(key):
                return f"the key {key!r} of its plan is another"
        if self.content != other.content:
            return "a manifest or a file of texts holds something else now"
        return "the models are others now" if self.cards != other.cards else ""


def begun(folder: Place) -> Begun | None:
    """What the folder was begun with; None if it is new. `CorpusError` if it holds something else."""
    try:
        return Begun(**json.loads((folder / BEGUN).read_text(encoding="utf-8")))
    except FileNotFoundError:
        pass
    except AddressError:
        raise
    except (OSError, ValueError, TypeError):
        raise CorpusError(f"{folder / BEGUN}: damaged; build into another folder") from None
    if folder.is_dir() and any(not _leftover(one) for one in folder.iterdir()):
        raise CorpusError(f"{folder}: it holds something else than a set of this command; name a new folder")
    return None


def check_same(folder: Place, now: Begun) -> None:
    """`CorpusError` if the folder was begun with something else."""
    before = begun(folder)
    if before is not None and (why := before.differs(now)):
        raise CorpusError(
            f"{folder}: the set was begun otherwise ({why}); build into another folder, or go back to {folder / PLAN}"
        )


def begin(folder: Place, now: Begun, plan: Plan) -> None:
    """Make the folder, if it is new, and keep in it what it is begun with."""
    try:
        (folder / ROWS).mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise CorpusError(f"cannot make the folder {folder}: {reason.strerror or reason}") from None
    if (folder / BEGUN).is_file():
        return
    tree = plan.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    with write_whole(folder / PLAN, CorpusError) as aside:
        aside.write_text(yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=110), encoding="utf-8")
    with write_whole(folder / BEGUN, CorpusError) as aside:
        aside.write_text(json.dumps(now.__dict__, indent=2), encoding="utf-8")


def sweep(folder: Place, ids: Iterable[str]) -> None:
    """Remove what killed runs left half-written of these units; other shards may be at work beside.

    At an address there is nothing half-written.
    """
    if not isinstance(folder, Path):
        return
    left: dict[str, list[Path]] = {}
    for path in (folder / AUDIO).glob("*/.*"):
        left.setdefault(path.name[1:].partition("-")[0].partition(".")[0], []).append(path)
    for id in ids if left else ():
        for path in left.pop(id, []):
            path.unlink(missing_ok=True)
        if not left:
            return


def _leftover(path: Place) -> bool:
    """What a run that was killed while it began may have left."""
    return path.name in (PLAN, ROWS) or path.name.startswith(".")


def _content(file: Place) -> str:
    """The hash of a manifest."""
    found = manifest_in(file)
    if not found.is_file():
        raise CorpusError(f"{file}: there is no such manifest; see the key 'manifest' of the plan")
    return hash_of(found)
