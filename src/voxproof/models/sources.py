"""Where a model's files may lie. A card lists its sources in the order in which they are tried."""

import contextlib
import importlib.util
import os
from abc import abstractmethod
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, Union
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from voxproof import paths
from voxproof.errors import ModelError
from voxproof.models.download import Progress, download
from voxproof.models.file import CardFile, is_intact

DEFAULT_HUB = "https://huggingface.co"


@dataclass(frozen=True)
class Wanted:
    """One file that a card asks for."""

    model: str
    folder: Path | None  # where the card itself lies
    file: CardFile

    @property
    def cached(self) -> Path:
        """Its place in the cache; the hash is part of it, so that a new version never meets an old one."""
        return paths.cache() / "models" / self.model / self.file.sha256[:16] / self.file.name


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    files: dict[str, str] | None = Field(
        default=None, description="name in the card -> path at the source, for the files that the source has; all: None"
    )

    def path_of(self, wanted: Wanted) -> str | None:
        """How the wanted file is called at this source; None if the source does not have it."""
        return wanted.file.name if self.files is None else self.files.get(wanted.file.name)

    @abstractmethod
    def find(self, wanted: Wanted, *, pull: bool = True, progress: Progress | None = None) -> Path | None:
        """The file on disk, not checked yet, or None. Only a hub looks further than the disk, and only with `pull`."""

    @abstractmethod
    def advice(self, wanted: Wanted) -> str | None:
        """What somebody can do so that this source has the file."""


class BesideSource(_Source):
    """The folder of the card: the package's own weights, or the folder of a user's own model."""

    type: Literal["beside"] = "beside"

    def find(self, wanted: Wanted, *, pull: bool = True, progress: Progress | None = None) -> Path | None:
        """The file beside the card."""
        path = self.path_of(wanted)
        return _existing(wanted.folder / path) if path and wanted.folder else None

    def advice(self, wanted: Wanted) -> str | None:
        """Where the file should be lying."""
        path = self.path_of(wanted)
        if path is None or wanted.folder is None:
            return None
        if wanted.folder.is_relative_to(paths.PACKAGE_WEIGHTS):
            return "reinstall voxproof"
        return f"put it into {wanted.folder}"


class UserSource(_Source):
    """The user's folder of models (`$VOXPROOF_HOME/models/NAME`)."""

    type: Literal["user"] = "user"

    def find(self, wanted: Wanted, *, pull: bool = True, progress: Progress | None = None) -> Path | None:
        """The file in the user's folder."""
        path = self.path_of(wanted)
        return _existing(paths.user_models() / wanted.model / path) if path else None

    def advice(self, wanted: Wanted) -> str | None:
        """Where to put the file."""
        return f"put it into {paths.user_models() / wanted.model}" if self.path_of(wanted) else None


class CacheSource(_Source):
    """The cache of downloads."""

    type: Literal["cache"] = "cache"

    def find(self, wanted: Wanted, *, pull: bool = True, progress: Progress | None = None) -> Path | None:
        """The file in the cache."""
        return _existing(wanted.cached) if self.path_of(wanted) else None

    def advice(self, wanted: Wanted) -> str | None:
        """Nothing: the cache fills itself."""
        return None


class InstalledSource(_Source):
    """An installed Python package that carries the file. The package is found, never imported."""

    type: Literal["installed"] = "installed"
    distribution: str = Field(description="its name for pip")
    module: str = Field(pattern=r"^[A-Za-z_]\w*$", description="its top-level module; paths are relative to it")
    requirement: str = Field(description="what to give to pip install, version and options")

    def find(self, wanted: Wanted, *, pull: bool = True, progress: Progress | None = None) -> Path | None:
        """The file inside the installed package."""
        path = self.path_of(wanted)
        if path is None:
            return None
        for folder in self._folders():
            if found := _existing(folder / path):
                return found
        return None

    def _folders(self) -> list[Path]:
        try:
            spec = importlib.util.find_spec(self.module)  # a top-level name: nothing is executed
        except (ImportError, ValueError):
            spec = None
        folders = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
        with contextlib.suppress(PackageNotFoundError):
            folders.append(Path(str(distribution(self.distribution).locate_file(self.module))))
        return folders

    def advice(self, wanted: Wanted) -> str | None:
        """The pip command."""
        if self.path_of(wanted) is None:
            return None
        try:
            have = f" ({self.distribution} {version(self.distribution)} is installed and lacks it)"
        except PackageNotFoundError:
            have = ""
        return f"pip install {self.requirement}{have}"


class HubSource(_Source):
    """A repository of a model hub at one commit; `$VOXPROOF_HUB` names a mirror of the hub."""

    type: Literal["hub"] = "hub"
    repo: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    revision: str = Field(pattern="^[0-9a-f]{40}$", description="a commit, never a branch")

    def url(self, wanted: Wanted) -> str | None:
        """The address of the file."""
        path = self.path_of(wanted)
        if path is None:
            return None
        host = os.environ.get("VOXPROOF_HUB", DEFAULT_HUB).rstrip("/")
        return f"{host}/{self.repo}/resolve/{self.revision}/{quote(str(PurePosixPath(path)))}"

    def find(self, wanted: Wanted, *, pull: bool = True, progress: Progress | None = None) -> Path | None:
        """The file in the cache, downloaded if it is missing or damaged; `ModelError` says why it cannot be."""
        url = self.url(wanted)
        if url is None:
            return None
        found = _existing(wanted.cached)
        if not pull or (found and is_intact(found, wanted.file)):
            return found
        if os.environ.get("VOXPROOF_OFFLINE", "0") not in ("", "0"):
            raise ModelError(f"{wanted.file.name}: not downloaded, since VOXPROOF_OFFLINE is set")
        return download(url, wanted.file, wanted.cached, progress)

    def advice(self, wanted: Wanted) -> str | None:
        """The command that downloads it, and where it comes from."""
        url = self.url(wanted)
        return f"voxproof models pull {wanted.model} with a network ({url})" if url else None


Source = Annotated[
    Union[BesideSource, UserSource, CacheSource, InstalledSource, HubSource], Field(discriminator="type")  # noqa: UP007
]


def _existing(path: Path) -> Path | None:
    return path if path.is_file() else None
