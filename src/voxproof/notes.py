"""What is said in one line beside the results: how it is written, and where warnings go."""

import warnings
from collections.abc import Callable
from typing import TextIO


def one_line(message: str) -> str:
    """`message` in one line of printable characters, which cannot move a terminal's cursor."""
    line = " ".join(message.split())
    return line if line.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


def tell_warnings(tell: Callable[[str], None]) -> None:
    """Give every `UserWarning` of this process to `tell`, in one line, and drop other warnings.

    Within `warnings.catch_warnings()` this holds to its end.
    """

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        tell(one_line(str(message)))

    warnings.simplefilter("ignore")
    warnings.simplefilter("always", UserWarning)
    warnings.showwarning = show
