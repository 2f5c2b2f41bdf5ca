"""Name -> class: one decorator and one dictionary a kind, open to packages of other people through entry points."""

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from voxproof.errors import ModelError

T = TypeVar("T")


class Registry(Generic[T]):
    """The engines of one kind.

    `group` names the entry points (`voxproof.cloners`, say) through which other packages add engines; they are looked
    up only when a name is not ours, so that an installed but broken plug-in cannot break the engines of the package.
    """

    def __init__(self, kind: str, group: str) -> None:
        self.kind = kind
        self.group = group
        self._classes: dict[str, type[T]] = {}

    def register(self, name: str) -> Callable[[type[T]], type[T]]:
        """Class decorator: `@encoders.register("ge2e")`."""

        def add(cls: type[T]) -> type[T]:
            self._classes[name] = cls
            return cls

        return add

    def names(self) -> list[str]:
        """All names, ours first."""
        plugged = [point.name for point in entry_points(group=self.group)]
        return [*self._classes, *(name for name in plugged if name not in self._classes)]

    def get(self, name: str) -> type[T]:
        """The class registered as `name`; `ModelError` lists the names there are."""
        if name in self._classes:
            return self._classes[name]
        for point in entry_points(group=self.group, name=name):
            loaded: type[T] = point.load()
            return loaded
        raise ModelError(f"no {self.kind} is called {name!r}; there are: {', '.join(self.names()) or 'none'}")
