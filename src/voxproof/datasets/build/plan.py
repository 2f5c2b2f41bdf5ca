"""The plan of a set: which rows of which manifests, and what is made of each."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)

from voxproof.datasets.build.orders import CloneOrder, Known, Make, Order, SourceOrder, TextFile, settings
from voxproof.datasets.build.problems import told
from voxproof.datasets.plan_file import plan_tree, read_text
from voxproof.errors import CorpusError
from voxproof.places import Place, beside, place

WER = 0.5  # a clip with more word errors than words / 2 is poor
SIMILARITY = 0.35  # by the judge: clones come to 0.53 on average, strangers of one gender hardly above 0.3
# The bytes of a set must not depend on when it is made, so a manifest's time is the plan's. Without one it is the
# first moment of Unix time, as elsewhere where things are made to be the same again: nobody takes it for a date.
NO_TIME = datetime.fromtimestamp(0, UTC)


class Quality(Known):
    """Which figures mark a row; a number is the bound from which a clip is poor. No row is dropped for them."""

    wer: bool | Annotated[float, Field(gt=0)] = False
    similarity: bool | Annotated[float, Field(gt=-1, lt=1)] = False

    @property
    def most_wer(self) -> float | None:
        """The word error rate above which a clip is poor; None: not measured."""
        return (WER if self.wer else None) if isinstance(self.wer, bool) else self.wer

    @property
    def least_similarity(self) -> float | None:
        """The cosine below which a clip is poor; None: not measured."""
        return (SIMILARITY if self.similarity else None) if isinstance(self.similarity, bool) else self.similarity


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str | int | float) else value


Several = Annotated[tuple[str, ...], BeforeValidator(_one_or_more), Field(min_length=1)]


class Plan(Known):
    """All of PLAN.yaml. `time` stands in the manifests of what is made, in place of when it was made."""

    manifest: Several
    select: dict[str, Several] = Field(default_factory=dict)
    limit: int | None = Field(default=None, ge=1)
    seed: int = Field(default=0, ge=0, lt=2**32)
    consent: str = ""
    time: AwareDatetime = NO_TIME
    make: tuple[Make, ...] = Field(min_length=1)
    keep_sources: bool = True
    quality: Quality = Quality()

    _folder: Place = PrivateAttr(default=Path())

    @field_validator("select", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: [_cell(name, one) for one in _listed(wanted)] for name, wanted in value.items()}

    @model_validator(mode="after")
    def _holds(self) -> "Plan":
        seen = []
        for one in self.orders:
            facts = (one.kind, settings(one))
            if facts in seen:
                raise ValueError(f"make: {one.kind} stands there twice with the same settings; put texts into one list")
            seen.append(facts)
            if one.kind in ("clone", "convert") and not self.consent.strip():
                raise ValueError(
                    "consent: clone and convert need it; say who allows that these voices are used, such as "
                    "'the licence of the corpus allows research'"
                )
        return self

    @property
    def orders(self) -> tuple[Order, ...]:
        """What every row gives, in the order of its units: its own clip first, if it is kept."""
        return (*((SourceOrder(),) if self.keep_sources else ()), *(one.order for one in self.make))

    def placed(self, name: str) -> Place:
        """Where a file lies that the plan names."""
        return beside(self._folder, name)

    def given_texts(self, order: CloneOrder) -> tuple[str, ...]:
        """The texts of a list or a file; none for `own` and `others`. `CorpusError` if a file holds none."""
        if isinstance(order.text, tuple):
            return order.text
        if not isinstance(order.text, TextFile):
            return ()
        file = self.placed(order.text.file)
        texts = tuple(filter(None, (" ".join(line.split()) for line in read_text(file, "texts").splitlines())))
        if not texts:
            raise CorpusError(f"{file}: there is no text in it; write one a line")
        return texts


def load_plan(path: str | Place) -> Plan:
    """The plan in a file; `CorpusError` in one line, with the key, if it is none."""
    file = place(path)
    tree = plan_tree(read_text(file, "plan"), file, Plan.model_fields)
    try:
        plan = Plan.model_validate(tree)
    except ValidationError as reason:
        raise told(file, Plan, reason) from None
    plan._folder = file.absolute().parent
    return plan


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _cell(name: Any, value: Any) -> str:
    if isinstance(value, bool):  # `language: no` is Norwegian to people and false to YAML
        raise ValueError(f"{name}: put {'yes' if value else 'no'} into quotes, YAML takes it for true or false")
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise ValueError(f"{name}: a value or a list of values")
    return f"{value:.10g}" if isinstance(value, float) else str(value)
