"""Manifests at addresses of a real store, and rows that name sounds there."""

from pathlib import Path

import pytest

from voxproof.corpora import Problems, Row, placed, read_manifest, write_manifest
from voxproof.errors import CorpusError, VoxproofError
from voxproof.places import Address, place

ROWS = [Row(f"sub/{n}.flac", text=f"täxt {n}", duration_s=n / 8, extra={"a": "b"}) for n in range(2_000)]


@pytest.mark.parametrize("suffix", [".tsv", ".parquet"])
def test_what_is_written_is_read(suffix: str, bucket: str, tmp_path: Path) -> None:
    manifest = f"{bucket}/corpus/manifest{suffix}"
    assert write_manifest(manifest, iter(ROWS)) == len(ROWS)
    assert list(read_manifest(manifest)) == list(read_manifest(f"{bucket}/corpus/")) == ROWS
    write_manifest(tmp_path / f"m{suffix}", ROWS)
    assert place(manifest).read_bytes() == (tmp_path / f"m{suffix}").read_bytes()


def test_nothing_is_there_if_the_rows_end_badly(bucket: str) -> None:
    def rows():
        yield ROWS[0]
        raise CorpusError("no more")

    with pytest.raises(CorpusError, match="no more"):
        write_manifest(f"{bucket}/m.tsv", rows())
    assert not place(f"{bucket}/m.tsv").exists()
    with pytest.raises(CorpusError, match=r"is called \.tsv or \.parquet"):
        write_manifest(f"{bucket}/m.csv", ROWS)


def test_where_sounds_lie(tmp_path: Path) -> None:
    manifest = Address("s3://bucket/corpus/m.tsv")
    assert placed(Row("a/b.wav"), manifest) == placed(Row("a/b.wav"), manifest.parent) == manifest.parent / "a/b.wav"
    assert placed(Row("s3://other/b.wav"), manifest) == Address("s3://other/b.wav")
    assert placed(Row("s3://other/b.wav"), tmp_path) == Address("s3://other/b.wav")
    assert placed(Row("/data/b.wav"), manifest) == Path("/data/b.wav")


def test_what_cannot_be_read(bucket: str) -> None:
    place(f"{bucket}/broken.tsv").write_bytes(b"path\tlabel\na.wav\treal\nb.wav\n")
    problems = Problems()
    assert [row.path for row in read_manifest(f"{bucket}/broken.tsv", problems)] == ["a.wav"]
    assert str(next(iter(problems))).startswith(f"{bucket}/broken.tsv:3: ")
    place(f"{bucket}/broken.parquet").write_bytes(b"PAR1" + bytes(100))
    place(f"{bucket}/latin.tsv").write_bytes("path\nä.wav\n".encode("latin-1"))
    for name, said in {
        "none.tsv": "there is no such file",
        "broken.parquet": "no Parquet that can be read",
        "latin.tsv": "is not text in UTF-8",
    }.items():
        with pytest.raises(VoxproofError, match=said) as caught:
            list(read_manifest(f"{bucket}/{name}"))
        assert str(caught.value).startswith(f"{bucket}/{name}: ")
    (place(f"{bucket}/empty") / "x").write_bytes(b"1")
    with pytest.raises(CorpusError, match=r"there is no manifest\.tsv or manifest\.parquet in this folder"):
        list(read_manifest(f"{bucket}/empty"))
