"""A card: the one YAML file that says what a model is, where its files come from, and what it was measured to do."""

import hashlib
import json
import logging
import os
import re
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator

from voxproof import paths
from voxproof.errors import ModelError
from voxproof.files import write_aside
from voxproof.models.file import CardFile
from voxproof.models.sources import BesideSource, CacheSource, Source, UserSource, Wanted

CARD = "card.yaml"
MAX_CARD_BYTES = 1 << 20
Kind = Literal[
    "speaker-encoder",
    "synthesizer",
    "vocoder",
    "bandwidth-extension",
    "converter",
    "content-encoder",
    "cloner",
    "detector",
    "quality",
    "transcriber",
    "activity",
    "watermark",
]
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
# The C parser is ten times as fast and as safe; not every build of PyYAML has it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_log = logging.getLogger(__name__)


class TrainingData(BaseModel):
    """One corpus that a model was trained on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    licence: str
    hours: float | None = None
    speakers: int | None = None
    origin: str = ""


class Figure(BaseModel):
    """One measurement and the command that prints it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    value: float
    command: str
    unit: str = ""
    interval: tuple[float, float] | None = Field(default=None, description="95 %")
    note: str = ""


class Card(BaseModel):
    """Everything about one model. An unknown key is an error, so a typo cannot hide."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: Kind
    engine: str = Field(description="the name under which the class is registered that runs it")
    summary: str
    licence: str
    files: tuple[CardFile, ...] = Field(min_length=1)
    config: dict[str, Any] = Field(default_factory=dict, description="what the engine needs to know of the weights")
    sources: tuple[Source, ...] = Field(
        default=(BesideSource(), UserSource(), CacheSource()), min_length=1, description="in order of trial"
    )
    training_data: tuple[TrainingData, ...] = ()
    figures: tuple[Figure, ...] = ()
    limits: tuple[str, ...] = ()

    _folder: Path | None = PrivateAttr(default=None)

    @field_validator("name")
    @classmethod
    def _is_portable(cls, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise ValueError("a name is made of small letters, digits, '.', '_' and '-'")
        return name

    @field_validator("files")
    @classmethod
    def _are_different(cls, files: tuple[CardFile, ...]) -> tuple[CardFile, ...]:
        if len({file.name for file in files}) != len(files):
            raise ValueError("two files have the same name")
        return files

    @property
    def folder(self) -> Path | None:
        """Where the card lies; None for a card that was made in memory."""
        return self._folder

    @property
    def bytes(self) -> int:
        """Size of all files together."""
        return sum(file.size for file in self.files)

    @cached_property
    def sha256(self) -> str:
        """Hash of what the card says; a verdict names it, so that it can be told later which model spoke."""
        return hashlib.sha256(json.dumps(self.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()

    def wanted(self, file: CardFile) -> Wanted:
        """`file` as the sources are asked for it."""
        return Wanted(self.name, self.folder, file)

    def file(self, name: str) -> CardFile:
        """The entry of one file; `ModelError` names those that there are."""
        for entry in self.files:
            if entry.name == name:
                return entry
        raise ModelError(f"model {self.name} has no file {name!r}; it has {', '.join(f.name for f in self.files)}")


def is_path(name: str | Path) -> bool:
    """Whether that is where a card lies, not what it is called."""
    text = str(name)
    return isinstance(name, Path) or text.endswith((".yaml", ".yml")) or os.sep in text or "/" in text


def shown_name(card: Card) -> str:
    """What a report calls a model: the name of its card's folder, never the path, which is of one machine."""
    return card.name if card.folder is None else card.folder.resolve().name


def load_card(name: str | Path) -> Card:
    """The card of a model by its name, or of a folder or `card.yaml` by its path.

    Names of the package come before names of the user's folder. Raises `ModelError` when there is none or the card is
    broken.
    """
    text = str(name)
    if is_path(name):
        path = Path(name)
        return _read(path / CARD if path.is_dir() else path)
    for shelf in (paths.PACKAGE_WEIGHTS, paths.user_models()):
        if _NAME.fullmatch(text) and (shelf / text / CARD).is_file():
            return _read(shelf / text / CARD, named=True)
    there = ", ".join(sorted({path.parent.name for path in _card_paths()}))
    raise ModelError(f"no model is called {text!r}; there are: {there or 'none'}")


def cards(kind: str | None = None) -> list[Card]:
    """All cards, or those of one kind: the package's first, then the user's, by name.

    A broken card of the user's is left out with a warning, so that it cannot take the others with it.
    """
    found: dict[str, Card] = {}
    for path in _card_paths():
        try:
            card = _read(path, named=True)
        except ModelError as error:
            if path.is_relative_to(paths.PACKAGE_WEIGHTS):
                raise
            _log.warning("%s", error)
            continue
        if card.name in found:
            _log.warning("%s: the package has a model of the same name, and uses its own", path)
            continue
        found[card.name] = card
    return [card for card in found.values() if kind is None or card.kind == kind]


def save_card(card: Card, folder: Path) -> Path:
    """Write `folder/card.yaml`; the keys stand in the order of the class, those that say nothing are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    # `type` tells the sources apart although it is a default.
    tree = card.model_dump(mode="json", exclude_defaults=True)
    if "sources" in tree:
        tree["sources"] = [{"type": source.type, **source.model_dump(exclude_defaults=True)} for source in card.sources]
    with write_aside(folder / CARD, ModelError) as aside:
        aside.write_text(yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=110), encoding="utf-8")
    return folder / CARD


def _card_paths() -> list[Path]:
    return [path for shelf in (paths.PACKAGE_WEIGHTS, paths.user_models()) for path in sorted(shelf.glob(f"*/{CARD}"))]


def _read(path: Path, *, named: bool = False) -> Card:
    try:
        if path.stat().st_size > MAX_CARD_BYTES:
            raise ModelError(f"{path}: too large for a card")
        tree = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
        if not isinstance(tree, dict):
            raise ModelError(f"{path}: not a card: it holds no keys")
        card = Card.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "card"
        unknown = first["type"] == "extra_forbidden" and len(first["loc"]) == 1
        keys = f" (keys: {', '.join(Card.model_fields)})" if unknown else ""
        raise ModelError(f"{path}: {place}: {first['msg']}{keys}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ModelError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    except OSError as error:
        raise ModelError(f"{path}: the card cannot be read ({error.strerror or error})") from None
    if named and card.name != path.parent.name:
        raise ModelError(f"{path}: the card is of {card.name!r}, but its folder is called {path.parent.name!r}")
    card._folder = path.parent
    return card
