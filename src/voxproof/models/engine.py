"""From the name of a model to the engine that runs it."""

from typing import TypeVar

from voxproof.models.card import Kind, cards
from voxproof.registry import Registry

T = TypeVar("T")


def load_engine(registry: Registry[T], kind: Kind, name: str) -> T:
    """The engine of the card called `name`, made with that card; without such a card, the engine of that name itself.

    Raises `ModelError` if there is neither, or if the card's files are missing or broken.
    """
    for card in cards(kind):
        if card.name == name:
            return registry.get(card.engine)(card)  # type: ignore[call-arg]
    return registry.get(name)()
