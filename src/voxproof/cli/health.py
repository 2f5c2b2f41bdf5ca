"""What `voxproof doctor` looks at: everything that has to be there for Voxproof to work, and how to get it."""

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from importlib import import_module
from importlib.metadata import PackageNotFoundError, packages_distributions, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from voxproof import __version__, paths
from voxproof.cores import cores
from voxproof.errors import ModelError, VoxproofError

if TYPE_CHECKING:
    from voxproof.models import Card

State = Literal["ok", "optional", "problem"]
OLDEST_PYTHON = (3, 11)
LITTLE_DISK = 1 << 30  # bytes
# What the extras are for, and how to get each.
EXTRAS = {
    "train": "training models",
    "evaluate": "measuring clones and detectors",
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    `optional` is something that is missing and not needed; `problem` something that is. `code` is the exit code that a
    problem leads to.
    """

    area: str
    name: str
    state: State
    detail: str
    advice: str = ""
    code: int = field(default=VoxproofError.exit_code, repr=False)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        facts = asdict(self)
        del facts["code"]
        return facts


def examine() -> Iterator[Finding]:
    """Look at everything, one after the other; nothing here raises for what is broken."""
    for area in (_system, _packages, _runtime, _speech, _models, _extras, _folders, _players):
        try:
            yield from area()
        except Exception as reason:  # a doctor must outlive whatever is broken
            name = area.__name__.strip("_")
            yield Finding(name, name, "problem", f"{type(reason).__name__}: {reason}", _reinstall())


def _system() -> Iterator[Finding]:
    yield Finding("system", "voxproof", "ok", f"{__version__}, {Path(__file__).parents[1]}")
    python = f"{platform.python_version()} ({sys.executable})"
    if sys.version_info[:2] < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        yield Finding("system", "Python", "problem", python, f"use Python {wanted} or newer")
    else:
        yield Finding("system", "Python", "ok", python)
    yield Finding("system", "machine", "ok", f"{platform.platform()}, {cores()} cores")


def _packages() -> Iterator[Finding]:
    """What the package requires, imported: a package that is installed may still be broken."""
    needed = _requirements(extra=None)
    if not needed:
        yield Finding("packages", "voxproof", "optional", "runs from its source folder", "pip install -e .")
    for name in needed:
        yield _package("packages", name, f"pip install {name}", "problem")


def _extras() -> Iterator[Finding]:
    for extra, purpose in EXTRAS.items():
        for name in _requirements(extra=extra):
            advice = f"for {purpose}: pip install 'voxproof[{extra}]'"
            yield _package("extras", name, advice, "optional", import_it=False)


def _package(area: str, name: str, advice: str, otherwise: State, *, import_it: bool = True) -> Finding:
    try:
        installed = version(name)
    except PackageNotFoundError:
        return Finding(area, name, otherwise, "not installed", advice)
    if import_it:
        for module in _modules(name):
            try:
                import_module(module)
            except Exception as reason:  # whatever a broken package raises
                said = f"{installed} is installed but broken ({type(reason).__name__}: {reason})"
                return Finding(area, name, "problem", said, f"pip install --force-reinstall {name}")
    return Finding(area, name, "ok", installed)


def _requirements(extra: str | None) -> list[str]:
    """Names of the packages that voxproof requires, by itself or for an extra; none if it is not installed."""
    try:
        listed = requires("voxproof") or []
    except PackageNotFoundError:
        return []
    names = []
    for line in listed:
        of = re.search(r"""extra\s*==\s*['"]([\w-]+)['"]""", line)
        if (of[1] if of else None) == extra and (name := re.match(r"[\w.-]+", line)):
            names.append(name[0])
    return names


def _modules(distribution: str) -> list[str]:
    """The top-level modules of a package, those that begin with an underscore left out."""
    wanted = distribution.lower().replace("_", "-")
    return [
        module
        for module, owners in packages_distributions().items()
        if not module.startswith("_")
        and module.isidentifier()
        and any(owner.lower().replace("_", "-") == wanted for owner in owners)
    ]


def _runtime() -> Iterator[Finding]:
    import onnxruntime

    from voxproof.models import thread_count

    providers = ", ".join(onnxruntime.get_available_providers())
    try:
        threads = thread_count()
    except VoxproofError as reason:
        yield Finding("runtime", "threads", "problem", str(reason), "unset VOXPROOF_THREADS")
        return
    detail = f"{onnxruntime.__version__} with {providers}; Voxproof uses the CPU, {threads} threads ($VOXPROOF_THREADS)"
    yield Finding("runtime", "ONNX Runtime", "ok", detail)


def _speech() -> Iterator[Finding]:
    from voxproof.text import phonemes

    try:
        spoken = phonemes("Hello there.")
    except Exception as reason:  # the library may not load on this system
        yield Finding("runtime", "espeak-ng", "problem", str(reason), "pip install --force-reinstall espeakng-loader")
    else:
        yield Finding("runtime", "espeak-ng", "ok", f"'Hello there.' is /{spoken}/")
    import numpy as np

    from voxproof.audio import Audio, speech_segments

    try:
        speech_segments(Audio(np.zeros(16_000, np.float32), 16_000))
    except Exception as reason:
        yield Finding("runtime", "speech finder", "problem", str(reason), _reinstall(), ModelError.exit_code)
    else:
        yield Finding("runtime", "speech finder", "ok", "silero-vad")


def _models() -> Iterator[Finding]:
    """Every file of every card, hashed anew. What should lie in the package itself has to be there; so do our parts."""
    from voxproof.models import cards

    found = cards()
    for name in sorted(_needed() - {card.name for card in found}):
        yield Finding("models", name, "problem", "missing", _reinstall(), ModelError.exit_code)
    for card in found:
        yield _model(card)


def _needed() -> set[str]:
    """Names of the models without which a command does not work."""
    from voxproof import conversion, detection, speakers, synthesis, vocoders

    return {
        speakers.CONDITIONING,
        synthesis.DEFAULT,
        vocoders.DEFAULT,
        conversion.DEFAULT,
        detection.DEFAULT_DETECTOR,
    }


def _model(card: "Card") -> Finding:
    from voxproof.models import BesideSource, verify

    states = verify(card)
    wrong = [state for state in states if state.state == "wrong"]
    missing = [state for state in states if state.state == "missing"]
    if not wrong and not missing:
        files = f"{len(states)} files" if len(states) > 1 else "1 file"
        return Finding("models", card.name, "ok", f"{card.kind}, {files}, {card.bytes / 1e6:.1f} MB")
    said = [f"{state.file.name} has the wrong size or SHA-256 ({state.path})" for state in wrong]
    said += [f"{state.file.name} is not here" for state in missing]
    advice = (wrong + missing)[0].advice
    ours = any(
        isinstance(source, BesideSource) and source.path_of(card.wanted(state.file))
        for state in missing
        for source in card.sources
    )
    if wrong or ours:
        return Finding("models", card.name, "problem", "; ".join(said), advice, ModelError.exit_code)
    return Finding("models", card.name, "optional", f"{card.kind}; {'; '.join(said)}", advice)


def _folders() -> Iterator[Finding]:
    for name, folder in (("voices and models", paths.home()), ("downloads", paths.cache())):
        there = next(parent for parent in (folder, *folder.parents) if parent.exists())
        if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
            variable = "VOXPROOF_HOME" if folder == paths.home() else "VOXPROOF_CACHE"
            yield Finding("folders", name, "problem", f"{folder}: cannot be written", f"set ${variable} to another one")
            continue
        free = shutil.disk_usage(there).free
        detail = f"{folder}, {free / 2**30:.1f} GiB free"
        low = free < LITTLE_DISK
        yield Finding("folders", name, "optional" if low else "ok", detail, "make room on this disk" if low else "")


def _players() -> Iterator[Finding]:
    from voxproof.audio.playing import PLAYERS

    found = next((path for command in PLAYERS if (path := shutil.which(command[0]))), None)
    if found:
        yield Finding("system", "player", "ok", found)
    else:
        names = ", ".join(command[0] for command in PLAYERS)
        yield Finding("system", "player", "optional", "none, so Audio.play() cannot play", f"install one of {names}")


def _reinstall() -> str:
    return "pip install --force-reinstall voxproof"
