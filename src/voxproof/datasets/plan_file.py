"""The file of a plan: YAML within bounds, and one line that says what is wrong with it."""

from collections.abc import Iterable
from typing import Any

import yaml

from voxproof.errors import CorpusError
from voxproof.places import AddressError, Place

MAX_BYTES = 64 << 20  # of a plan, or of a file that it names


def read_text(file: Place, what: str) -> str:
    """All of a file as text; `CorpusError` calls it `what` if it cannot be read or is too large."""
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise CorpusError(f"{file}: more than {MAX_BYTES >> 20} MiB of {what}")
        return data.decode("utf-8-sig")
    except AddressError:
        raise
    except OSError as reason:
        raise CorpusError(f"{file}: the {what} cannot be read ({reason.strerror or reason})") from None
    except UnicodeDecodeError:
        raise CorpusError(f"{file}: the {what} is not text in UTF-8") from None


def plan_tree(text: str, file: Place, keys: Iterable[str]) -> dict[str, Any]:
    """What the text of a plan says; `CorpusError` if it is no YAML, or nothing with keys."""
    try:
        tree = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as reason:
        raise CorpusError(f"{file}: not YAML: {' '.join(str(reason).split())}") from None
    if not isinstance(tree, dict):
        raise CorpusError(f"{file}: not a plan; its keys are {', '.join(keys)}")
    return tree
