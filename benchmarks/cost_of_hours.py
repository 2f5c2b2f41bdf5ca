"""What hours of clones cost, worked out from measured rates: core-hours, days, bytes and money; and what breaks."""

from typing import Any

from voxproof.evaluation.report import Table

HOURS = (1_000, 1_000_000)
FOLDERS = 256  # that the sounds of a set lie in
FILES = 2  # a row: the sound, and the manifest beside it
# Bytes a row that the process of a run keeps: offset, speaker, language, seconds and whether there is a text
# (Selected), twice the state of every unit and where its line stands (Done), and the numbers that are left to make.
KEPT = 8 + 4 + 4 + 4 + 1 + 2 * (1 + 8 + 2) + 8
READING = 60  # bytes a row more while rows are compared with each other
SPILLED = 250  # bytes a row in the file without a name
PUT_PRICE = 0.005  # USD for a thousand objects put into a store: an assumption
CORES = (2, 64, 1_000)
_BYTES = {
    "sound": "FLAC",
    "sidecars": "manifests beside the sounds",
    "journals": "journals",
    "manifest": "manifest.tsv",
}


def cost_tables(figures: dict[str, Any], price: float) -> tuple[list[Table], dict[str, Any]]:
    """Tables and their figures. The rate is that of two workers a core, so what they cost each other is in it."""
    clones = figures["clones"]
    a_core = clones["ways"]["2 workers"]["audio_hours_per_hour"] / 2
    facts: dict[str, Any] = {"hours_of_sound_a_core_hour": a_core, "usd_a_core_hour": price}
    rows = []
    for hours in HOURS:
        work = hours / a_core
        count = hours * 3600 / clones["seconds_per_row"]
        sizes = {name: size * count for name, size in clones["bytes_per_row"].items()}
        facts[str(hours)] = {"core_hours": work, "usd": work * price, "rows": count, "bytes": sizes}
        days = [shown(work / cores / 24) for cores in CORES]
        rows.append([f"{hours:,}", f"{count:,.0f}", shown(work), *days, f"{work * price:,.0f}"])
    columns = ["hours of clones", "rows", "core-hours", *(f"days on {cores:,} cores" for cores in CORES), "USD"]
    note = (
        f"From {a_core:.2f} hours of sound in an hour of one core (two workers, each on a core). {price:g} USD for an "
        "hour of one core is an assumption (--price), and days assume that more cores add nothing but cores."
    )
    tables = [Table("What hours of clones cost", columns, rows, note), _storage(facts, clones), _limits(facts, figures)]
    return tables, facts


def _storage(facts: dict[str, Any], clones: dict[str, Any]) -> Table:
    rows = []
    for name, what in _BYTES.items():
        cells = [bytes_shown(facts[str(hours)]["bytes"][name]) for hours in HOURS]
        rows.append([what, f"{clones['bytes_per_row'][name]:,.0f}", *cells])
    an_hour = clones["bytes_per_row"]["sound"] / clones["seconds_per_row"] * 3600
    note = f"An hour of FLAC (16 kHz, 16 bits, mono) has {bytes_shown(an_hour)}."
    return Table("What they take on disk", ["", "bytes a row", *(f"{hours:,} hours" for hours in HOURS)], rows, note)


def _limits(facts: dict[str, Any], figures: dict[str, Any]) -> Table:
    """What a single set with a single run would have to hold; docs/scale.md says what then."""
    counts = [facts[str(hours)]["rows"] for hours in HOURS]
    rows = [
        ["files in each of the 256 folders", *(f"{FILES * count / FOLDERS:,.0f}" for count in counts)],
        ["memory of the run for its rows", *(bytes_shown(KEPT * count) for count in counts)],
        ["the same while the manifest is read", *(bytes_shown((KEPT + READING) * count) for count in counts)],
        ["rows in the temporary file", *(bytes_shown(SPILLED * count) for count in counts)],
        ["objects to put into a store", *(f"{FILES * count:,.0f}" for count in counts)],
        [f"these, USD at {PUT_PRICE:g} a thousand", *(f"{FILES * count * PUT_PRICE / 1000:,.0f}" for count in counts)],
    ]
    if "planning" in figures:
        way = figures["planning"]["ways"]["tsv, clone"]
        each = (way["reading"] + way["planning"]) / figures["planning"]["rows"]
        rows.append(["hours to read and plan, one process", *(shown(each * count / 3600) for count in counts)])
    if "ray" in figures:
        each = figures["ray"]["ways"]["Ray, 2 actors"]["ms_per_row"] / 1000
        rows.append(
            ["hours in which Ray passes them on, one driver", *(shown(each * count / 3600) for count in counts)]
        )
    return Table("One set, one run", ["", *(f"{hours:,} hours" for hours in HOURS)], rows)


def shown(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def bytes_shown(size: float) -> str:
    """In the greatest unit of ten that fits."""
    for unit, power in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= power:
            return f"{size / power:.3g} {unit}"
    return f"{size:.0f} B"
