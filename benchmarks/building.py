"""Sets at scale: clones of a corpus on one, two and Ray's workers, memory, planning, detection, and what it all costs.

    python benchmarks/building.py --corpus ../shared/speech

measures all parts, prints the tables and writes them to benchmarks/results/building.md (and .json). Run it on an idle
machine; it takes some hours. `--only clones,cost` measures some parts again and keeps the others as they were;
`--rows 20` makes every part small, to try it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from cost_of_hours import cost_tables
from killed import killed_often, node_killed, told
from voxproof.corpora import Row, read_manifest, write_manifest
from voxproof.evaluation.report import Report, Table, command_line, commit
from watched import Watched, watched

RESULTS = Path(__file__).parent / "results"
TEXTS = Path(__file__).parent / "long_text.txt"
SIZES = {"clones": 500, "killed": 500, "memory": 1_000, "planning": 1_000_000, "detection": 10_000, "ray": 5_000}
PARTS = (*SIZES, "cost")
DETECTORS = ("detector-fast", "detector-strong")
CONSENT = "the licences of the corpus allow to measure"
NULL: dict[str, Any] = {"make": ["null"], "keep_sources": False}
_MIB = 2**20

Figures = dict[str, Any]

_PLANNING = """
import hashlib, json, resource, sys, tempfile, time
from pathlib import Path
from voxproof.datasets.build import Units, load_plan
from voxproof.datasets.build.selected import Selected
plan = load_plan(sys.argv[1])
begun = time.perf_counter()
selected = Selected(plan, Path(tempfile.gettempdir()))
read = time.perf_counter()
units = Units(plan, selected, [["card"] for _ in plan.orders])
for number in range(len(units)):
    units[number]
ended = time.perf_counter()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"reading": read - begun, "planning": ended - read, "peak": peak, "units": len(units)}))
"""


def real_rows(corpus: Path, count: int) -> list[Row]:
    """English speech of people, those first who have several clips in it; paths are absolute."""
    rows = [row for row in read_manifest(corpus) if row.label == "real" and row.language == "en" and row.speaker]
    clips: dict[str, int] = {}
    for row in rows:
        clips[row.speaker] = clips.get(row.speaker, 0) + 1
    rows.sort(key=lambda row: clips[row.speaker] == 1)
    return [row._replace(path=str((corpus / row.path).resolve()), text="") for row in rows[:count]]


def written_plan(folder: Path, name: str, **keys: Any) -> Path:
    """A plan beside the manifest `m.tsv`."""
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump({"manifest": "m.tsv", **keys}), encoding="utf-8")
    return path


def generated(path: Path, count: int) -> None:
    """A manifest of so many rows that differ, of 2,000 speakers."""

    def rows() -> Any:
        for number in range(count):
            yield Row(
                f"clips/{number // 1000:06d}/{number:09d}.flac", split="train", corpus="generated",
                speaker=f"s{number % 2000:04d}", gender="fm"[number % 2], language="en",
                text=f"This is sentence {number}, which somebody says.", duration_s=3 + number % 50 / 10,
                original_sample_rate=16_000, original_codec="flac", licence="CC-BY-4.0", id=f"g{number:09d}",
            )  # fmt: skip

    write_manifest(path, rows())


def clones_plan(folder: Path, corpus: Path, rows: int) -> tuple[Path, int]:
    """Clones of so many real clips, each with a sentence of the long text; and how many there are."""
    count = write_manifest(folder / "m.tsv", real_rows(corpus, rows))
    sentences = [one.strip() + "." for one in TEXTS.read_text(encoding="utf-8").replace("\n", " ").split(". ") if one]
    clone = {"clone": {"engine": "native", "reference": "speaker", "text": sentences}}
    return written_plan(folder, "clones", make=[clone], keep_sources=False, consent=CONSENT), count


def measure_clones(folder: Path, corpus: Path, rows: int) -> Figures:
    """The same rows by one worker, by two, and by Ray with two actors."""
    plan, count = clones_plan(folder, corpus, rows)
    ways: dict[str, dict[str, Any]] = {"1 worker": {}, "2 workers": {"workers": 2}}
    ways["Ray, 2 actors"] = {"executor": "ray", "address": "local", "workers": 2}
    figures: Figures = {"rows": count, "ways": {}}
    for name, options in ways.items():
        out = folder / name
        seen = watched(plan, out, **options)
        run = seen.facts["run"]
        figures["ways"][name] = {
            "rows_per_second": seen.rate,
            "audio_hours_per_hour": run["seconds"] / max(1, run["made"]) * seen.rate,
            "startup": seen.startup,
            "seconds": seen.seconds,
            "failed": run["failed"],
            "peak": seen.peak,
        }
    one = figures["ways"]["1 worker"]["rows_per_second"]
    for way in figures["ways"].values():
        way["efficiency"] = way["rows_per_second"] / (one if way is figures["ways"]["1 worker"] else 2 * one)
    contents = [_content(folder / name) for name in ways]
    figures["equal"] = all(one == contents[0] for one in contents)
    figures["seconds_per_row"] = run["seconds"] / max(1, run["made"])
    figures["bytes_per_row"] = _sizes(folder / "1 worker", count)
    return figures


def _content(folder: Path) -> dict[str, bytes]:
    """All of a set but its journals."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.parent.name != "rows")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def _sizes(folder: Path, rows: int) -> dict[str, float]:
    """Bytes a row by what they are."""
    files = {
        "sound": folder.rglob("*.flac"),
        "sidecars": folder.rglob("*.flac.json"),
        "journals": folder.glob("rows/*.jsonl"),
        "manifest": folder.glob("manifest.*"),
    }
    return {name: sum(path.stat().st_size for path in found) / rows for name, found in files.items()}


def clones_table(figures: Figures) -> Table:
    columns = ["", "rows/s", "hours of sound an hour", "efficiency", "until the first row [s]", "whole [s]", "peak MiB"]
    rows = [
        [name, way["rows_per_second"], way["audio_hours_per_hour"], way["efficiency"], way["startup"], way["seconds"],
         way["peak"] / _MIB]
        for name, way in figures["ways"].items()
    ]  # fmt: skip
    equal = "the same bytes in all sets" if figures["equal"] else "**the sets differ**"
    note = f"{figures['rows']} rows; {equal}. Rates from the first row to the last, start-up apart."
    return Table("Clones of a corpus, native engine", columns, rows, note)


def measure_killed(folder: Path, corpus: Path, rows: int) -> Figures:
    """The same set undisturbed, killed again and again, and on a cluster of which a node is killed."""
    plan, count = clones_plan(folder, corpus, rows)
    ways: Figures = {"undisturbed": {"kills": 0, "seconds": watched(plan, folder / "undisturbed", workers=2).seconds}}
    ways["undisturbed"] |= told(folder / "undisturbed", count)
    ways["command killed"] = killed_often(plan, folder / "command killed", count)
    ways["node killed"] = node_killed(plan, folder / "node killed", count)
    for name, way in ways.items():
        way["equal"] = _content(folder / name) == _content(folder / "undisturbed")
    return {"rows": count, "ways": ways}


def killed_table(figures: Figures) -> Table:
    keys = ["kills", "failed", "lost", "doubled", "other files", "equal", "seconds"]
    rows = [[name, *(way[key] for key in keys)] for name, way in figures["ways"].items()]
    note = (
        f"{figures['rows']} clones. `kill -9` of `voxproof dataset build --workers 2`, every second time with its "
        "workers, and the command again; `--executor ray` on a cluster of two nodes on this computer, one of them "
        "killed at a third. `failed`: rows that cannot be made, told with their reason, the same in all. `equal`: the "
        "same bytes as the undisturbed set."
    )
    return Table("Killed in the middle", ["", *keys], rows, note)


def measure_memory(folder: Path, rows: int) -> Figures:
    """Memory of builds of growing size that make no sound."""
    sizes = [rows, 10 * rows, 100 * rows]
    generated(folder / "m.tsv", sizes[-1])
    figures: Figures = {"sizes": {}}
    for size in sizes:
        seen = watched(written_plan(folder, f"null{size}", limit=size, **NULL), folder / str(size), every=0.02)
        figures["sizes"][str(size)] = {"peak": seen.peak, "seconds": seen.seconds}
    early, late = seen.resident_after(sizes[1]), seen.peak
    return figures | {"after": sizes[1], "of": sizes[2], "early": early, "late": late, "growth": late / early - 1}


def memory_table(figures: Figures) -> Table:
    rows = [[f"{int(size):,}", one["peak"] / _MIB, one["seconds"]] for size, one in figures["sizes"].items()]
    note = (
        f"Within the run of {figures['of']:,} rows memory grew by {100 * figures['growth']:.1f} % from row "
        f"{figures['after']:,} to its peak."
    )
    return Table("Memory, null engine", ["rows", "peak MiB", "seconds"], rows, note)


def measure_planning(folder: Path, rows: int) -> Figures:
    """Reading a manifest and planning every unit, one process each."""
    figures: Figures = {"rows": rows, "ways": {}}
    clone = {"clone": {"engine": "native", "reference": "speaker", "text": "others"}}
    for suffix in (".tsv", ".parquet"):
        generated(folder / f"m{suffix}", rows)
        plans: dict[str, Figures] = {
            "null": NULL,
            "clone": {"make": [clone], "keep_sources": False, "consent": CONSENT},
        }
        for name, keys in plans.items():
            path = folder / f"{name}.yaml"
            path.write_text(yaml.safe_dump({"manifest": f"m{suffix}", **keys}), encoding="utf-8")
            command = [sys.executable, "-c", _PLANNING, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
            found = json.loads(done.stdout)
            figures["ways"][f"{suffix[1:]}, {name}"] = found | {"together": found["reading"] + found["planning"]}
        figures[f"bytes_{suffix[1:]}"] = (folder / f"m{suffix}").stat().st_size
    return figures


def planning_table(figures: Figures) -> Table:
    rows = [
        [name, one["reading"], one["planning"], one["together"], one["peak"] / _MIB]
        for name, one in figures["ways"].items()
    ]
    columns = ["manifest, plan", "reading [s]", "planning [s]", "together [s]", "peak MiB"]
    note = "`clone`: each with another's text, in the speaker's own voice of up to 12 clips. At most 30 s were asked."
    return Table(f"Reading and planning {figures['rows']:,} rows", columns, rows, note)


def measure_detection(folder: Path, corpus: Path, files: int) -> Figures:
    """A folder of real and synthetic clips, from the start of the command to its end."""
    known = [row for row in read_manifest(corpus) if row.duration_s]
    seconds = 0.0
    for number in range(files):
        row = known[number % len(known)]
        seconds += row.duration_s
        target = folder / f"{number // 1000:04d}" / f"{number:06d}{Path(row.path).suffix}"
        target.parent.mkdir(exist_ok=True)
        try:
            os.link(corpus / row.path, target)
        except OSError:  # another disk
            target.write_bytes((corpus / row.path).read_bytes())
    figures: Figures = {"files": files, "seconds": seconds, "models": {}}
    for model in DETECTORS:
        command = [sys.executable, "-m", "voxproof", "detect", str(folder), "--model", model, "--jobs", "2", "--json"]
        begun = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        took = time.perf_counter() - begun
        judged = len(done.stdout.splitlines())
        figures["models"][model] = {"seconds": took, "judged": judged, "times_real_time": seconds / took}
    return figures


def detection_table(figures: Figures) -> Table:
    rows = [
        [name, one["judged"], one["seconds"], one["judged"] / one["seconds"], one["times_real_time"]]
        for name, one in figures["models"].items()
    ]
    columns = ["detector", "files", "seconds", "files/s", "times real time"]
    note = f"`voxproof detect FOLDER --json --jobs 2`, {figures['seconds'] / 3600:.2f} h of clips."
    return Table("Detection of a folder", columns, rows, note)


def measure_ray(folder: Path, rows: int) -> Figures:
    """What a row costs that costs nothing, here and through Ray."""
    generated(folder / "m.tsv", rows)
    plan = written_plan(folder, "null", **NULL)
    figures: Figures = {"rows": rows, "ways": {}}
    ray = {"executor": "ray", "address": "local", "workers": 2}
    for name, options in {"local, 1 worker": {}, "local, 2 workers": {"workers": 2}, "Ray, 2 actors": ray}.items():
        seen: Watched = watched(plan, folder / name, **options)
        figures["ways"][name] = {"ms_per_row": 1000 / seen.rate, "startup": seen.startup, "seconds": seen.seconds}
    figures["overhead_ms"] = (
        figures["ways"]["Ray, 2 actors"]["ms_per_row"] - figures["ways"]["local, 1 worker"]["ms_per_row"]
    )
    return figures


def ray_table(figures: Figures) -> Table:
    rows = [[name, one["ms_per_row"], one["startup"], one["seconds"]] for name, one in figures["ways"].items()]
    note = f"{figures['rows']:,} rows; Ray adds {figures['overhead_ms']:.2f} ms a row."
    return Table("What a row costs, null engine", ["", "ms/row", "until the first row [s]", "whole [s]"], rows, note)


TABLES: dict[str, Callable[[Figures], Table]] = {
    "clones": clones_table,
    "killed": killed_table,
    "memory": memory_table,
    "planning": planning_table,
    "detection": detection_table,
    "ray": ray_table,
}


def measured(part: str, corpus: Path, rows: int) -> Figures:
    """The figures of a part, with when and from which commit they are."""
    with tempfile.TemporaryDirectory(prefix="voxproof-") as place:
        folder = Path(place)
        parts: dict[str, Callable[[], Figures]] = {
            "clones": lambda: measure_clones(folder, corpus, rows),
            "killed": lambda: measure_killed(folder, corpus, rows),
            "memory": lambda: measure_memory(folder, rows),
            "planning": lambda: measure_planning(folder, rows),
            "detection": lambda: measure_detection(folder, corpus, rows),
            "ray": lambda: measure_ray(folder, rows),
        }
        return parts[part]() | {"date": datetime.now(UTC).date().isoformat(), "commit": commit()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/speech"), help="folder with a manifest")
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts to measure: {', '.join(PARTS)}")
    parser.add_argument("--rows", type=int, help="of every part, in place of their full sizes")
    parser.add_argument("--price", type=float, default=0.04, help="USD for an hour of one core: an assumption")
    parser.add_argument("--out", type=Path, default=RESULTS / "building.md")
    given = parser.parse_args()
    beside = given.out.with_suffix(".json")
    figures: Figures = json.loads(beside.read_text(encoding="utf-8"))["figures"] if beside.is_file() else {}
    for part in islice(given.only.split(","), len(PARTS)):
        if part in SIZES:
            figures[part] = measured(part, given.corpus, given.rows or SIZES[part])
        elif part != "cost":
            parser.error(f"there is no part {part!r}; there are: {', '.join(PARTS)}")
    tables = [TABLES[part](figures[part]) for part in SIZES if part in figures]
    if "clones" in figures:
        found, figures["cost"] = cost_tables(figures, given.price)
        tables += found
    parts = ", ".join(
        f"{part} {figures[part]['date']} ({figures[part]['commit']})" for part in SIZES if part in figures
    )
    about = {"Intervals": "", "Corpus": given.corpus.name, "Measured": parts}
    report = Report("Sets at scale", tables, figures, about, command_line("python benchmarks/building.py"))
    report.save(given.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
