"""A small corpus of real speech, and sets that are built of it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from voxproof.audio import Audio, write_audio
from voxproof.corpora import Row, write_manifest
from voxproof.datasets.build import build_set

RATE = 16_000
SECONDS = 3
ROWS = (  # speaker, gender, text
    ("anna", "f", "THE BOX CAR"),
    ("anna", "f", "He might be carried."),
    ("ben", "m", "A man goes"),
    ("ben", "m", "in the night"),
)
CONSENT = "the licence of the corpus allows research"
MAKE: list[Any] = [
    {"clone": {"text": "own"}},
    {"convert": {}},
    {"copy": {"vocoder": "griffinlim"}},
]

Write = Callable[..., Path]


def write_corpus(folder: Path, voices: dict[str, Audio]) -> Path:
    """`corpus.tsv` of two speakers with two clips of 3 s each, the second one a stretch of a longer file."""
    rows = []
    for number, (speaker, gender, text) in enumerate(ROWS):
        stretch = number % 2
        samples = voices[speaker].samples[: (2 + stretch) * SECONDS * RATE // (2 - stretch)]
        path = f"{speaker}{number % 2}.flac"
        write_audio(folder / path, Audio(samples, RATE))
        rows.append(
            Row(
                path, split="train", corpus="bundled", speaker=speaker, gender=gender, language="en", text=text,
                duration_s=float(SECONDS), original_sample_rate=RATE, original_codec="flac", licence="CC BY 4.0",
                id=f"{speaker}{number}", start_s=4.0 * stretch, end_s=7.0 * stretch,
            )
        )  # fmt: skip
    write_manifest(folder / "corpus.tsv", rows)
    return folder / "corpus.tsv"


def write_plan(folder: Path, name: str = "plan.yaml", **keys: Any) -> Path:
    """A plan beside the corpus; `keys` beside or in place of the usual ones, None leaves one out."""
    tree = {"manifest": "corpus.tsv", "consent": CONSENT, "make": MAKE} | keys
    tree = {key: value for key, value in tree.items() if value is not None}
    (folder / name).write_text(yaml.safe_dump(tree), encoding="utf-8")
    return folder / name


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory, voices: dict[str, Audio]) -> Path:
    """A folder with `corpus.tsv` and its clips; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, voices)
    return folder


@pytest.fixture
def plan(corpus: Path, request: pytest.FixtureRequest) -> Write:
    """`plan(limit=2)`: a plan beside the corpus, under a name of its own."""
    count = 0

    def write(**keys: Any) -> Path:
        nonlocal count
        count += 1
        return write_plan(corpus, f"{request.node.name[:60].replace('/', '-')}-{count}.yaml", **keys)

    return write


@pytest.fixture(scope="session")
def whole(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The usual plan's set, built by one process without a disturbance."""
    out = tmp_path_factory.mktemp("built") / "whole"
    done = build_set(write_plan(corpus), out)
    assert (done.made, done.failed, done.merged.missing) == (16, 0, 0)
    return out


@pytest.fixture(scope="session")
def content() -> Callable[[Path], dict[str, bytes]]:
    """All of a set but its journals: what must be the same however it was made."""

    def read(folder: Path) -> dict[str, bytes]:
        files = (path for path in folder.rglob("*") if path.is_file() and path.parent.name != "rows")
        return {str(path.relative_to(folder)): path.read_bytes() for path in files}

    return read


@pytest.fixture(scope="session")
def entries() -> Callable[[Path], list[dict[str, Any]]]:
    """All whole lines of all journals of a set."""

    def read(folder: Path) -> list[dict[str, Any]]:
        lines = [line for file in (folder / "rows").glob("*.jsonl") for line in file.read_bytes().split(b"\n")[:-1]]
        return [json.loads(line) for line in lines if line.endswith(b"}")]

    return read


@pytest.fixture
def start() -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """`start(plan, out, workers=2)`: a build as a process of its own, with a group of its own."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(plan: Path, out: Path, **options: Any) -> "subprocess.Popen[bytes]":
        code = "import sys, json; from voxproof.datasets.build import build_set; "
        code += "build_set(sys.argv[1], sys.argv[2], **json.loads(sys.argv[3]))"
        command = [sys.executable, "-c", code, str(plan), str(out), json.dumps(options)]
        running.append(subprocess.Popen(command, start_new_session=True, env=os.environ, stderr=subprocess.PIPE))
        return running[-1]

    yield begin
    for one in running:
        one.kill()
        one.communicate()
