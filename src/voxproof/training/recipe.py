"""A recipe: one YAML file that names what is trained, on what, and for how long, and one function that does it.

`python -m voxproof.training RECIPE.yaml [--resume] [--minutes M]` (or `voxproof train`) reads the YAML, makes the run
folder and calls the function registered under the YAML's `recipe`. Checkpoints are safetensors and JSON, never pickle.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from voxproof.errors import CorpusError, ModelError

RECIPES = Path(__file__).parent / "recipes"


@dataclass(frozen=True)
class Run:
    """One training: where it writes, how long it may take, and whether it goes on from a checkpoint."""

    config: Mapping[str, Any]
    folder: Path
    minutes: float
    resume: bool
    threads: int


Train = Callable[[Run], None]
_TRAINERS: dict[str, Train] = {}


def recipe(name: str) -> Callable[[Train], Train]:
    """Function decorator: `@recipe("vocoder")` in `training/vocoder.py`; the YAML's key `recipe` names it."""

    def add(function: Train) -> Train:
        _TRAINERS[name] = function
        return function

    return add


def find_recipe(name: str) -> Path:
    """A YAML by path, or by the name of one that the package brings."""
    path = Path(name)
    if path.is_file():
        return path
    bundled = RECIPES / f"{path.stem}.yaml"
    if bundled.is_file():
        return bundled
    names = ", ".join(sorted(p.stem for p in RECIPES.glob("*.yaml")))
    raise CorpusError(f"no recipe {name!r}: give a YAML file, or one of {names}")


def _trainer(name: str, where: Path) -> Train:
    """The function registered as `name`; it lives in the module of this folder that bears its name."""
    if find_spec("torch") is None:
        raise ModelError("training needs torch: pip install 'voxproof[train]'")
    if not name.isidentifier() or find_spec(f"voxproof.training.{name}") is None:
        raise CorpusError(f"{where}: there is no trainer {name!r} in voxproof.training")
    import_module(f"voxproof.training.{name}")
    if name not in _TRAINERS:
        raise CorpusError(f"{where}: voxproof.training.{name} is no trainer")
    return _TRAINERS[name]


def train(name: str, *, minutes: float | None, resume: bool, folder: Path | None, threads: int) -> Path:
    """Run a recipe; the folder of the run (with its checkpoint) comes back."""
    path = find_recipe(name)
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(config, dict) or "recipe" not in config:
        raise CorpusError(f"{path} is no recipe: it needs a key 'recipe' that names its trainer")
    trainer = _trainer(str(config["recipe"]), path)
    run_folder = folder or Path("runs") / path.stem
    run_folder.mkdir(parents=True, exist_ok=True)
    limit = float(config.get("minutes", 60)) if minutes is None else minutes
    trainer(Run(config, run_folder, limit, resume, threads))
    return run_folder
