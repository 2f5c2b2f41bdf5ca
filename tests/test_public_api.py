"""The public names: these and no others, each loaded when it is first used."""

import subprocess
import sys

import pytest

import voxproof

NAMES = ["Audio", "Verdict", "Voice", "VoxproofError", "clone", "convert", "convert_stream", "detect", "enroll"]


def test_the_names_are_these() -> None:
    assert sorted(voxproof.__all__) == NAMES
    for name in NAMES:
        assert getattr(voxproof, name).__doc__, f"{name} says what it is"
        assert getattr(voxproof, name).__name__ == name


def test_other_names_are_errors() -> None:
    with pytest.raises(AttributeError, match="clones"):
        voxproof.clones  # noqa: B018


def test_errors_are_one_family() -> None:
    from voxproof import errors

    kinds = {"AudioError": 2, "TextError": 2, "ModelError": 3, "ConsentError": 2, "CorpusError": 2}
    for name, exit_code in kinds.items():
        kind = getattr(errors, name)
        assert issubclass(kind, voxproof.VoxproofError)
        assert kind.exit_code == exit_code


def test_importing_the_package_is_light() -> None:
    code = "import sys, voxproof; print(sorted({'numpy', 'onnxruntime', 'torch', 'typer'} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"


def test_using_it_never_imports_torch() -> None:
    code = (
        "import sys, voxproof\n"
        "for name in voxproof.__all__: getattr(voxproof, name)\n"
        "print(sorted({'torch', 'librosa', 'matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"
