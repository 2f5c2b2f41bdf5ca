from pathlib import Path

import pytest

from voxproof.errors import AudioError, ModelError
from voxproof.files import write_aside, write_together


def test_renamed_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("old")
    with write_aside(path) as aside:
        aside.write_text("new")
        assert aside.suffix == ".json"
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("reason", [KeyboardInterrupt, RuntimeError, AudioError])
def test_whatever_happens_no_half_file_is_left(reason: type[BaseException], tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("old")

    def interrupted() -> None:
        with write_aside(path) as aside:
            aside.write_text("ne")
            raise reason("stop")

    with pytest.raises(reason):
        interrupted()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_trouble_with_the_disk_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"out\.json: No space left"), write_aside(tmp_path / "out.json", ModelError):
        raise OSError(28, "No space left on device")
    with pytest.raises(ModelError, match="no folder"), write_aside(tmp_path / "a" / "b", ModelError):
        pass
    with pytest.raises(ModelError, match="folder"), write_aside(tmp_path, ModelError):
        pass
    with pytest.raises(ModelError, match="cannot write"), write_aside(tmp_path / "nothing was written", ModelError):
        pass
    assert list(tmp_path.iterdir()) == []


def test_files_that_belong_together(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    with write_together([one, other]) as (first, second):
        first.write_text("1")
        second.write_text("2")
    assert (one.read_text(), other.read_text()) == ("1", "2")
    with pytest.raises(ModelError, match="one and"), write_together([one, other], ModelError) as (first, _):
        first.write_text("3")  # and nothing to the second
    assert (one.read_text(), other.read_text()) == ("1", "2")
    assert len(list(tmp_path.iterdir())) == 2
