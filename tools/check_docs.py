"""Holds the texts of the repository to what the repository is: `make check` runs it, every problem is one line.

    python tools/check_docs.py

Links and paths lead somewhere; commands, options, make targets, modules and names exist; generated pages are fresh; the
locks fit pyproject.toml; no file tells of the machine that it was written on.
"""

import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))
sys.path.insert(0, str(ROOT / "tools"))

LONGEST_LINE = 120
MOST_WEIGHTS = 40_000_000  # bytes, all models of the package together
GENERATED = ("benchmarks/RESULTS.md", "docs/models.md", "docs/data/", "benchmarks/results/")  # of no fixed line length
TEXTS = (".md", ".py", ".toml", ".yaml", ".yml", ".txt", ".in", ".sh", ".html", ".cfg", "")
_OURS = ("src", "docs", "tests", "tools", "benchmarks", "examples", "requirements", ".ci")

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_BLOCK = re.compile(r"^( *)```[a-z]*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?:\A|\n\n)((?:    .+\n?)+)")
_MACHINE = {
    "an absolute path of a machine": re.compile(r"(?<![\w.~}-])/(?:work|root|home|Users|mnt|opt)/[\w.-]"),
    "a package index or its host": re.compile(
        r"py" + r"pi\.org|python" + r"hosted|-index-" + r"url[= ]\S*:/|find-" + r"links[= ]"
    ),
    "a file's address": re.compile(r"file:" + r"//"),
    "a private network": re.compile(r"\b(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}\b"),
}


def tracked() -> list[str]:
    """The repository's files, relative to its root."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout
    return sorted(name for name in listed.decode().split("\0") if name and (ROOT / name).is_file())


def snippets(text: str) -> list[str]:
    """Everything in a page that is set as code: lines of blocks, and code within sentences."""
    blocks = [block for _, block in _BLOCK.findall(text)]
    plain = _BLOCK.sub("\n", text)
    blocks += _INDENTED.findall(plain)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line] + _CODE.findall(plain)


def links(page: str, text: str) -> Iterator[str]:
    """Links within the repository that lead nowhere."""
    for target in _LINK.findall(text):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        found = (ROOT / page).parent / path if path else ROOT / page
        if not found.exists():
            yield f"{page}: the link to {target} leads nowhere"
        elif anchor and anchor not in _anchors(found.read_text(encoding="utf-8")):
            yield f"{page}: {path or page} has no heading for #{anchor}"


def _anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ +(.+?)\s*$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def paths(page: str, text: str) -> Iterator[str]:
    """Paths of ours, set as code, that are not there. Words in capitals (NAME) and globs stand for others."""
    for code in snippets(text):
        for word in re.findall(r"[\w./*-]+", code):
            ours = word.split("/")[0] in _OURS and "/" in word and not re.search(r"[A-Z]{4}|results/|\*", word)
            if ours and not (ROOT / word.rstrip(".")).exists():
                yield f"{page}: there is no {word}"


@cache
def _commands() -> dict[str, set[str]]:
    """Every command of the command line with its options: "models list" -> {"--json", ...}."""
    from typer.main import get_command

    from voxproof.cli.root import app

    found: dict[str, set[str]] = {}

    def walk(command: Any, name: str) -> None:
        found[name] = {option for one in command.params for option in (*one.opts, *one.secondary_opts)} | {
            "--help",
            "-h",
        }
        if table := getattr(command, "table", None):
            for child, lazy in table.items():
                walk(lazy.load(child), f"{name} {child}".strip())
        for child, below in getattr(command, "commands", {}).items():
            walk(below, f"{name} {child}".strip())

    walk(get_command(app), "")
    return found


def commands(page: str, text: str) -> Iterator[str]:
    """`voxproof ...` with a command or an option that there is not."""
    known = _commands()
    for code in snippets(text):
        match = re.match(r"(?:\S*/bin/)?voxproof(?: +(.*))?$", code)
        if not match:
            continue
        words = re.sub(r"\"[^\"]*\"|'[^']*'", "TEXT", (match[1] or "").split(" #")[0]).split()
        name = ""
        while words and f"{name} {words[0]}".strip() in known:
            name = f"{name} {words.pop(0)}".strip()
        group = any(other.startswith(f"{name} ".lstrip()) for other in known if other != name)
        if group and words and re.fullmatch(r"[a-z][a-z-]*", words[0]):
            yield f"{page}: there is no command `voxproof {f'{name} {words[0]}'.strip()}`"
            continue
        for word in words:
            option = word.strip("[]").split("=")[0]
            if re.fullmatch(r"--?[a-z][a-z-]*", option) and option not in known[name] | {"--debug"}:
                yield f"{page}: `voxproof {name}` has no option {option}"


def targets(page: str, text: str) -> Iterator[str]:
    """`make ...` with a target that the Makefile does not have."""
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for code in snippets(text):
        if (match := re.match(r"make(?: +([a-z]+))?(?: |$)", code)) and match[1] and match[1] not in known:
            yield f"{page}: the Makefile has no target {match[1]}"


def programs(page: str, text: str) -> Iterator[str]:
    """`python -m voxproof...` and `python benchmarks/...` with a module or an option that there is not."""
    for code in snippets(text):
        match = re.match(
            r"(?:[A-Z_]+=\S+ +)*(?:\S*/)?python (?:-m (voxproof[\w.]*)|((?:benchmarks|tools)/\S+))(.*)", code
        )
        if not match:
            continue
        source = _module_file(match[1]) if match[1] else ROOT / match[2]
        if source is None or not source.is_file():
            yield f"{page}: there is no {match[1] or match[2]} to run"
            continue
        code_of = source.read_text(encoding="utf-8")
        for option in re.findall(r"(?<=\s)(--[a-z][a-z-]*)", match[3].split(" #")[0]):
            if f'"{option}"' not in code_of:
                yield f"{page}: {match[1] or match[2]} has no option {option}"


def _module_file(name: str) -> Path | None:
    base = ROOT / "src" / Path(*name.split("."))
    return next((p for p in (base.with_suffix(".py"), base / "__main__.py") if p.is_file()), None)


def names(page: str, text: str) -> Iterator[str]:
    """Dotted names of the package (`voxproof.files.write_aside`) that do not exist."""
    for code in snippets(text):
        for name in re.findall(r"(?<![\w/.-])voxproof(?:\.\w+)+(?!\w*[(*])", code):
            if not _exists(name) and name not in _entry_point_groups():
                yield f"{page}: there is no {name}"


def _exists(name: str) -> bool:
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        module = ".".join(parts[:count])
        try:
            if find_spec(module) is None:
                continue
        except ModuleNotFoundError:
            continue
        if count == len(parts):
            return True
        if ".networks" in module or ".training" in module:  # they need torch: ask the source instead
            source = _module_file(module)
            return source is not None and bool(re.search(rf"\b{parts[count]}\b", source.read_text(encoding="utf-8")))
        return hasattr(importlib.import_module(module), parts[count])
    return False


@cache
def _entry_point_groups() -> set[str]:
    sources = (ROOT / "src").rglob("*.py")
    return {
        group for file in sources for group in re.findall(r'Registry\("[^"]+", "([^"]+)"\)', file.read_text("utf-8"))
    }


def lines(name: str, text: str) -> Iterator[str]:
    """Long lines (tables aside), spaces at their ends, and a missing last newline."""
    if text and not text.endswith("\n"):
        yield f"{name}: no newline at the end"
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST_LINE and not line.startswith("|") and "](" not in line:
            yield f"{name}:{number}: {len(line)} characters, at most {LONGEST_LINE}"
        if line != line.rstrip():
            yield f"{name}:{number}: spaces at the end"


def machine(name: str, text: str) -> Iterator[str]:
    """What only holds on one machine: its paths, its package index, its network."""
    for number, line in enumerate(text.splitlines(), 1):
        for what, pattern in _MACHINE.items():
            if found := pattern.search(line):
                yield f"{name}:{number}: {what}: {found[0]}"


def locks() -> Iterator[str]:
    """Locked requirements: every dependency is there in a fitting version, everything has a hash, no addresses."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    web = [*extras["serve"], *(one for one in extras["web"] if not one.startswith("voxproof["))]
    wanted = {
        "run.txt": project["dependencies"],
        "serve.txt": [*project["dependencies"], *extras["serve"]],
        "web.txt": [*project["dependencies"], *web],
        "dev.txt": [
            *project["dependencies"],
            *extras["test"],
            *extras["check"],
            *extras["evaluate"],
            *web,
        ],
    }
    for name, requirements in wanted.items():
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        entries = re.findall(r"^([\w.-]+)==(\S+)((?:.*\\\n)(?: +--hash=sha256:\w{64}(?: \\)?\n)*)", text, re.MULTILINE)
        pinned: dict[str, list[str]] = {}
        for package, version, rest in entries:
            pinned.setdefault(_normal(package), []).append(version)
            if "--hash" not in rest:
                yield f"requirements/{name}: {package} has no hash"
        if "://" in text:
            yield f"requirements/{name}: an address does not belong into a lock"
        for requirement in map(Requirement, requirements):
            versions = pinned.get(_normal(requirement.name), [])
            if not versions or not all(Version(one) in requirement.specifier for one in versions):
                yield f"requirements/{name}: {requirement} is not locked so: run make lock"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def packages() -> Iterator[str]:
    """Weights: together no larger than promised; whose are not ours stand in NOTICE. One version everywhere."""
    import voxproof
    from voxproof.models import cards
    from voxproof.paths import PACKAGE_WEIGHTS

    size = sum(file.stat().st_size for file in PACKAGE_WEIGHTS.rglob("*") if file.is_file())
    if size > MOST_WEIGHTS:
        yield f"src/voxproof/weights: {size / 1e6:.1f} MB, at most {MOST_WEIGHTS / 1e6:.0f}"
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for card in cards():
        for source in card.sources:
            if source.type == "installed" and source.distribution not in notice:
                yield f"NOTICE: says nothing of {source.distribution}, from which {card.name} takes its weights"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    if project["version"] != voxproof.__version__:
        yield f"pyproject.toml says version {project['version']}, voxproof says {voxproof.__version__}"
    if f"\n## {voxproof.__version__}\n" not in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"):
        yield f"CHANGELOG.md: has nothing on {voxproof.__version__}"


def generated() -> Iterator[str]:
    """Pages that are not what their source says."""
    import models_page

    import collect

    for name in collect.stale():
        yield f"{name}: not what benchmarks/results says; run python benchmarks/collect.py"
    if not models_page.PAGE.is_file() or models_page.PAGE.read_text(encoding="utf-8") != models_page.page():
        yield "docs/models.md: not what the cards say; run python tools/models_page.py"


PAGE_CHECKS = (links, paths, commands, targets, programs, names)


def problems() -> Iterator[str]:
    """Everything that is wrong."""
    for name in tracked():
        if Path(name).suffix not in TEXTS or Path(name).name == "LICENSE":
            continue
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if not name.startswith("tests/"):  # a test may hold what must be refused
            yield from machine(name, text)
        if not name.startswith(GENERATED) and Path(name).suffix in (".md", ".sh", ""):
            yield from lines(name, text)
        if name.endswith(".md") and not name.startswith("benchmarks/"):
            for check in PAGE_CHECKS:
                yield from check(name, text)
    yield from locks()
    yield from packages()
    yield from generated()


def main() -> int:
    """Print every problem; 1 if there is one."""
    found = list(problems())
    for problem in found:
        print(problem)
    print(f"docs: {len(found)} problem{'s' if len(found) != 1 else ''}" if found else "docs: all well")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
