"""From the name of a model to the engine that runs it."""

from typing import TypeVar

from voxproof.errors import ModelError
from voxproof.models.card import Kind, cards, is_path, load_card
from voxproof.registry import Registry

T = TypeVar("T")


def load_engine(registry: Registry[T], kind: Kind, name: str) -> T:
    """The engine of the card called `name`, made with that card; without such a card, the engine of that name itself.

    A path (`runs/hifigan`) is that of a card or its folder. Raises `ModelError` if there is no such card and no such
    engine, if the card is of another kind, or if its files are missing or broken.
    """
    if is_path(name):
        card = load_card(name)
        if card.kind != kind:
            raise ModelError(f"{name} is a {card.kind}, not a {kind}")
        return registry.get(card.engine)(card)  # type: ignore[call-arg]
    for card in cards(kind):
        if card.name == name:
            return registry.get(card.engine)(card)  # type: ignore[call-arg]
    return registry.get(name)()
