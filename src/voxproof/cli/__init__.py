"""The command line: `voxproof clone`, `voxproof detect` and the rest, each a thin call into the API."""

from voxproof.cli.entry import main
from voxproof.cli.root import app

__all__ = ["app", "main"]
