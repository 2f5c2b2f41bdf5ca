"""What every maker is: a unit to a sound, and what the set's row says of it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, ClassVar, TypeVar

from voxproof.audio import Audio
from voxproof.datasets.build.orders import Order
from voxproof.datasets.build.plan import Plan
from voxproof.datasets.build.units import Unit
from voxproof.models import Card
from voxproof.provenance import UsedCard

RATE = 16_000  # Hz, of every sound of a set: a sampling rate of one class alone would give it away


@dataclass(frozen=True)
class Made:
    """A sound at `RATE` (None: there is none), fields of the row and keys of its `extra` that the maker knows, and
    what may have spoilt it."""

    audio: Audio | None
    fields: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Maker(ABC):
    """One order of a plan at work; it is made once a process and loads its models then.

    `cards` are those of the models that take part; `engine` and `family` become `generator` and `family` of the row.
    The same unit gives the same samples, in whichever process and after whatever else.
    """

    family: ClassVar[str] = ""
    synthetic: ClassVar[bool] = True  # what it makes is fake, whatever it is made from

    def __init__(self, order: Any, plan: Plan) -> None:
        self.order = order
        self.plan = plan
        self.engine = ""
        self.cards: tuple[Card, ...] = ()

    @abstractmethod
    def make(self, unit: Unit) -> Made:
        """Make it; `VoxproofError` in one line if this unit cannot be made."""

    def card_names(self) -> list[str]:
        """`name@sha256` of each card."""
        return [f"{card.name}@{card.sha256}" for card in self.cards]

    def used(self) -> tuple[UsedCard, ...]:
        """The cards as a manifest names them."""
        return tuple(UsedCard(name=card.name, sha256=card.sha256) for card in self.cards)


_HERE = "voxproof.datasets.build.makers"
# A process imports the makers of its plan alone: what some of them need takes seconds to import.
_WHERE = {
    "clone": "clone",
    "convert": "convert",
    "copy": "copying",
    "degrade": "degrade",
    "source": "plain",
    "null": "plain",
}
_makers: dict[str, type[Maker]] = {}
T = TypeVar("T", bound=type[Maker])


def maker(kind: str) -> Callable[[T], T]:
    """Class decorator: the maker of the orders of that kind."""

    def add(cls: T) -> T:
        _makers[kind] = cls
        return cls

    return add


def load_maker(order: Order, plan: Plan) -> Maker:
    """The maker of an order, with its models loaded; `ModelError` or `CorpusError` for a name that nothing has."""
    if order.kind not in _makers:
        import_module(f"{_HERE}.{_WHERE[order.kind]}")
    return _makers[order.kind](order, plan)
