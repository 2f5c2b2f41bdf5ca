"""Training: recipes, data loading, augmentation, export. Needs the extra `train` (torch)."""

from importlib import import_module
from pathlib import Path

from voxproof.errors import ModelError

_NOT_TRAINERS = {"__init__", "__main__", "recipe"}


def load_trainers() -> None:
    """Import every module of this folder, so that each registers its recipe."""
    try:
        import torch  # noqa: F401
    except ImportError as error:
        raise ModelError("training needs torch: pip install 'voxproof[train]'") from error
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem not in _NOT_TRAINERS:
            import_module(f"voxproof.training.{path.stem}")
