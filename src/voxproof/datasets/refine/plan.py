"""The plan: which manifests, which seed, which steps in which order. All of it is checked before any work begins."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from voxproof.audio.limits import MAX_RATE, MAX_SECONDS, MIN_RATE
from voxproof.corpora.row import COLUMNS, FLOATS, WHOLES
from voxproof.datasets.plan_file import plan_tree, read_text
from voxproof.errors import CorpusError

TEXT_COLUMNS = tuple(name for name in COLUMNS if name not in FLOATS | WHOLES | {"path", "id", "extra"})
KEYS = ("manifest", "seed", "steps")
M = TypeVar("M", bound=BaseModel)
NAME = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)  # of a split or a folder


def _column(name: str) -> str:
    if name not in TEXT_COLUMNS:
        raise ValueError(f"there is no column {name!r}; allowed: {', '.join(TEXT_COLUMNS)}")
    return name


def _name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a folder: letters, digits, '_', '-' and '.' are allowed")
    return name


def _listed(value: object) -> object:
    """One value is a list of one; numbers become text, as they are in a manifest."""
    found = value if isinstance(value, list | tuple) else [value]
    if any(isinstance(one, bool) for one in found):
        raise ValueError("YAML takes yes, no, on and off for truth values: put the value into quotes")
    return tuple(str(one) if isinstance(one, int | float) else one for one in found)


Name = Annotated[str, AfterValidator(_name)]
Column = Annotated[str, AfterValidator(_column)]
Columns = Annotated[tuple[Column, ...], BeforeValidator(_listed)]
SomeColumns = Annotated[tuple[Column, ...], BeforeValidator(_listed), Field(min_length=1)]
Values = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
Length = Annotated[float, Field(gt=0, le=MAX_SECONDS)]  # seconds
Edge = Literal["keep", "remove", "randomise"]


class Step(BaseModel):
    """What all steps share: unknown keys are errors, and a name in the plan."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    name: ClassVar[str]


class Filter(Step):
    """Keeps rows of `shortest` to `longest` seconds whose columns have one of the values given."""

    name: ClassVar[str] = "filter"
    shortest: float = Field(0.0, ge=0)
    longest: float | None = Field(None, gt=0)
    columns: Mapping[Column, Values] = Field(default_factory=dict, exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _columns(cls, given: Any) -> Any:
        """Every other key is the name of a column."""
        if not isinstance(given, dict):
            return given
        own = {key: value for key, value in given.items() if key in ("shortest", "longest")}
        others = {key: value for key, value in given.items() if key not in own}
        for key in others:
            if key not in TEXT_COLUMNS:
                raise ValueError(f"there is no key {key!r}; allowed: shortest, longest, {', '.join(TEXT_COLUMNS)}")
        return own | {"columns": others}


class Silence(Step):
    """Silence at the edges: kept, removed, or made 0 to `most` seconds long by chance."""

    name: ClassVar[str] = "silence"
    leading: Edge = "keep"
    trailing: Edge = "keep"
    most: float = Field(0.5, gt=0, le=10)  # seconds
    quiet: float = Field(35.0, gt=0, le=100)  # dB under the loudest 10 ms


class Resample(Step):
    """Another sampling rate, in Hz."""

    name: ClassVar[str] = "resample"
    rate: int = Field(ge=MIN_RATE, le=MAX_RATE)


class Loudness(Step):
    """Every clip at one loudness (LUFS), or as near as its peaks allow."""

    name: ClassVar[str] = "loudness"
    lufs: float = Field(-23.0, ge=-60, le=0)


class Cut(Step):
    """Windows of `seconds`: one after another, or `random` of them a clip."""

    name: ClassVar[str] = "cut"
    seconds: Length
    random: int = Field(0, ge=0, le=1000)
    shortest: float = Field(1.0, gt=0)


class Concatenate(Step):
    """Clips that are the same in the columns `by`, joined in random order until they last `seconds`."""

    name: ClassVar[str] = "concatenate"
    by: SomeColumns
    seconds: Length
    gap: float = Field(0.0, ge=0, le=10)


class Balance(Step):
    """As many rows of each value of `by` as the rarest has, within each value of `of`."""

    name: ClassVar[str] = "balance"
    by: Column
    of: Columns = ()


class Splits(Step):
    """Deals rows to splits by shares of seconds; no value of a column in `disjoint` is in two of them."""

    name: ClassVar[str] = "splits"
    shares: Annotated[Mapping[Name, Annotated[float, Field(gt=0, le=1)]], Field(min_length=1)]
    disjoint: Columns = ("speaker", "text", "page", "generator")
    keep: bool = False

    @field_validator("shares")
    @classmethod
    def _sum(cls, shares: Mapping[str, float]) -> Mapping[str, float]:
        if abs(sum(shares.values()) - 1) > 1e-6:
            raise ValueError(f"the shares have to sum to 1, not to {sum(shares.values()):.6g}")
        return shares


class Check(Step):
    """Ends the run if a value of a column in `disjoint` is in two splits."""

    name: ClassVar[str] = "check"
    disjoint: SomeColumns


class Pictures(Step):
    """A picture of each row of the result, `height` x `width` pixels, grey."""

    name: ClassVar[str] = "pictures"
    kind: Literal["mel", "linear"] = "mel"
    size: tuple[Annotated[int, Field(ge=8, le=4096)], Annotated[int, Field(ge=8, le=4096)]] = (224, 224)


MODELS: Mapping[str, type[Step]] = {
    model.name: model
    for model in (Filter, Silence, Resample, Loudness, Cut, Concatenate, Balance, Splits, Check, Pictures)
}


class _Head(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    manifest: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_listed), Field(min_length=1)]
    seed: int = Field(0, ge=0, lt=2**63)
    steps: list[Any]


@dataclass(frozen=True)
class Plan:
    """A plan that was checked; `text` is what was read, and `tree` what it says. Manifests are named as in the text."""

    file: Path
    manifests: tuple[str, ...]
    seed: int
    steps: tuple[Step, ...]
    text: str
    tree: Mapping[str, Any]

    def place(self, manifest: str) -> Path:
        """Where a manifest lies."""
        return self.file.parent / manifest


def load_plan(path: str | Path) -> Plan:
    """The plan of a YAML file. `CorpusError` says in one line which step and key is wrong, and what is allowed."""
    file = Path(path)
    text = read_text(file, "plan")
    tree = plan_tree(text, file, KEYS)
    head = _checked(_Head, tree, f"{file}: ")
    steps = tuple(_step(one, number, file) for number, one in enumerate(head.steps, start=1))
    shown = next((number for number, step in enumerate(steps) if isinstance(step, Pictures)), len(steps))
    for number, step in enumerate(steps[shown + 1 :], start=shown + 2):
        if not isinstance(step, Check):
            raise CorpusError(f"{file}: step {number} ({step.name}): only 'check' is allowed behind 'pictures'")
    return Plan(file, head.manifest, head.seed, steps, text, tree)


def _step(given: Any, number: int, file: Path) -> Step:
    where = f"{file}: step {number}"
    if not isinstance(given, dict) or len(given) != 1:
        raise CorpusError(f"{where}: a step is one name with its keys below, as in '- resample: {{rate: 16000}}'")
    ((name, keys),) = given.items()
    if name not in MODELS:
        raise CorpusError(f"{where}: there is no step {str(name)[:40]!r}; allowed: {', '.join(MODELS)}")
    return _checked(MODELS[name], {} if keys is None else keys, f"{where} ({name}): ")


def _checked(model: type[M], tree: Any, where: str) -> M:
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        raise CorpusError(f"{where}{_said(error, model)}") from None


def _said(error: ValidationError, model: type[BaseModel]) -> str:
    """The first thing that is wrong, with its key."""
    first = error.errors()[0]
    place = [str(part) for part in first["loc"] if part != "columns"]
    if first["type"] == "extra_forbidden":
        return f"there is no key {place[0]!r}; allowed: {', '.join(model.model_fields)}"
    if first["type"] == "missing":
        return f"the key {place[0]!r} is missing"
    if first["type"] == "model_type":
        return "a step has keys with values, as in '{rate: 16000}'"
    said = first["msg"].removeprefix("Value error, ")
    return f"{'.'.join(place)}: {said}" if place else said
