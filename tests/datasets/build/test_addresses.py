"""Sets that are built from an address to an address, of a real store: the bytes of a local build, whatever happens."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from voxproof.corpora import Row, read_manifest, write_manifest
from voxproof.datasets.build import build_set, lease, load_plan, merge_folders, segments
from voxproof.datasets.build.done import MADE, Done
from voxproof.datasets.build.journal import Entry, Journal
from voxproof.datasets.build.lease import Lease
from voxproof.datasets.build.workshop import StoppedError, Workshop
from voxproof.errors import CorpusError, VoxproofError
from voxproof.places import Address

Read = Callable[[Path], dict[str, bytes]]
Start = Callable[..., "subprocess.Popen[bytes]"]
DEADLINE = 60.0  # seconds


def contents(folder: Address) -> Iterator[tuple[str, bytes]]:
    for one, is_folder in folder.listed():
        if is_folder and one.name != "rows":
            yield from ((f"{one.name}/{name}", data) for name, data in contents(one))
        elif not is_folder:
            yield one.name, one.read_bytes()


def content_at(folder: Address) -> dict[str, bytes]:
    """All of a set but its journals and its plan, which names the manifest by its address."""
    return {name: data for name, data in contents(folder) if name != "plan.yaml"}


def entries_at(folder: Address) -> list[dict[str, Any]]:
    found = [one for one in (folder / "rows").iterdir() if one.suffix == ".jsonl"]
    return [json.loads(line) for one in found for line in one.read_bytes().splitlines()]


def sounds(folder: Address) -> int:
    return sum(one.suffix == ".flac" for part, _ in (folder / "audio").listed() for one in part.iterdir())


def wait_for(moment: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + DEADLINE
    while not moment():
        assert process.poll() is None, process.stderr.read().decode()  # type: ignore[union-attr]
        assert time.monotonic() < end


@pytest.fixture
def there(corpus: Path, bucket: str) -> Address:
    """The corpus at an address."""
    folder = Address(f"{bucket}/corpus")
    for file in ("corpus.tsv", *(path.name for path in corpus.glob("*.flac"))):
        (folder / file).put(corpus / file)
    return folder


@pytest.fixture
def plan(corpus: Path, there: Address, tmp_path: Path) -> Path:
    """The usual plan, of the corpus at the address."""
    tree = yaml.safe_load((corpus / "plan.yaml").read_text())
    (tmp_path / "plan.yaml").write_text(yaml.safe_dump(tree | {"manifest": f"{there}/corpus.tsv"}))
    return tmp_path / "plan.yaml"


@pytest.fixture
def expected(whole: Path, content: Read) -> dict[str, bytes]:
    return {name: data for name, data in content(whole).items() if name != "plan.yaml"}


@pytest.fixture
def phone(there: Address) -> Address:
    """A plan at the address itself, of units that are made quickly."""
    tree = {"manifest": "corpus.tsv", "make": [{"degrade": {"condition": "phone"}}]}
    (there / "phone.yaml").write_bytes(yaml.safe_dump(tree).encode())
    return there / "phone.yaml"


@pytest.fixture
def command() -> Iterator[Start]:
    """`command("dataset", "build", ...)`: the command line as a process of its own, which tells rows at once."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(*arguments: object) -> "subprocess.Popen[bytes]":
        code = "import sys; from voxproof.datasets.build import segments; segments.SECONDS = 0.0; "
        code += "from voxproof.cli import main; sys.exit(main())"
        command = [sys.executable, "-c", code, *map(str, arguments)]
        running.append(subprocess.Popen(command, start_new_session=True, env=os.environ, stderr=subprocess.PIPE))
        return running[-1]

    yield begin
    for one in running:
        with suppress(ProcessLookupError):
            os.killpg(one.pid, signal.SIGKILL)
        one.communicate()


def test_a_run_that_is_killed_goes_on(
    plan: Path, bucket: str, command: Start, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = Address(f"{bucket}/set")
    moments: list[Callable[[], bool]] = [
        lambda: len(entries_at(out)) >= 2,
        lambda: sounds(out) > len(entries_at(out)) or sounds(out) > 6,
    ]
    for moment in moments:
        process = command("dataset", "build", plan, "-o", out)
        wait_for(moment, process)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert (out / "rows" / "1of1.lease").is_file()
    assert not (out / "manifest.tsv").exists()
    before = len(entries_at(out))
    assert 2 <= before < 16
    monkeypatch.setattr(lease, "DEAD", DEADLINE)  # whoever was killed on this computer is not waited for
    start = time.monotonic()
    done = build_set(plan, str(out))
    assert time.monotonic() - start < DEADLINE
    assert (done.made, done.failed, done.merged.missing) == (16 - before, 0, 0)
    assert content_at(out) == expected
    assert Counter(entry["n"] for entry in entries_at(out)) == Counter(range(16))
    assert not (out / "rows" / "1of1.lease").exists()
    assert [row.path for row in read_manifest(str(out))] == [row.path for row in read_manifest(out / "manifest.tsv")]


def test_only_the_parent_is_killed(plan: Path, bucket: str, command: Start, expected: dict[str, bytes]) -> None:
    """Its processes end their unit while the next run is at work already: both make the same bytes."""
    out = Address(f"{bucket}/two")
    process = command("dataset", "build", plan, "-o", out, "--workers", 2)
    wait_for(lambda: sounds(out) >= 3, process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    done = build_set(plan, out, workers=2)
    assert (done.merged.rows, done.failed, done.merged.missing) == (16, 0, 0)
    assert content_at(out) == expected
    assert {entry["n"] for entry in entries_at(out)} == set(range(16))
    again = build_set(plan, out, workers=2)
    assert (again.made, again.merged.rows) == (0, 16)


def test_sets_move_between_folders_and_addresses(
    phone: Address, bucket: str, tmp_path: Path, content: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    there, here = Address(f"{bucket}/set"), tmp_path / "set"
    assert build_set(phone, f"file://{here}").made == 8
    assert merge_folders([here], there).missing == 0
    assert dict(contents(there)) == content(here)
    assert merge_folders([str(there)], str(tmp_path / "back")).rows == 8
    assert content(tmp_path / "back") == content(here)
    assert merge_folders([there, here], Address(f"{bucket}/copy")).rows == 8
    assert dict(contents(Address(f"{bucket}/copy"))) == content(here)
    assert build_set(phone, there).made == 0
    lost = next(one for one in entries_at(there) if one["n"] == 3)
    (there / lost["row"]["path"]).unlink()
    assert build_set(phone, there).made == 1
    assert dict(contents(there)) == content(here)


def test_absolute_rows_of_a_local_manifest(there: Address, bucket: str, tmp_path: Path) -> None:
    """What is missing at an address is a row that failed, and not the end of the run."""
    rows = [Row(f"{there}/anna0.flac", id="a"), Row(f"{there}/none.flac", id="b"), Row(f"{there}/corpus.tsv", id="c")]
    write_manifest(tmp_path / "m.tsv", rows)
    (tmp_path / "p.yaml").write_text(json.dumps({"manifest": "m.tsv", "make": ["null"]}))
    done = build_set(tmp_path / "p.yaml", f"{bucket}/set")
    assert (done.made, done.failed) == (4, 2)
    failed = [line.split("\t") for line in Address(f"{bucket}/set/failed.tsv").read_text().splitlines()[1:]]
    assert f"{there}/none.flac: there is no such file" in failed[0][-1]
    assert f"{there}/corpus.tsv: " in failed[1][-1]
    made = list(read_manifest(f"{bucket}/set"))
    assert [row.path for row in made if row.extra["kind"] == "null"] == [row.path for row in rows]


def test_a_corpus_of_the_web(corpus: Path, whole: Path, tmp_path: Path) -> None:
    """Sets are not written there, but manifests and sounds are read."""
    pytest.importorskip("aiohttp")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(corpus)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    (tmp_path / "p.yaml").write_text(json.dumps({"manifest": f"{url}/corpus.tsv", "make": ["null"]}))
    assert build_set(tmp_path / "p.yaml", tmp_path / "set").made == 8
    with pytest.raises(VoxproofError, match="it is for reading"):
        build_set(tmp_path / "p.yaml", f"{url}/set")
    server.shutdown()
    server.server_close()
    own = {row.id: row for row in read_manifest(whole) if row.extra["kind"] == "source"}
    for row in read_manifest(tmp_path / "set"):
        if row.extra["kind"] == "source":
            assert (tmp_path / "set" / row.path).read_bytes() == (whole / own[row.id].path).read_bytes()


def test_a_store_that_goes_away_ends_the_run(
    phone: Address, bucket: str, monkeypatch: pytest.MonkeyPatch, s3_server: str
) -> None:
    import fsspec

    from voxproof.datasets.build.makers import sounds

    plan = load_plan(phone)
    workshop = Workshop(plan, f"{bucket}/set")
    units = _units(plan, workshop)
    workshop.make(units[0])
    sounds._recording.cache_clear()
    sounds._fetched.cache_clear()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    with pytest.raises(StoppedError, match=r"anna0\.flac: cannot be reached"):
        workshop.make(units[0])
    with pytest.raises(VoxproofError, match=r"phone\.yaml: cannot be reached") as caught:
        build_set(phone, f"{bucket}/set")
    assert "s3cret" not in str(caught.value)


def _units(plan: Any, workshop: Workshop) -> Any:
    from voxproof.datasets.build.selected import Selected
    from voxproof.datasets.build.units import Units

    return Units(plan, Selected(plan, Address("s3://nowhere")), workshop.cards)


def test_a_store_or_a_set_that_is_not_there(phone: Address, bucket: str) -> None:
    with pytest.raises(VoxproofError, match=r"s3://no-such-bucket/.* there is no such file, folder or bucket"):
        build_set(phone, "s3://no-such-bucket/set")
    (phone.parent / "none.yaml").write_bytes(b"{manifest: none.tsv, make: [null]}")
    with pytest.raises(CorpusError, match=r"none\.tsv: there is no such manifest"):
        build_set(phone.parent / "none.yaml", f"{bucket}/set")
    with pytest.raises(CorpusError, match="it holds something else"):
        build_set(phone, phone.parent)
    with pytest.raises(CorpusError, match="there is no set of voxproof dataset build in it"):
        merge_folders([f"{bucket}/set"])
    assert not Address(f"{bucket}/set").exists()


def entry(number: int) -> Entry:
    return Entry(number, f"{number:032x}", Row("/elsewhere.wav", text=f"text {number} é"))


def test_segments(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "ROWS", 4)
    folder = Address(f"{bucket}/set")
    books = [Journal(folder / "rows" / "1of1-1.jsonl") for _ in range(2)]  # one of a killed run that was not killed
    for number in range(10):
        books[number % 2].add(entry(number))
    assert Done(folder, 10).count(MADE) == 8
    monkeypatch.setattr(segments, "SECONDS", 0.0)
    books[0].add(entry(8))
    assert Done(folder, 10).count(MADE) == 9
    books[0].add(entry(7))
    books[1].close()
    done = Done(folder, 10)
    assert list(done.entries(MADE)) == [entry(number) for number in range(10)]
    assert sorted(one.name[-12:] for one in (folder / "rows").iterdir()) == ["000001.jsonl"] * 2 + ["000002.jsonl"] * 2


def test_one_run_of_a_shard_at_a_time(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "BEAT", 0.1)
    monkeypatch.setattr(lease, "_LOOK", 0.2)
    monkeypatch.setattr(lease, "DEAD", 1.0)
    address = Address(f"{bucket}/set/rows/1of1.lease")
    first = Lease(address)
    first._facts["host"] = "another"
    with first.take():
        with pytest.raises(CorpusError, match=r"set: another run of this shard is at work there \(process \d+ on"):
            Lease(address).take()
        first._end.set()  # it is killed
        first._renewing.join()
        with Lease(address).take() as second:
            first.release()
            assert json.loads(address.read_bytes())["run"] == second._facts["run"]
    assert not address.exists()
