"""What is wrong with a plan, in one line with the key and what is allowed there."""

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from voxproof.errors import ConsentError, CorpusError, VoxproofError
from voxproof.places import Place


def told(file: Place, model: type[BaseModel], reason: ValidationError) -> VoxproofError:
    """The first of a validation's errors as one of ours; `ConsentError` where consent lacks."""
    first = min(reason.errors(), key=lambda error: error["type"] != "extra_forbidden")  # a typo explains the rest
    place = [str(part) for part in first["loc"]]
    said = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        allowed = _allowed(model, first["loc"][:-1])
        said = f"there is no such key; allowed: {', '.join(allowed)}"
    elif first["type"] == "missing":
        said = "it lacks"
    kind = ConsentError if said.startswith("consent:") else CorpusError
    return kind(f"{file}: {'.'.join(place)}{': ' if place else ''}{said}")


def _allowed(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    """The keys at a place of the tree: names of fields as the file writes them."""
    for part in place:
        if isinstance(part, str):
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            if part in fields:
                model = next(_models(fields[part].annotation), model)
    return [field.alias or name for name, field in model.model_fields.items()]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
