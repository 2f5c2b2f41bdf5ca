"""From and to stores of other kinds: web servers, and stores where files grow as they are written."""

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from voxproof.audio import read_audio
from voxproof.errors import AudioError, VoxproofError
from voxproof.places import (
    Address,
    DeniedError,
    MissingError,
    UnreachableError,
    brought,
    copy_whole,
    fetched,
    write_whole,
)

MOST = 1 << 20  # bytes


class _Files(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if "forbidden" in self.path:
            self.send_error(403)
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address under which a web server shows it."""
    pytest.importorskip("aiohttp")
    folder = tmp_path / "web"
    folder.mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_from_the_web(web: tuple[Path, str], tmp_path: Path) -> None:
    folder, url = web
    (folder / "é #1.wav").write_bytes(b"sound" * 100)
    (folder / "é #1.wav.json").write_text("{}")
    address = Address(url) / "é #1.wav"
    assert fetched(address, MOST) == b"sound" * 100
    assert fetched(address, 7) == b"soundsou"
    assert (address.is_file(), address.is_dir(), (Address(url) / "none").exists()) == (True, False, False)
    with brought(address, MOST) as file:
        assert file.read_bytes() == b"sound" * 100
        assert file.with_name(f"{file.name}.json").read_text() == "{}"
    assert not file.exists()
    copy_whole(address, tmp_path / "new" / "x.wav")
    assert (tmp_path / "new" / "x.wav").read_bytes() == b"sound" * 100
    with pytest.raises(MissingError, match="there is no such file"):
        fetched(Address(f"{url}/none?token=s3cret"), MOST)
    with pytest.raises(DeniedError, match="no access") as caught:
        fetched(Address(f"{url}/forbidden?token=s3cret"), MOST)
    assert "s3cret" not in str(caught.value)
    with pytest.raises(UnreachableError, match="cannot be reached"):
        fetched(Address("http://127.0.0.1:1/none"), MOST)


@pytest.fixture
def shelf(tmp_path: Path) -> tuple[Path, Address]:
    """A store that is no object store: fsspec's local one under another name."""
    fsspec = pytest.importorskip("fsspec")
    from fsspec.implementations.local import LocalFileSystem

    class Shelf(LocalFileSystem):
        protocol = "shelf"

        @classmethod
        def _strip_protocol(cls, path: object) -> str:
            return str(path).removeprefix("shelf://")

    fsspec.register_implementation("shelf", Shelf, clobber=True)
    (tmp_path / "shelf").mkdir()
    return tmp_path / "shelf", Address(f"shelf://{tmp_path}/shelf")


def test_where_files_grow_they_are_written_aside(shelf: tuple[Path, Address], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, address = shelf
    (address / "deep/er/a.txt").write_bytes(b"one")
    (address / "deep/er/a.txt").write_bytes(b"two")
    assert (folder / "deep" / "er" / "a.txt").read_bytes() == b"two"
    with write_whole(address / "b.txt") as aside:
        aside.write_text("three")
    assert (folder / "b.txt").read_text() == "three"

    from fsspec.implementations.local import LocalFileSystem

    def half(self: object, path: str, data: bytes, **_: object) -> None:
        Path(path).write_bytes(data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(LocalFileSystem, "pipe_file", half)
    with pytest.raises(VoxproofError, match=r"b\.txt: cannot be reached \(No space left on device\)"):
        (address / "b.txt").write_bytes(b"four")
    assert sorted(one.name for one in folder.iterdir()) == ["b.txt", "deep"]
    assert (folder / "b.txt").read_text() == "three"


def test_what_takes_paths_opens_no_address(web: tuple[Path, str], bucket: str, voice_path) -> None:
    """Strangers name things to `read_audio`, `detect` and `clone`: these find no such file, though there is one."""
    import voxproof as vp

    folder, url = web
    (folder / "a.flac").write_bytes(voice_path("anna").read_bytes())
    Address(f"{bucket}/a.flac").put(voice_path("anna"))
    for name in (f"{url}/a.flac", f"{bucket}/a.flac"):
        for call in (read_audio, vp.detect, vp.enroll, lambda name: vp.clone("Hello.", name)):
            with pytest.raises(VoxproofError, match=r"no such file|download it first|no voice"):
                call(name)
    with pytest.raises(AudioError, match="cannot read audio from Address"):
        vp.detect(Address(f"{bucket}/a.flac"))  # type: ignore[arg-type]
