"""Writes docs/models.md from the cards of the package.

python tools/models_page.py            # write
python tools/models_page.py --check    # leave with 1 if the page is not what the cards say
"""

import argparse
import sys
from pathlib import Path

from voxproof.models import Card, cards
from voxproof.paths import PACKAGE_WEIGHTS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "models.md"


def page() -> str:
    """All cards: ours first, then those whose weights come from elsewhere."""
    every = [card for card in cards() if card.folder is not None and card.folder.is_relative_to(PACKAGE_WEIGHTS)]
    ours = [card for card in every if _complete(card)]
    others = [card for card in every if not _complete(card)]
    parts = [
        "# Models",
        "Written by `python tools/models_page.py` from the cards in src/voxproof/weights. `voxproof models show NAME` "
        "tells more of each, with hashes and sources.",
        f"## In the package ({sum(_size(card) for card in ours) / 1e6:.1f} MB)",
        *(_entry(card) for card in ours),
        "## From elsewhere",
        "Their weights belong to other people and are taken from packages that the user installs.",
        *(_entry(card) for card in others),
    ]
    return "\n\n".join(parts) + "\n"


def _complete(card: Card) -> bool:
    return card.folder is not None and all((card.folder / file.name).is_file() for file in card.files)


def _size(card: Card) -> int:
    """Bytes of a model and of those that it brings in folders of its own (a detector's partners)."""
    inside = card.folder.glob("*/*.onnx") if card.folder else ()
    return card.bytes + sum(file.stat().st_size for file in inside)


def _entry(card: Card) -> str:
    lines = [
        f"### {card.name}",
        "",
        card.summary.strip(),
        "",
        f"- Kind: {card.kind}, run by the engine `{card.engine}`, {_size(card) / 1e6:.1f} MB",
        f"- Licence: {card.licence}",
    ]
    for source in card.sources:
        if source.type == "installed":
            lines.append(f"- Comes with: `pip install {source.requirement}`")
        if source.type == "hub":
            lines.append(f"- Comes from: {source.repo} at {source.revision[:12]}")
    for data in card.training_data:
        plural = "" if data.speakers == 1 else "s"
        size = [f"{data.hours:g} h" if data.hours else "", f"{data.speakers} speaker{plural}" if data.speakers else ""]
        amount = ", ".join(part for part in size if part)
        lines.append(f"- Learned from: {data.name}{f', {amount}' if amount else ''} ({data.licence})")
    for figure in card.figures:
        interval = f" [{figure.interval[0]:g}, {figure.interval[1]:g}]" if figure.interval else ""
        lines.append(f"- {figure.name}: {figure.value:g}{interval} {figure.unit} (`{figure.command}`)")
    lines += [f"- Limit: {limit}" for limit in card.limits]
    return "\n".join(lines)


def main() -> int:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description="Write docs/models.md from the cards.")
    parser.add_argument("--check", action="store_true", help="write nothing; leave with 1 if the page is out of date")
    text = page()
    if not parser.parse_args().check:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print("docs/models.md is not what the cards say: run python tools/models_page.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
