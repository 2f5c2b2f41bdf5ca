"""Downloads from a real HTTP server on this computer: whole, broken off and resumed, forged, and hostile."""

import hashlib
import io
import re
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from voxproof.corpora import Archive, corpora, download, prepare
from voxproof.corpora.archives import unpack
from voxproof.errors import CorpusError


class Shelf:
    """What the server has, how it behaves, and what it was asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str | None] = []
        self.ranges = True
        self.breaks_after: int | None = None  # bytes of the next answer
        self.url = ""

    def archive(self, part: str, name: str, data: bytes) -> Archive:
        self.files[name] = data
        return Archive(part, f"{self.url}/{name}", f"md5:{hashlib.md5(data, usedforsecurity=False).hexdigest()}")


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    shelf = Shelf()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = shelf.files.get(self.path[1:])
            wanted = self.headers.get("Range")
            shelf.asked.append(wanted)
            if data is None:
                self.send_error(404)
                return
            start = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1]) if wanted and shelf.ranges else 0
            if start >= len(data):
                self.send_error(416)
                return
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            most, shelf.breaks_after = shelf.breaks_after, None
            self.wfile.write(data[start:] if most is None else data[start : start + most])
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shelf.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield shelf
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def libri(shelf: Shelf, tmp_path: Path, clip: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """LibriSpeech, as far as this server has it: two parts with one clip each."""
    archives = []
    for part, speaker in (("dev-clean", "84"), ("test-clean", "61")):
        place = tmp_path / "made" / part / "LibriSpeech"
        chapter = place / part / speaker / "7"
        clip(chapter / f"{speaker}-7-0000.flac", seconds=1.5)
        (chapter / f"{speaker}-7.trans.txt").write_text(f"{speaker}-7-0000 MEET ME\n")
        (place / "SPEAKERS.TXT").write_text(";\n84 | F | x | 1 | A\n61 | M | x | 1 | B\n")
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as tar:
            tar.add(place, "LibriSpeech")
        archives.append(shelf.archive(part, f"{part}.tar.gz", packed.getvalue()))
    monkeypatch.setattr(corpora.get("librispeech"), "archives", tuple(archives))
    return shelf


def test_a_part_then_the_rest_then_its_manifest(libri: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    heard: list[tuple[str, int, int]] = []
    first = download("librispeech", folder, ["dev-clean"], told=lambda *one: heard.append(one))
    assert (first.parts, first.there, first.files, first.licence) == (("dev-clean",), (), 3, "CC-BY-4.0")
    size = len(libri.files["dev-clean.tar.gz"])
    assert heard[-1] == ("dev-clean", size, size)
    both = download("librispeech", folder)
    assert (both.parts, both.there) == (("test-clean",), ("dev-clean",))
    assert download("librispeech", folder).parts == ()
    assert len(libri.asked) == 2
    assert sorted(path.name for path in folder.iterdir()) == [
        "LibriSpeech", "librispeech-dev-clean.done.json", "librispeech-test-clean.done.json",
    ]  # fmt: skip
    assert prepare("librispeech", folder, tmp_path / "libri.tsv").splits == {"dev-clean": 1, "test-clean": 1}


@pytest.mark.parametrize("ranges", [True, False])
def test_a_line_that_breaks(libri: Shelf, tmp_path: Path, ranges: bool) -> None:
    libri.breaks_after, libri.ranges = 1000, ranges
    with pytest.raises(CorpusError, match=r"the line broke .* are kept: the same command goes on"):
        download("librispeech", tmp_path / "data", ["dev-clean"])
    assert [path.name for path in (tmp_path / "data").iterdir()] == [".dev-clean.tar.gz.part"]
    assert download("librispeech", tmp_path / "data", ["dev-clean"]).files == 3
    assert libri.asked == [None, "bytes=1000-"]


def test_all_had_come_when_it_was_stopped(libri: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / ".dev-clean.tar.gz.part").write_bytes(libri.files["dev-clean.tar.gz"])
    assert download("librispeech", folder, ["dev-clean"], keep=True).files == 3
    assert (folder / "dev-clean.tar.gz").is_file()


def test_another_file_than_it_should_be(libri: Shelf, tmp_path: Path) -> None:
    libri.files["dev-clean.tar.gz"] = b"<html>moved</html>"
    with pytest.raises(CorpusError, match="another hash than md5:"):
        download("librispeech", tmp_path / "data", ["dev-clean"])
    assert list((tmp_path / "data").iterdir()) == []


def test_what_the_server_says(libri: Shelf, tmp_path: Path) -> None:
    del libri.files["dev-clean.tar.gz"]
    with pytest.raises(CorpusError, match=r"dev-clean.tar.gz: the server answers 404"):
        download("librispeech", tmp_path / "data")


def test_more_than_the_disk_holds(libri: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(CorpusError, match=r"MiB are to come, and 0 MiB are free"):
        download("librispeech", tmp_path / "data", ["dev-clean"])
    assert list((tmp_path / "data").iterdir()) == []


def test_nobody_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = (Archive("all", "http://127.0.0.1:9/x.zip", "md5:0"),)
    monkeypatch.setattr(corpora.get("librispeech"), "archives", gone)
    with pytest.raises(CorpusError, match="the line broke"):
        download("librispeech", tmp_path / "data")


@pytest.mark.parametrize(
    ("name", "parts", "mentions"),
    [
        ("timit", [], "bought from the Linguistic Data Consortium"),
        ("voxceleb1", [], "form"),
        ("librispeech", ["dev-cleen"], "no part 'dev-cleen'; it has train-clean-100"),
    ],
)
def test_what_cannot_be_fetched(name: str, parts: list[str], mentions: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=mentions):
        download(name, tmp_path / "data", parts)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "a/../../outside.txt", "..\\outside.txt"])
@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_no_file_lies_outside(kind: str, name: str, tmp_path: Path) -> None:
    packed, folder = tmp_path / f"x.{kind}", tmp_path / "data"
    if kind == "zip":
        with zipfile.ZipFile(packed, "w") as out:
            out.writestr(name, "x")
    else:
        with tarfile.open(packed, "w") as out:
            head = tarfile.TarInfo(name)
            head.size = 1
            out.addfile(head, io.BytesIO(b"x"))
    with pytest.raises(CorpusError, match="outside"):
        unpack(packed, folder)
    assert not list(tmp_path.rglob("outside.txt"))


def test_links_are_left_out_and_broken_archives_told(tmp_path: Path) -> None:
    packed = tmp_path / "x.tar.gz"
    with tarfile.open(packed, "w:gz") as out:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        out.addfile(link)
        head = tarfile.TarInfo("a/file")
        head.size = 200_000
        out.addfile(head, io.BytesIO(bytes(range(250)) * 800))
    assert unpack(packed, tmp_path / "data") == 1
    assert [path.name for path in (tmp_path / "data").rglob("*")] == ["a", "file"]
    packed.write_bytes(packed.read_bytes()[:300])
    with pytest.raises(CorpusError, match="a broken archive"):
        unpack(packed, tmp_path / "again")


def test_every_archive_is_named_with_a_hash() -> None:
    found = [(name, one) for name in corpora.names() for one in corpora.get(name).archives]
    assert {name for name, _ in found} == {"librispeech", "libritts", "ljspeech", "ravdess", "vctk"}
    for _, one in found:
        assert one.url.startswith("https://")
        assert re.fullmatch(r"md5:[0-9a-f]{32}|sha256:[0-9a-f]{64}", one.hash)
