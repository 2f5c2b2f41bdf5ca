"""The jobs of `deploy/` as far as they can be held to anything here: their form, and the commands in them."""

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from voxproof.cli.dataset import app
from voxproof.datasets.build.run import Shard

DEPLOY = Path(__file__).parents[2] / "deploy"


def loaded(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


def commands(text: str) -> list[list[str]]:
    """Each `voxproof dataset ...` in a text, as words; lines that go on are joined."""
    joined = re.sub(r"\\\n\s*", " ", text)
    found = re.findall(r"voxproof dataset [^\n;\"]*(?:\"[^\"\n]*\"[^\n;\"]*)*", joined)
    return [shlex.split(one.split("  #")[0].rstrip(')"')) for one in found]


def test_every_file_is_told_of() -> None:
    told = (DEPLOY / "README.md").read_text(encoding="utf-8")
    assert {path.name for path in DEPLOY.iterdir()} == {"README.md", *re.findall(r"\]\(([\w.-]+)\)", told)}


def test_the_ray_job_has_what_the_operator_asks_for() -> None:
    job = loaded("kuberay-rayjob.yaml")
    assert (job["apiVersion"], job["kind"]) == ("ray.io/v1", "RayJob")
    spec = job["spec"]["rayClusterSpec"]
    groups = [spec["headGroupSpec"], *spec["workerGroupSpecs"]]
    for group in groups:
        pod = group["template"]["spec"]
        assert {one["name"] for one in pod["containers"][0]["volumeMounts"]} <= {one["name"] for one in pod["volumes"]}
        assert "rayStartParams" in group
    assert all({"groupName", "replicas", "minReplicas", "maxReplicas"} <= group.keys() for group in groups[1:])


def test_the_azure_job_has_what_the_schema_asks_for() -> None:
    job = loaded("azure-ml-job.yaml")
    assert job["type"] == "command"
    assert {"command", "environment", "compute", "inputs", "outputs"} <= job.keys()
    for kind, name in re.findall(r"\$\{\{(\w+)\.(\w+)\}\}", job["command"]):
        assert name in job[kind]
    plain = re.sub(r"\$\{\{[\w.]+\}\}", "FOLDER", job["command"])
    subprocess.run(["bash", "-n"], input=plain, text=True, check=True)


def test_the_script_is_one() -> None:
    script = DEPLOY / "slurm-array.sh"
    subprocess.run(["bash", "-n", script], check=True)
    array = re.search(r"#SBATCH --array=1-(\d+)", script.read_text(encoding="utf-8"))
    assert array is not None  # parts are counted from 1, and there are as many as tasks
    assert Shard.parsed(f"{array[1]}/{array[1]}").of == int(array[1])


@pytest.mark.parametrize("name", ["kuberay-rayjob.yaml", "azure-ml-job.yaml", "slurm-array.sh"])
def test_options_are_there(name: str) -> None:
    found = commands((DEPLOY / name).read_text(encoding="utf-8"))
    assert ["voxproof", "dataset", "build"] in [words[:3] for words in found]
    dataset: Any = get_command(app)
    for words in found:
        known = {option for one in dataset.commands[words[2]].params for option in one.opts}
        options = {word for word in words[3:] if re.fullmatch(r"--?[a-z][a-z-]*", word)}
        assert options <= known, words
