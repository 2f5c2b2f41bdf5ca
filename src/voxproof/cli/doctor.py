"""`voxproof doctor`: what is installed, what is missing, and how to get it."""

from typing import TYPE_CHECKING

import typer

from voxproof.cli.options import JsonOption
from voxproof.cli.stderr import progress
from voxproof.cli.stdout import print_json
from voxproof.notes import one_line

if TYPE_CHECKING:
    from voxproof.cli.health import Finding

app = typer.Typer(add_completion=False)

_SIGNS = {"ok": "ok", "optional": "--", "problem": "!!"}


@app.command(epilog="Example: voxproof doctor")
def doctor(as_json: JsonOption = False) -> None:
    """Say what is installed, what is missing and how to get it.

    Exit code 0 if everything that is needed is there, 3 if a model of the package is missing, else 2.
    """
    from voxproof.cli.health import examine

    found: list[Finding] = []
    with progress("looking", None) as show:
        for number, finding in enumerate(examine(), 1):
            found.append(finding)
            show(number, finding.name)
    problems = [finding for finding in found if finding.state == "problem"]
    if as_json:
        facts = {"healthy": not problems, "findings": [finding.as_dict() for finding in found]}
        print_json(facts)
    else:
        _print(found)
        print(_conclusion(found))
    if problems:
        raise typer.Exit(max(problem.code for problem in problems))


def _print(found: "list[Finding]") -> None:
    width = max(len(finding.name) for finding in found)
    for area in dict.fromkeys(finding.area for finding in found):
        print(area)
        for finding in (one for one in found if one.area == area):
            way = f"  -> {finding.advice}" if finding.advice else ""
            print(f"  {_SIGNS[finding.state]}  {finding.name:<{width}}  {one_line(finding.detail)}{way}")


def _conclusion(found: "list[Finding]") -> str:
    problems = sum(finding.state == "problem" for finding in found)
    absent = sum(finding.state == "optional" for finding in found)
    extra = f" ({absent} optional thing{'s' if absent != 1 else ''} marked -- could be added)" if absent else ""
    if problems:
        return f"{problems} problem{'s' if problems != 1 else ''} marked !!{extra}"
    return f"everything that is needed is here{extra}"
