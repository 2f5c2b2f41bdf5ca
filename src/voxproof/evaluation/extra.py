"""What measuring needs beyond the package itself, and the one line that says how to get it."""

from importlib.util import find_spec
from pathlib import Path

from voxproof.errors import ModelError


def missing_extra(what: str, package: str) -> ModelError:
    """The error for a package of the extra `evaluate` that is not there."""
    return ModelError(f"{what} needs the package {package}, which is not installed: pip install 'voxproof[evaluate]'")


def package_file(package: str, path: str, *, what: str, install: str | None = None) -> Path:
    """A file that an installed package carries, found without importing the package.

    `install` is the command that gets the package, where the extra does not hold it.
    """
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        spec = None
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (Path(place) / path).is_file():
            return Path(place) / path
    if install is None:
        raise missing_extra(what, package)
    raise ModelError(f"{what} needs the weights that the package {package} carries, which is not here: {install}")
