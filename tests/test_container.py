"""The Dockerfile and compose.yaml against the repository and against what a server in a container should be."""

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def stages():
    """`[(instruction, arguments), ...]` of each stage of the Dockerfile."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found = []
    for word, rest in lines:
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest))
    return found


@pytest.fixture(scope="module")
def service():
    return yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["voxproof"]


def of(stage, word):
    return [rest for name, rest in stage if name == word]


def test_what_is_copied_is_there_and_not_ignored(stages):
    kept = [
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    ]
    sources = [s for rest in of(stages[0], "COPY") for s in shlex.split(rest)[:-1]]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert source in kept, f"{source} is ignored"
    assert all((ROOT / name).exists() for name in kept)


def test_packages_are_pinned_by_hash(stages):
    installs = [rest for rest in of(stages[0], "RUN") if "pip install" in rest]
    assert len(installs) == 2
    assert "--require-hashes -r requirements/web.txt" in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]


def test_it_runs_as_nobody_in_particular(stages):
    last = stages[-1]
    (user,) = of(last, "USER")
    words = [word for word, _ in last]
    assert user == "10001:10001"  # by number, so that whatever runs it can tell that it is not root
    assert any("useradd --uid 10001 --user-group" in rest for rest in of(last, "RUN"))
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert not any("pip" in rest or "apt" in rest for rest in of(last, "RUN"))


def test_the_command_is_one_that_there_is(stages):
    from voxproof.cli import app

    (entry,), (command,) = of(stages[-1], "ENTRYPOINT"), of(stages[-1], "CMD")
    assert json.loads(entry) == ["voxproof"]
    name, *options = json.loads(command)
    told = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}).output
    for option in options[::2]:
        assert option in told
    (port,) = of(stages[-1], "EXPOSE")
    assert options[options.index("--port") + 1] == port
    assert f":{port}/health" in of(stages[-1], "HEALTHCHECK")[0]


def test_nothing_but_the_volume_and_tmp_is_written(stages, service):
    environment = dict(pair.split("=", 1) for pair in shlex.split(of(stages[-1], "ENV")[0]))
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["tmpfs"][0].startswith("/tmp:")
    (volume,) = of(stages[-1], "VOLUME")
    assert [v.split(":")[1] for v in service["volumes"]] == [volume]
    for name in ("VOXPROOF_HOME", "VOXPROOF_CACHE"):
        assert environment[name].startswith(f"{volume}/")
    assert environment["MPLCONFIGDIR"].startswith("/tmp/")


def test_only_this_computer_reaches_it(service):
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
