"""Builds that are killed: the command itself again and again, and a node of a Ray cluster under it."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from voxproof.corpora import read_manifest
from voxproof.corpora.tables import manifest_cells
from watched import Rows

KILLS = 6
STORE = 100 << 20  # bytes, the object store of each node
HEALTH = {  # a node that is killed is given up within seconds
    "health_check_initial_delay_ms": 500,
    "health_check_period_ms": 500,
    "health_check_timeout_ms": 2000,
    "health_check_failure_threshold": 3,
}
PATIENCE = 600.0  # seconds for rows to come


def killed_often(plan: Path, out: Path, rows: int) -> dict[str, Any]:
    """Kill the command with signal 9 `KILLS` times on its way, by itself or with its workers, then let it end."""
    chance = random.Random(0)
    counted = Rows(out / "rows")
    begun = time.perf_counter()
    for kill in range(KILLS):
        process = _started(plan, out, "--workers", "2")
        _until(lambda goal=(kill + 1) * rows // (KILLS + 1): counted.count() >= goal, process)
        time.sleep(0.5 * chance.random())  # at any moment of a row
        if kill % 2:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
    _ended(_started(plan, out, "--workers", "2"))
    return {"kills": KILLS, "seconds": time.perf_counter() - begun} | told(out, rows)


def node_killed(plan: Path, out: Path, rows: int) -> dict[str, Any]:
    """Kill one of the two nodes of a Ray cluster when a third of the rows are there."""
    from ray.cluster_utils import Cluster

    counted = Rows(out / "rows")
    head = {"num_cpus": 1, "object_store_memory": STORE, "include_dashboard": False, "_system_config": HEALTH}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    try:
        second = cluster.add_node(num_cpus=1, object_store_memory=STORE)
        cluster.wait_for_nodes()
        begun = time.perf_counter()
        where = ("--executor", "ray", "--address", str(cluster.address), "--workers", "2")
        process = _started(plan, out, *where)
        _until(lambda: counted.count() >= rows // 3, process)
        cluster.remove_node(second, allow_graceful=False)
        _ended(process)
        return {"kills": 1, "seconds": time.perf_counter() - begun} | told(out, rows)
    finally:
        cluster.shutdown()


def told(out: Path, rows: int) -> dict[str, int]:
    """Rows that failed, that are lost or doubled, and files that nothing tells of or that are half-written."""
    failures = out / "failed.tsv"
    failed = sum(1 for _ in manifest_cells(failures, ("id",))) if failures.is_file() else 0
    ids = Counter(row.id for row in read_manifest(out / "manifest.tsv"))
    named = {row.path for row in read_manifest(out / "manifest.tsv")}
    there = {str(path.relative_to(out)) for path in (out / "audio").rglob("*") if path.is_file()}
    others = {path for path in there if path.removesuffix(".json") not in named}
    return {
        "failed": failed,
        "lost": rows - failed - len(ids),
        "doubled": sum(ids.values()) - len(ids),
        "other files": len(others),
    }


def _started(plan: Path, out: Path, *options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "voxproof", "dataset", "build", str(plan), "-o", str(out), "--json", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def _until(there: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    end = time.monotonic() + PATIENCE
    while not there():
        if process.poll() is not None or time.monotonic() > end:
            raise SystemExit("the build ended, or made nothing, before it could be killed; give it more rows")
        time.sleep(0.02)


def _ended(process: "subprocess.Popen[str]") -> None:
    answer, _ = process.communicate(timeout=PATIENCE)
    if process.returncode or json.loads(answer)["missing"]:
        raise SystemExit(f"the build ended with {process.returncode} and did not make all rows")
