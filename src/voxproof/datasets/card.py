"""The data card of a set: clips and hours by class, generator, family, corpus, language and licence.

After Gebru et al., "Datasheets for datasets" (arXiv:1803.09010), as far as numbers can tell it: everything here is
counted from the manifests, nothing is typed.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voxproof.corpora.tables import manifest_cells
from voxproof.datasets.fakes.maker import makers
from voxproof.errors import CorpusError
from voxproof.files import write_aside

NOT_TOLD = "not told"
_LONGEST_TABLE = 400  # rows
Row = dict[str, str]


@dataclass(frozen=True)
class DataCard:
    """Rows of all folders (`folder` is added to each), and the command that counted them."""

    rows: Sequence[Row]
    title: str
    command: str

    @property
    def clips(self) -> int:
        """How many."""
        return len(self.rows)

    @property
    def hours(self) -> float:
        """How long they last together."""
        return sum(_seconds(row) for row in self.rows) / 3600

    def facts(self) -> dict[str, Any]:
        """For JSON: counts and hours of every table."""
        tables = {
            name: {key: {"real": real, "fake": fake, "hours": round(hours, 3)} for key, real, fake, hours in counted}
            for name, counted in self._tables()
        }
        return {"clips": self.clips, "hours": round(self.hours, 3), "tables": tables}

    def markdown(self) -> str:
        """The page."""
        fakes = sum(row["label"] == "fake" for row in self.rows)
        generators = {row["generator"] for row in self.rows if row["label"] == "fake"}
        lines = [f"# {self.title}", "", f"Written by `{self.command}` from the manifests; nothing here is typed.", ""]
        lines += [
            f"{self.clips:,} clips, {self.hours:.1f} h: {self.clips - fakes:,} real, {fakes:,} fake by "
            f"{len(generators)} generators.",
            "",
            "Generators named `own-` are the project's: they copy, convert or say again real clips, which stand beside",
            "them in the same coding (pages `own-`; those real clips may be in other folders too), and watermark none.",
            "Clips of demonstration pages mostly state no licence: they are for training, never for redistribution.",
        ]
        for name, counted in self._tables():
            lines += ["", f"## By {name}", "", f"| {name} | real | fake | hours |", "|---|---|---|---|"]
            lines += [f"| {_cell(key)} | {real:,} | {fake:,} | {hours:.2f} |" for key, real, fake, hours in counted]
        own = {name: one for name, one in makers().items() if name in generators}
        if own:
            lines += ["", "## The project's generators", "", "| generator | family | what it is |", "|---|---|---|"]
            lines += [f"| {name} | {one.family} | {_cell(one.about)} |" for name, one in own.items()]
        return "\n".join(lines) + "\n"

    def save(self, path: str | Path) -> None:
        """Write the page; `CorpusError` if it cannot be written."""
        with write_aside(path, CorpusError) as aside:
            aside.write_text(self.markdown(), encoding="utf-8")

    def _tables(self) -> list[tuple[str, list[tuple[str, int, int, float]]]]:
        return [(name, self._counted(key)) for name, key in _KINDS.items()]

    def _counted(self, key: Callable[[Row], str | None]) -> list[tuple[str, int, int, float]]:
        """Key, real clips, fakes and hours, the largest first; rows without a key are not counted."""
        found: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0.0])
        for row in self.rows:
            name = key(row)
            if name is not None:
                here = found[name]
                here[row["label"] == "fake"] += 1
                here[2] += _seconds(row) / 3600
        ordered = sorted(found.items(), key=lambda pair: (-(pair[1][0] + pair[1][1]), pair[0]))
        return [(name, int(real), int(fake), hours) for name, (real, fake, hours) in ordered[:_LONGEST_TABLE]]


def data_card(folders: Sequence[str | Path], *, split: str, title: str, command: str) -> DataCard:
    """The card of the manifests of some folders.

    A manifest without a column `label` is real speech; of one with a column `split` only that split is counted.
    `CorpusError` for a manifest that is missing, lacks a column or has another label than real and fake.
    """
    rows = []
    for folder in folders:
        path = Path(folder) / "manifest.tsv" if Path(folder).is_dir() else Path(folder)
        for row in manifest_cells(path, ("path", "duration_s")):
            if "split" in row and row["split"] != split:
                continue
            told = {"label": "real", "generator": "", "family": ""} | row
            if told["label"] not in ("real", "fake"):
                raise CorpusError(f"{path}: label {told['label']!r} of {row['path']} is neither real nor fake")
            rows.append(told | {"folder": path.parent.name})
    if not rows:
        raise CorpusError("there is no clip in these manifests")
    return DataCard(rows, title, command)


def _of_fakes(column: str) -> Callable[[Row], str | None]:
    return lambda row: (row.get(column) or NOT_TOLD) if row["label"] == "fake" else None


def _of_all(*columns: str) -> Callable[[Row], str | None]:
    return lambda row: next((row[column] for column in columns if row.get(column)), NOT_TOLD)


_KINDS: dict[str, Callable[[Row], str | None]] = {
    "class": _of_all("label"),
    "folder": _of_all("folder"),
    "family": _of_fakes("family"),
    "generator": _of_fakes("generator"),
    "corpus": _of_all("corpus"),
    "language": _of_all("language"),
    "licence": _of_all("licence", "corpus_licence"),
}


def _seconds(row: Row) -> float:
    try:
        return float(row["duration_s"] or 0)
    except ValueError:
        raise CorpusError(f"{row['path']} lasts {row['duration_s']!r} s, which is no number") from None


def _cell(text: str) -> str:
    return text.replace("|", "/")
