"""Addresses: what is one, how they are joined, and that they are asked as paths are, of a real store."""

import pickle
from pathlib import Path

import pytest

from voxproof.errors import VoxproofError
from voxproof.places import Address, DeniedError, MissingError, UnreachableError, beside, is_address, place


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("s3://bucket/a/b.wav", "s3://bucket/a/b.wav"),
        ("S3://bucket/a/", "s3://bucket/a"),
        ("s3://bucket", "s3://bucket"),
        ("s3://bucket/a/./b/../../../../c", "s3://bucket/c"),
        ("s3://bucket/who?/#1.wav", "s3://bucket/who?/#1.wav"),
        ("https://host/a/../b.wav?sign=../x", "https://host/b.wav?sign=../x"),
        ("abfs://container@account.dfs.core.windows.net/x", "abfs://container@account.dfs.core.windows.net/x"),
    ],
)
def test_what_is_an_address(text: str, url: str) -> None:
    found = place(text)
    assert isinstance(found, Address)
    assert (found.url, place(str(found))) == (url, found)
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize("text", ["a/b.wav", "/a/b.wav", "C:\\b.wav", "a:b", "://a", "1://a", ""])
def test_what_is_none(text: str) -> None:
    assert not is_address(text)
    assert place(text) == Path(text)


def test_files_of_this_computer_are_paths() -> None:
    assert place("file:///data/x.wav") == place("local:///data/x.wav") == Path("/data/x.wav")


def test_secrets_do_not_stand_in_addresses() -> None:
    with pytest.raises(VoxproofError, match="must not hold a password") as caught:
        place("s3://KEY:s3cret@bucket/x")
    assert "s3cret" not in str(caught.value)
    assert Address("https://host/a.wav?token=s3cret").shown == "https://host/a.wav"
    with pytest.raises(VoxproofError, match="a memory of its own"):
        place("memory://x")


def test_parts() -> None:
    sound = Address("https://host/set/a.b.flac?token=1")
    assert (sound.name, sound.stem, sound.suffix) == ("a.b.flac", "a.b", ".flac")
    assert str(sound.parent / "c.wav") == "https://host/set/c.wav"
    assert str(sound.with_name("what?.wav")) == "https://host/set/what%3F.wav"
    assert Address("s3://bucket").parent == Address("s3://bucket")
    assert Address("s3://bucket") / "a" == Address("s3://bucket/a")


def test_names_in_a_manifest() -> None:
    here, there = Path("/data"), Address("s3://bucket/corpus")
    assert beside(here, "a.wav") == Path("/data/a.wav")
    assert beside(there, "sub/a.wav") == Address("s3://bucket/corpus/sub/a.wav")
    assert beside(here, "s3://bucket/a.wav") == beside(there, "s3://bucket/a.wav") == Address("s3://bucket/a.wav")
    assert beside(there, "/data/a.wav") == Path("/data/a.wav")
    assert beside(there, "../../other/a.wav") == Address("s3://bucket/other/a.wav")


def test_a_store_is_asked_as_a_folder_is(bucket: str) -> None:
    folder = Address(f"{bucket}/set")
    assert not folder.exists()
    assert list(folder.iterdir()) == []
    for name in ("b.txt", "a/é 1.txt", "a/*.txt"):
        (folder / name).write_bytes(name.encode())
    assert (folder.is_dir(), folder.is_file()) == (True, False)
    assert ((folder / "b.txt").is_file(), (folder / "a").is_dir(), (folder / "c").exists()) == (True, True, False)
    assert list(folder.listed()) == [(folder / "a", True), (folder / "b.txt", False)]
    assert (folder / "a" / "*.txt").read_text() == "a/*.txt"
    with (folder / "a" / "é 1.txt").open() as file:
        assert file.read() == "a/é 1.txt"
    with (folder / "b.txt").open("rb") as data:
        assert (data.seek(2), data.read(), data.name) == (2, b"txt", f"{folder}/b.txt")
    (folder / "b.txt").write_bytes(b"other")
    assert (folder / "b.txt").read_bytes() == b"other"
    (folder / "b.txt").unlink()
    (folder / "b.txt").unlink(missing_ok=True)
    assert [one.name for one in folder.iterdir()] == ["a"]


def test_what_is_not_there(bucket: str) -> None:
    for address in (Address(f"{bucket}/none"), Address("s3://no-such-bucket/none")):
        for ask in (address.read_bytes, lambda address=address: address.open("rb").read()):
            with pytest.raises(MissingError, match=r"none: there is no such file, folder or bucket$"):
                ask()
        assert not address.exists()
    with pytest.raises(MissingError, match="bucket"):
        Address("s3://no-such-bucket/none").write_bytes(b"1")


def test_nothing_is_written_to_the_web() -> None:
    with pytest.raises(VoxproofError, match="it is for reading"):
        Address("https://host/a").write_bytes(b"1")


def test_libraries_that_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("fsspec")
    with pytest.raises(VoxproofError, match=r"^what://x/y: Protocol not known: what; see the protocols of fsspec$"):
        Address("what://x/y").read_bytes()
    monkeypatch.setitem(__import__("sys").modules, "fsspec.core", None)
    with pytest.raises(VoxproofError, match=r"^s3://x/y: addresses need fsspec: pip install 'voxproof\[remote\]'$"):
        Address("s3://x/y").read_bytes()


def test_who_is_not_let_in(bucket: str, s3_server: str) -> None:
    """A server that asks for credentials gets some that nobody gave out."""
    httpx = pytest.importorskip("httpx")
    httpx.post(f"{s3_server}/moto-api/reset-auth", content=b"0", timeout=10)
    try:
        with pytest.raises(DeniedError, match=r"no access .*are the credentials of this store set") as caught:
            Address(f"{bucket}/a").write_bytes(b"1")
    finally:
        httpx.post(f"{s3_server}/moto-api/reset-auth", content=b"1000000", timeout=10)
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nobody_answers(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import fsspec

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    with pytest.raises(UnreachableError, match=r"cannot be reached .*Could not connect") as caught:
        Address(f"{bucket}/a").exists()
    assert isinstance(caught.value, VoxproofError)
    assert isinstance(caught.value, OSError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
