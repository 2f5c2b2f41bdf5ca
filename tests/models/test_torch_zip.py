"""tiny_zip.pt and tiny_legacy.pt were written by torch.save: one tree, both layouts."""

import contextlib
import io
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.errors import ModelError
from voxproof.models import read_torch_tensors

HERE = Path(__file__).parent
LAYOUTS = [HERE / "tiny_zip.pt", HERE / "tiny_legacy.pt"]


@pytest.mark.parametrize("path", LAYOUTS, ids=["zip", "legacy"])
def test_both_layouts_give_the_tensors(path: Path) -> None:
    tensors = read_torch_tensors(path)
    grid = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert list(tensors) == [
        *(f"model.{name}" for name in ("weight", "turned", "tail", "half", "brain", "count", "yes")),
        "list.0",
        "list.1.p",
    ]
    np.testing.assert_array_equal(tensors["model.weight"], grid)
    np.testing.assert_array_equal(tensors["model.turned"], grid.T)
    np.testing.assert_array_equal(tensors["model.tail"], [8, 9, 10, 11])
    assert tensors["model.half"].dtype == np.float16
    np.testing.assert_array_equal(tensors["model.brain"], np.float32([1.0, -3.5]))
    assert tensors["model.count"].shape == ()
    assert tensors["model.count"] == 5
    assert tensors["model.yes"].tolist() == [True, False]
    assert tensors["list.0"].dtype == np.int32
    np.testing.assert_array_equal(tensors["list.1.p"], [1.0, 1.0])


def test_prefix_leaves_the_rest_unread() -> None:
    assert list(read_torch_tensors(LAYOUTS[0], prefix="model.t")) == ["model.turned", "model.tail"]


class _Command:
    """What a hostile checkpoint holds: unpickling it runs a command."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (self.command,)


@pytest.mark.parametrize("protocol", [2, 4])
def test_a_command_in_the_pickle_is_refused_and_not_run(tmp_path: Path, protocol: int) -> None:
    proof = tmp_path / "ran"
    hostile = pickle.dumps({"model": _Command(f"touch {proof}")}, protocol=protocol)
    path = tmp_path / "hostile.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hostile/data.pkl", hostile)
        archive.writestr("hostile/byteorder", "little")
    with pytest.raises(ModelError, match=r"asks for (posix|nt)\.system"):
        read_torch_tensors(path)
    assert not proof.exists()
    pickle.loads(hostile)  # the same bytes do run when they are unpickled: the check can fail
    assert proof.exists()


def test_a_pickle_that_unfolds_without_end_is_refused(tmp_path: Path) -> None:
    laughs: list[object] = []
    for _ in range(30):
        laughs = [laughs, laughs]
    path = tmp_path / "laughs.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x/data.pkl", pickle.dumps(laughs, protocol=2))
    with pytest.raises(ModelError, match="without end"):
        read_torch_tensors(path)


def test_a_storage_longer_than_its_data_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "short.pt"
    with zipfile.ZipFile(LAYOUTS[0]) as whole, zipfile.ZipFile(path, "w") as cut:
        for name in whole.namelist():
            data = whole.read(name)
            cut.writestr(name, data[:-4] if name.endswith("/data/0") else data)
    with pytest.raises(ModelError, match="not as long as the checkpoint says"):
        read_torch_tensors(path)


def test_a_compressed_entry_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pt"
    with zipfile.ZipFile(LAYOUTS[0]) as whole, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in whole.namelist():
            packed.writestr(name, whole.read(name))
    with pytest.raises(ModelError):
        read_torch_tensors(path)


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"PK\x03\x04", pickle.dumps([1, 2])], ids=["empty", "text", "zip", "list"]
)
def test_what_is_no_checkpoint_gives_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.pt"
    path.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        read_torch_tensors(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such checkpoint"):
        read_torch_tensors(tmp_path / "none.pt")


@settings(max_examples=150, deadline=None)
@given(
    layout=st.sampled_from(LAYOUTS),
    place=st.floats(0, 1, exclude_max=True),
    value=st.integers(0, 255),
    cut=st.booleans(),
)
def test_damage_raises_model_error_or_leaves_tensors(
    tmp_path_factory: pytest.TempPathFactory, layout: Path, place: float, value: int, cut: bool
) -> None:
    data = bytearray(layout.read_bytes())
    at = int(place * len(data))
    if cut:
        del data[at:]
    else:
        data[at] = value
    path = tmp_path_factory.mktemp("damage") / "x.pt"
    path.write_bytes(data)
    with contextlib.suppress(ModelError):  # and nothing else
        assert all(isinstance(tensor, np.ndarray) for tensor in read_torch_tensors(path).values())


def test_same_as_torch() -> None:
    torch = pytest.importorskip("torch")
    buffer = io.BytesIO()
    module = torch.nn.LSTM(5, 6, 2)
    torch.save({"model_state": module.state_dict()}, buffer)
    path = HERE / "tiny_zip.pt"
    expected = torch.load(path, weights_only=True)["model"]
    found = read_torch_tensors(path)
    for name, tensor in expected.items():
        np.testing.assert_array_equal(
            found[f"model.{name}"], tensor.float().numpy() if name == "brain" else tensor.numpy()
        )
