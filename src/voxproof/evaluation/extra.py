"""The packages of the extra `evaluate`, and the one line that says how to get one."""

from importlib import import_module
from types import ModuleType

from voxproof.errors import ModelError


def need(module: str, what: str, package: str) -> ModuleType:
    """Import a package that only measuring needs; `ModelError` says what it is for and how to get it."""
    try:
        return import_module(module)
    except ImportError:
        raise ModelError(
            f"{what} needs the package {package}, which is not installed: pip install 'voxproof[evaluate]'"
        ) from None
