"""A build that is watched from outside: rows in its journals and memory of its processes, over time."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

EVERY = 0.1  # seconds between two looks


@dataclass
class Watched:
    """What was seen of one build. `looks` are seconds since the start of its process, rows so far, bytes resident."""

    facts: dict[str, Any] = field(default_factory=dict)
    looks: list[tuple[float, int, int]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def startup(self) -> float:
        """Seconds until the first row was made: Python, models, planning, and the workers."""
        return self._first()[0]

    @property
    def rate(self) -> float:
        """Rows a second from the first row that was seen to the last one; of all the time if they came at once."""
        begun, rows, _ = self._first()
        ended, last, _ = next(look for look in self.looks if look[1] == self.looks[-1][1])
        return (last - rows) / (ended - begun) if last > rows else last / self.seconds

    @property
    def peak(self) -> int:
        """Bytes resident at most, of all its processes together."""
        return max(size for _, _, size in self.looks)

    def resident_after(self, rows: int) -> int:
        """Bytes resident when so many rows were made."""
        return next(size for _, count, size in self.looks if count >= rows)

    def _first(self) -> tuple[float, int, int]:
        return next((look for look in self.looks if look[1]), self.looks[-1])


def watched(plan: Path, out: Path, every: float = EVERY, **options: Any) -> Watched:
    """`voxproof dataset build plan -o out`, with options such as `workers=2`, watched until it ends."""
    given = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "voxproof", "dataset", "build", str(plan), "-o", str(out), "--json", *given]
    seen, rows, begun = Watched(), Rows(out / "rows"), time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        while process.poll() is None:
            seen.looks.append((time.perf_counter() - begun, rows.count(), resident(process.pid)))
            time.sleep(every)
        seen.seconds = time.perf_counter() - begun
        seen.looks.append((seen.seconds, rows.count(), seen.looks[-1][2]))
        assert process.stdout is not None
        answer = process.stdout.read()
    if process.returncode:
        raise SystemExit(f"the build of {plan.name} with {options} failed; see above")
    seen.facts = json.loads(answer)
    return seen


class Rows:
    """Counts the lines of all journals; what was counted is not read again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = {}
        self._lines = 0

    def count(self) -> int:
        """Lines so far."""
        for path in self._folder.glob("*.jsonl"):
            with path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                data = file.read()
            self._read[path] = self._read.get(path, 0) + len(data)
            self._lines += data.count(b"\n")
        return self._lines


def resident(pid: int) -> int:
    """Bytes of a process and of all below it; memory that they share counts each time."""
    total = 0
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                total = int(line.split()[1]) * 1024
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += sum(map(resident, map(int, (task / "children").read_text().split())))
    except OSError:  # it has ended meanwhile
        pass
    return total
