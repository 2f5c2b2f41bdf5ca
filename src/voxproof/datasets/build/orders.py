"""What can be made of a row: one class a kind, with its settings."""

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


class Known(BaseModel):
    """Whose keys are these and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TextFile(Known):
    """Texts in a file, one a line; relative to the plan's folder."""

    file: str = Field(min_length=1)


Texts: TypeAlias = Literal["own", "others"] | tuple[Annotated[str, Field(min_length=1)], ...] | TextFile


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return TextFile.model_validate(value)
    if isinstance(value, list):
        blank = next((one for one in value if not isinstance(one, str) or not one.strip()), None)
        if not value or blank is not None:
            raise ValueError("a list of texts needs at least one text, and none that is empty")
        return tuple(" ".join(one.split()) for one in value)
    if value not in ("own", "others") and not isinstance(value, TextFile | tuple):
        raise ValueError("own, others, a list of texts or {file: NAME}")
    return value


class CloneOrder(Known):
    """A text in the voice of the row's speaker. `reference`: the row's own clip, or up to 30 s of the speaker."""

    kind: ClassVar[str] = "clone"
    engine: str = "native"
    reference: Literal["clip", "speaker"] = "speaker"
    text: Annotated[Texts, BeforeValidator(_texts)] = "own"


class ConvertOrder(Known):
    """The row's clip in the voice of another speaker."""

    kind: ClassVar[str] = "convert"
    engine: str = "ppg"
    target: Literal["other"] = "other"


class CopyOrder(Known):
    """The row's clip to mel and pitch and back: copy-synthesis."""

    kind: ClassVar[str] = "copy"
    vocoder: str = "pulsar"


class DegradeOrder(Known):
    """The row's clip through a named condition; it keeps its label."""

    kind: ClassVar[str] = "degrade"
    condition: str


class NullOrder(Known):
    """The row alone, without a sound: for tests and for measuring what planning costs."""

    kind: ClassVar[str] = "null"


class SourceOrder(Known):
    """The row's own clip in the coding of the set; `keep_sources` asks for it."""

    kind: ClassVar[str] = "source"


Order: TypeAlias = CloneOrder | ConvertOrder | CopyOrder | DegradeOrder | NullOrder | SourceOrder


class Make(Known):
    """One of them."""

    clone: CloneOrder | None = None
    convert: ConvertOrder | None = None
    copy_: CopyOrder | None = Field(default=None, alias="copy")
    degrade: DegradeOrder | None = None
    null: NullOrder | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        """`clone` and `clone:` are the kind with its defaults; YAML reads `null` as nothing."""
        if value is None or isinstance(value, str):
            value = {value: None}
        if not isinstance(value, dict):
            raise ValueError("a kind with its settings, such as {copy: {vocoder: pulsar}}")
        named = {"null" if kind is None else kind: {} if order is None else order for kind, order in value.items()}
        if len(named) != 1:
            raise ValueError("one kind each; begin another line with '-'")
        return named

    @property
    def order(self) -> Order:
        """The one that is given."""
        return next(one for one in (self.clone, self.convert, self.copy_, self.degrade, self.null) if one is not None)


def settings(order: Order) -> dict[str, str]:
    """What an order says, as text; of given texts only that they are given, since every unit has its own."""
    facts = order.model_dump(mode="json")
    return {name: value if isinstance(value, str) else "given" for name, value in facts.items()}
