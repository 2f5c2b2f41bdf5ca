"""The data card of an exported folder: what Hugging Face's hub and `datasets` read at its head, and what people read.

Everything is counted from the rows. The licence at the head is the rows' own if all have one that the hub knows.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence

from voxproof.corpora.row import FLOATS, WHOLES, Row

LABELS = ("real", "fake")
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_LICENCES = frozenset(
    "cc0-1.0 cc-by-2.0 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nc-sa-4.0 "
    "cc-by-nc-nd-4.0 cc-by-nd-4.0 mit apache-2.0 gpl-3.0 pddl odc-by".split()
)
_MOST = 40  # generators and licences that are listed
_NOT_TOLD = "not told"


class Counted:
    """Clips and seconds by split and label, and what licences, languages and generators there are."""

    def __init__(self) -> None:
        self.clips: dict[str, Counter[str]] = defaultdict(Counter)
        self.seconds: Counter[str] = Counter()
        self.licences: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.generators: Counter[str] = Counter()

    def add(self, split: str, row: Row, seconds: float) -> None:
        """One clip more."""
        self.clips[split][row.label] += 1
        self.seconds[split] += seconds  # type: ignore[assignment]
        self.licences[row.licence] += 1
        self.languages[row.language] += 1
        if row.label == "fake":
            self.generators[row.generator] += 1


def card(counted: Counted, title: str, columns: Sequence[str]) -> str:
    """Markdown with a head of YAML (JSON, which is YAML too)."""
    total = sum(counter.total() for counter in counted.clips.values())
    features = [{"name": "audio", "dtype": "audio"}, *({"name": name, "dtype": dtype(name)} for name in columns)]
    head = {
        "pretty_name": title,
        **_licence(counted.licences),
        "language": sorted(name for name in counted.languages if name.isalpha() and len(name) in (2, 3)),
        "task_categories": ["audio-classification"],
        "size_categories": [next((name for most, name in _SIZES if total < most), "n>1M")],
        "configs": [
            {"config_name": "default", "data_files": [{"split": one, "path": f"{one}/**"} for one in counted.clips]}
        ],
        "dataset_info": {"features": features},
    }
    lines = ["---", *(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items() if value), "---"]
    lines += ["", f"# {title}", "", f"{total:,} clips, {sum(counted.seconds.values()) / 3600:.2f} h.", ""]
    lines += ["| split | real | fake | without a label | hours |", "|---|---|---|---|---|"]
    for split, labels in counted.clips.items():
        counts = " | ".join(f"{labels[label]:,}" for label in (*LABELS, ""))
        lines.append(f"| {split} | {counts} | {counted.seconds[split] / 3600:.2f} |")
    for heading, found in (("Licences", counted.licences), ("Generators of the fakes", counted.generators)):
        lines += ["", f"## {heading}", "", *_listed(found)]
    lines += ["", "`label` says whether a person speaks (`real`) or a machine (`fake`); `extra` is a JSON object."]
    return "\n".join(lines) + "\n"


def _licence(found: Counter[str]) -> dict[str, object]:
    names = [name for name in found if name]
    if not names or found[""]:
        return {"license": "unknown"} if not names else {"license": "other", "license_name": "several"}
    known = [name.lower().replace(" ", "-") for name in names]
    if len(known) == 1 and known[0] in _LICENCES:
        return {"license": known[0]}
    return {"license": "other", "license_name": "several" if len(names) > 1 else names[0][:90]}


def dtype(column: str) -> object:
    """The type of a column as `datasets` calls it."""
    if column == "label":
        return {"class_label": {"names": {str(number): label for number, label in enumerate(LABELS)}}}
    return "float64" if column in FLOATS else "int64" if column in WHOLES else "string"


def _listed(found: Counter[str]) -> list[str]:
    lines = [f"- {name or _NOT_TOLD}: {count:,} clips" for name, count in found.most_common(_MOST)]
    if len(found) > _MOST:
        lines.append(f"- and {len(found) - _MOST:,} more")
    return lines or ["- none"]
