"""The package keeps to its layers: what is imported when, and what is never imported at all."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import voxproof

SOURCE = Path(voxproof.__file__).parent
LONGEST_FILE = 360  # lines
FORBIDDEN = ("torch", "ray", "matplotlib.pyplot", "onnx", "numba")
SPEAK = """
import sys, json
from pathlib import Path
import voxproof as vp
reference = Path(sys.argv[1])
voice = vp.enroll(reference)
clone = vp.clone("Nobody ever said this.", voice)
moved = vp.convert(reference.with_name("ben.flac"), voice)
verdict = vp.detect(clone)
"""


def imported(code: str, *arguments: str) -> set[str]:
    """The modules that a fresh interpreter holds after the code."""
    shown = "\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    command = [sys.executable, "-c", code + shown, *arguments]
    return set(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]))


def test_import_alone_loads_next_to_nothing():
    loaded = imported("import voxproof")
    assert "voxproof" in loaded
    assert not loaded & {"numpy", "scipy", "onnxruntime", "pydantic", "soundfile", "typer", *FORBIDDEN}


def test_public_names_are_these():
    public = {"Audio", "Verdict", "Voice", "VoxproofError", "clone", "convert", "convert_stream", "detect", "enroll"}
    assert set(voxproof.__all__) == public
    assert all(hasattr(voxproof, name) for name in public)
    with pytest.raises(AttributeError, match="no attribute 'clones'"):
        voxproof.clones  # noqa: B018


def test_detect_never_imports_torch(voice_path):
    loaded = imported("import sys, voxproof; voxproof.detect(sys.argv[1])", str(voice_path("anna")))
    assert "onnxruntime" in loaded
    assert not loaded & set(FORBIDDEN)
    assert not {name for name in loaded if name.startswith(("voxproof.networks", "voxproof.training"))}


def test_clone_and_convert_never_import_torch(voice_path):
    loaded = imported(SPEAK, str(voice_path("anna")))
    assert {"voxproof.synthesis.cantor", "voxproof.conversion.ppg", "voxproof.detection"} <= loaded
    assert not loaded & set(FORBIDDEN)


def test_help_of_the_command_line_waits_for_no_model():
    loaded = imported("import voxproof.cli.root")
    assert not loaded & {"numpy", "onnxruntime", "scipy", *FORBIDDEN}


def _imports(tree: ast.AST) -> set[str]:
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return named | {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}


@pytest.mark.parametrize("module", ["torch", "ray", "pickle", "librosa", "torchaudio"])
def test_who_may_import_what(module):
    """`.importlinter` holds torch and ray too; here also imports within functions of any file, and pickle nowhere."""
    allowed = {"torch": ("networks", "training"), "ray": ("datasets",)}.get(module, ())
    files = list(SOURCE.rglob("*.py"))
    assert len(files) > 100
    guilty = [
        file.relative_to(SOURCE).as_posix()
        for file in files
        if file.relative_to(SOURCE).parts[0] not in allowed
        and any(name.split(".")[0] == module for name in _imports(ast.parse(file.read_text(encoding="utf-8"))))
    ]
    assert guilty == []


def test_no_file_has_two_ideas():
    """One idea takes 50 to 300 lines; a file that is much longer holds a second one."""
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in SOURCE.rglob("*.py")}
    assert {file.relative_to(SOURCE).as_posix(): n for file, n in lengths.items() if n > LONGEST_FILE} == {}
