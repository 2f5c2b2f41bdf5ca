"""Results as JSON."""

import codecs
import json
import sys
from typing import Any


def print_json(value: Any, *, indent: int | None = 2) -> None:
    """`value` as JSON on stdout, in characters that its encoding has; without `indent` in one line, written at once."""
    encoding = codecs.lookup(sys.stdout.encoding or "ascii").name
    text = json.dumps(value, indent=indent, ensure_ascii=encoding != "utf-8", allow_nan=False)
    print(text, flush=indent is None)
