"""A real cluster of two nodes on this computer: what it makes is what one process makes, whoever dies meanwhile.

All of these share one cluster, so they belong to one process of pytest (`--dist loadgroup` keeps them there).
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from voxproof.cli import main
from voxproof.corpora import Row, write_manifest
from voxproof.datasets.build import build_set
from voxproof.datasets.build.cluster import Making
from voxproof.datasets.build.plan import load_plan
from voxproof.datasets.build.workshop import StoppedError
from voxproof.datasets.executors import Actors, Ended, connection
from voxproof.datasets.features import extract_features, load
from voxproof.errors import CorpusError, ModelError

pytest.importorskip("ray")
pytestmark = pytest.mark.xdist_group("ray")

ROOT = Path(__file__).parents[3]
VOICES = ROOT / "examples" / "voices"
STORE = 80 << 20  # bytes, of each node: the least that Ray takes is 75 MiB
UNITS = 16
DEADLINE = 120.0  # seconds
HEALTH = {  # a node that is killed is given up after a second, not after twenty
    "health_check_initial_delay_ms": 500,
    "health_check_period_ms": 300,
    "health_check_timeout_ms": 1000,
    "health_check_failure_threshold": 3,
}
Read = Callable[[Path], dict[str, bytes]]


class Nodes:
    """The cluster: a head that stays, with a core to spare, and a second node that may be killed."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        head = {"num_cpus": 2, "object_store_memory": STORE, "include_dashboard": False, "_system_config": HEALTH}
        self._cluster = Cluster(initialize_head=True, head_node_args=head)
        self.address = str(self._cluster.address)
        self.second: Any = None
        self.whole()

    def whole(self) -> None:
        """Two nodes again."""
        if self.second is None:
            self.second = self._cluster.add_node(num_cpus=1, object_store_memory=STORE)
            self._cluster.wait_for_nodes()

    def kill_second(self) -> None:
        """As when the power goes."""
        self._cluster.remove_node(self.second, allow_graceful=False)
        self.second = None

    def end(self) -> None:
        self._cluster.shutdown()


@pytest.fixture(scope="module")
def nodes(work_folder: Path) -> Iterator[Nodes]:
    """Started once; this process stays connected to it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(work_folder))
        patch.setenv("PYTHONPATH", str(work_folder), prepend=os.pathsep)  # nodes get it too
        patch.setenv("RAY_worker_niceness", "0")  # else other tests take what they need first
        started = Nodes()
        try:
            with connection("ray", started.address):
                yield started
        finally:
            started.end()


@pytest.fixture
def cluster(nodes: Nodes) -> Nodes:
    """Both of its nodes are up."""
    nodes.whole()
    return nodes


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """16 units: of four clips the source, a clone, a degraded and a copied row; `one.yaml` has the first clip alone."""
    folder = tmp_path_factory.mktemp("plan")
    rows = [
        Row(
            str(VOICES / f"{name}.flac"), speaker=name, language="en", text="He might be carried.", duration_s=2.0,
            original_sample_rate=16_000, original_codec="flac", id=f"{name}{start}", start_s=start, end_s=start + 2.0,
        )
        for name in ("anna", "ben") for start in (0.0, 2.5)
    ]  # fmt: skip
    write_manifest(folder / "corpus.tsv", rows)
    make = [{"clone": {"text": "own", "reference": "clip"}}, {"degrade": {"condition": "phone"}},
            {"copy": {"vocoder": "griffinlim"}}]  # fmt: skip
    tree = {"manifest": "corpus.tsv", "consent": "the licence of the voices allows it", "make": make}
    (folder / "plan.yaml").write_text(yaml.safe_dump(tree), encoding="utf-8")
    (folder / "one.yaml").write_text(yaml.safe_dump(tree | {"limit": 1}), encoding="utf-8")
    return folder / "plan.yaml"


@pytest.fixture(scope="module")
def here(plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The set as one process builds it."""
    out = tmp_path_factory.mktemp("here") / "set"
    assert build_set(plan, out).made == UNITS
    return out


def journal(out: Path) -> list[dict[str, Any]]:
    lines = [line for file in (out / "rows").glob("*.jsonl") for line in file.read_bytes().split(b"\n")[:-1]]
    return [json.loads(line) for line in lines]


def wait_until(there: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE
    while not there():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_node_that_is_killed_in_the_middle_loses_and_doubles_nothing(
    cluster: Nodes, plan: Path, here: Path, tmp_path: Path, content: Read
) -> None:
    out, made = tmp_path / "set", []

    def kill() -> None:
        wait_until(lambda: (out / "rows").is_dir() and len(journal(out)) >= 3)
        made.append(len(journal(out)))
        cluster.kill_second()

    killer = threading.Thread(target=kill)
    killer.start()
    done = build_set(plan, out, workers=2, executor="ray", address=cluster.address)
    killer.join()
    assert made[0] < UNITS
    assert (done.made, done.failed, done.merged.missing) == (UNITS, 0, 0)
    assert set(Counter(entry["n"] for entry in journal(out)).values()) == {1}
    assert content(out) == content(here)
    assert not list(out.glob("audio/*/.*"))


def test_a_driver_that_is_killed_goes_on_where_it_was(
    cluster: Nodes, plan: Path, here: Path, tmp_path: Path, content: Read
) -> None:
    out = tmp_path / "set"
    arguments = ["dataset", "build", plan, "-o", out, "--executor", "ray", "--address", cluster.address, "--workers", 2]
    command = [sys.executable, "-m", "voxproof", *map(str, arguments)]
    driver = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_until(lambda: driver.poll() is not None or ((out / "rows").is_dir() and len(journal(out)) >= 3))
    driver.kill()
    said = b"".join(driver.communicate())
    assert driver.returncode == -signal.SIGKILL, said.decode()
    assert said == b""
    before = len(journal(out))
    assert 3 <= before < UNITS
    done = build_set(plan, out, workers=1, executor="ray", address=cluster.address)
    assert (done.made, done.failed, done.merged.missing) == (UNITS - before, 0, 0)
    assert Counter(entry["n"] for entry in journal(out)) == Counter(range(UNITS))
    assert content(out) == content(here)
    assert not list(out.glob("audio/*/.*"))


def test_a_unit_that_ends_its_process_twice_has_failed(
    cluster: Nodes, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rigged_work import DeadlyMaking

    monkeypatch.setattr("voxproof.datasets.build.cluster.Making", DeadlyMaking)
    out = tmp_path / "set"
    done = build_set(plan.with_name("one.yaml"), out, workers=1, executor="ray", address=cluster.address)
    assert (done.made, done.failed, done.merged.missing) == (3, 1, 0)
    failed = next(entry for entry in journal(out) if entry["failed"])
    assert failed["n"] == 2
    assert "the process that made it ended 2 times (exit code 9)" in failed["row"]["extra"]


def test_answers_come_with_their_place_and_deadly_tasks_are_named(cluster: Nodes) -> None:
    from rigged_work import Doubling

    from voxproof.datasets.executors.ray import answers

    found = {}
    said = answers(iter(range(16)), Doubling(), Actors(1), {"VOXPROOF_THREADS": "1"})
    with pytest.raises(CorpusError, match="14 is out of stock"):
        found.update(said)
    assert sorted(found) == list(range(14))
    assert found[13] == Ended(2, 9)
    assert all(found[number][::2] == (2 * number, "1") for number in range(13))


def test_a_node_that_does_not_see_the_folder_says_so(plan: Path, tmp_path: Path) -> None:
    with pytest.raises(StoppedError, match=r"does not see .*elsewhere; build into a folder that all nodes share"):
        Making(load_plan(plan), tmp_path / "elsewhere", [])()


def test_a_node_with_other_models_says_so(plan: Path, here: Path) -> None:
    with pytest.raises(ModelError, match=r"the models of the node .* are others than here"):
        Making(load_plan(plan), here, [])()


def test_features_are_the_same_as_made_here(cluster: Nodes, plan: Path, tmp_path: Path, content: Read) -> None:
    for folder, options in (("here", {}), ("there", {"executor": "ray", "workers": 1})):
        done = extract_features(plan.parent / "corpus.tsv", tmp_path / folder, "embedding", shard_rows=2, **options)
        assert (done.rows, done.failed, done.shards, done.made) == (4, 0, 2, 2)
    assert content(tmp_path / "here") == content(tmp_path / "there")
    assert load(tmp_path / "there")["000000003"].shape == (256,)


def test_verdicts_are_the_same_as_given_here(
    cluster: Nodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one order, with the same errors, for names that are relative too."""
    monkeypatch.chdir(ROOT)
    (tmp_path / "broken.wav").write_bytes(b"no sound")
    paths = [*sorted(str(path.relative_to(ROOT)) for path in VOICES.glob("*.flac")), str(tmp_path / "broken.wav")]
    said = []
    for options in ([], ["--executor", "ray", "--address", cluster.address, "--jobs", "1"]):
        assert main(["detect", *paths, "--json", *options]) == 2
        said.append(capsys.readouterr())
    assert said[0] == said[1]
    assert [json.loads(line)["path"] for line in said[0].out.splitlines()] == paths


def test_an_address_where_nobody_is_leaves_with_two(capsys: pytest.CaptureFixture[str], plan: Path) -> None:
    out = str(plan.parent / "never")
    command = [sys.executable, "-m", "voxproof", "dataset", "build", str(plan), "-o", out, "--executor", "ray"]
    done = subprocess.run([*command, "--address", "127.0.0.1:1"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "voxproof: cannot reach Ray at 127.0.0.1:1 (Connection refused); is the cluster up, and the port right?\n"
    )
    assert not Path(out).exists()


def test_detect_alone_knows_neither_ray_nor_sets() -> None:
    code = f"import sys, voxproof.cli as c; c.main(['detect', {str(VOICES / 'anna.flac')!r}]); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "voxproof.cli.judging" in loaded
    assert not [name for name in loaded if name.split(".")[0] == "ray" or name.startswith("voxproof.datasets")]
