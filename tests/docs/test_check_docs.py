"""The docs checks find what is wrong, and let pass what is right."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import check_docs  # noqa: E402


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (check_docs.links, "[a](LICENSE) [b](https://example.org/x) [c](README.md#figures)", "[a](docs/none.md)"),
        (check_docs.links, "[a](README.md#two-commands)", "[a](README.md#no-such-heading)"),
        (check_docs.paths, "`src/voxproof/api.py`, `docs/`, `src/voxproof/weights/NAME/`", "`src/voxproof/none.py`"),
        (check_docs.commands, "`voxproof models list --json`", "`voxproof models lost`"),
        (
            check_docs.commands,
            "```sh\nvoxproof clone 'x y' --voice a.wav -o b.wav\n```",
            "    voxproof clone x --vioce a",
        ),
        (check_docs.commands, "`voxproof voices`, `voxproof --version`", "`voxproof teach`"),
        (check_docs.commands, "`voxproof detect a.wav --report r.html --debug`", "`voxproof detect a.wav --colour`"),
        (check_docs.targets, "`make demo`, `make`", "`make tea`"),
        (check_docs.programs, "`python -m voxproof.training.embed --encoder x`", "`python -m voxproof.training.emped`"),
        (check_docs.programs, "`python benchmarks/collect.py --check`", "`python benchmarks/collect.py --chuck`"),
        (check_docs.programs, "`OMP_NUM_THREADS=1 python benchmarks/speed.py`", "`python benchmarks/speeed.py`"),
        (check_docs.names, "`voxproof.files.write_aside`", "`voxproof.files.write_above`"),
        (check_docs.names, "`voxproof.training.export.export_onnx`", "`voxproof.training.export.export_anx`"),
        (check_docs.names, "entry points `voxproof.vocoders`", "entry points `voxproof.vocodars`"),
    ],
)
def test_what_a_page_says(check, right, wrong):
    assert list(check("README.md", f"# Page\n\nText {right}\n" if right[0] == "`" else f"\n{right}\n")) == []
    found = list(check("README.md", f"# Page\n\nText {wrong}\n" if wrong[0] == "`" else f"\n\n{wrong}\n"))
    assert len(found) == 1
    assert found[0].startswith("README.md: ")


def test_lines():
    assert list(check_docs.lines("a.md", f"{'x' * 120}\n| {'x' * 200} |\n")) == []
    assert len(list(check_docs.lines("a.md", f"{'x' * 121}\n"))) == 1
    assert len(list(check_docs.lines("a.md", "x \n"))) == 1
    assert len(list(check_docs.lines("a.md", "x"))) == 1


@pytest.mark.parametrize(
    "text",
    ["see /ro" + "ot/x", "in /ho" + "me/ann/y", "pip install --index-" + "url https://a/b", "py" + "pi.org"],
)
def test_a_machine_is_not_named(text):
    assert len(list(check_docs.machine("a.md", f"{text}\n"))) == 1
    assert list(check_docs.machine("a.md", "docs/home/x ~/.cache/voxproof ../shared/speech a/work/b 3.11.7.1\n")) == []


def test_locks_fit():
    assert list(check_docs.locks()) == []


def test_a_stale_lock_is_found(tmp_path, monkeypatch):
    locks = ("run.txt", "dev.txt", "serve.txt", "web.txt")
    for name in ("pyproject.toml", *(f"requirements/{lock}" for lock in locks)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(check_docs, "ROOT", tmp_path)
    project = (tmp_path / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        project.replace('"numpy>=', '"new-package>=1", "numpy>='), encoding="utf-8"
    )
    run = (tmp_path / "requirements/run.txt").read_text(encoding="utf-8")
    (tmp_path / "requirements/run.txt").write_text(f"--index https://a.b/c\n{run}unhashed==1.0 \\\n", encoding="utf-8")
    found = "\n".join(check_docs.locks())
    assert "run.txt: new-package>=1 is not locked so" in found
    assert "dev.txt: new-package>=1 is not locked so" in found
    assert "run.txt: unhashed has no hash" in found
    assert "run.txt: an address" in found


def test_weights_are_bounded_and_named(monkeypatch):
    assert list(check_docs.packages()) == []
    monkeypatch.setattr(check_docs, "MOST_WEIGHTS", 1000)
    assert len(list(check_docs.packages())) == 1
