"""Manifests: what is written is read, in both formats; broken rows are told with their line."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.corpora import COLUMNS, Problems, Row, read_manifest, write_manifest
from voxproof.corpora.tables import manifest_cells
from voxproof.errors import CorpusError

text = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=12)
fields = {
    **{name: text for name, kind in Row.__annotations__.items() if kind is str},
    "path": text.filter(bool),
    "label": st.sampled_from(["real", "fake", ""]),
    **{name: st.integers(0, 10**6).map(lambda n: n / 1000) for name in ("duration_s", "start_s", "end_s")},
    "original_sample_rate": st.integers(0, 192_000),
    "extra": st.dictionaries(text.filter(bool), text, max_size=3),
}
rows = st.builds(Row, **fields)


@pytest.mark.parametrize("suffix", [".tsv", ".parquet"])
def test_what_is_written_is_read(suffix, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("manifests")

    @settings(deadline=None)  # pyarrow is slow to import
    @given(st.lists(rows, max_size=4))
    def check(several):
        file = folder / f"manifest{suffix}"
        assert write_manifest(file, iter(several)) == len(several)
        assert list(read_manifest(file)) == several

    check()


def test_tabs_and_ends_of_lines_become_blanks(tmp_path) -> None:
    write_manifest(tmp_path / "m.tsv", [Row("a.wav", text="one\ttwo\nthree\u2028four")])
    (row,) = read_manifest(tmp_path / "m.tsv")
    assert row.text == "one two three four"


def test_the_columns_of_the_project_come_first() -> None:
    assert COLUMNS[:22] == tuple(
        "path label split page generator family novel matched year corpus speaker gender language text duration_s "
        "original_sample_rate original_codec licence pair repo commit source_path".split()
    )


def test_columns_that_nobody_knows_are_kept(tmp_path) -> None:
    (tmp_path / "manifest.tsv").write_text("\ufeffmood\tpath\nhappy\ta.wav\n", encoding="utf-8")
    (row,) = read_manifest(tmp_path)
    assert (row.path, row.label, row.extra) == ("a.wav", "real", {"mood": "happy"})


BROKEN = """path\tlabel\tduration_s\textra
a.wav\treal\t1.0\t
b.wav\treal
c.wav\tmaybe\t1\t
d.wav\tfake\tlong\t
\treal\t1\t

e.wav\tfake\tnan\t
f.wav\tfake\t\t[1]
g.wav\tfake\t2\t{"a": 1}
"""


def test_broken_rows_are_told_with_their_line_and_the_others_kept(tmp_path) -> None:
    file = tmp_path / "manifest.tsv"
    file.write_text(BROKEN)
    problems = Problems()
    kept = list(read_manifest(file, problems))
    assert [row.path for row in kept] == ["a.wav", "g.wav"]
    assert kept[1].extra == {"a": "1"}
    assert [problem.line for problem in problems] == [3, 4, 5, 6, 8, 9]
    assert len(problems) == 6
    with pytest.raises(CorpusError, match=r"manifest\.tsv:3: 2 columns where the head has 4"):
        list(read_manifest(file))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("m.tsv", b"label\nreal\n", "column 'path'"),
        ("m.tsv", b"", "column 'path'"),
        ("m.tsv", b"path\n\xff\xfe\n", "UTF-8"),
        ("m.parquet", b"PAR1 no", "no Parquet"),
    ],
)
def test_what_is_no_manifest_is_refused_in_a_line(name, content, said, tmp_path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CorpusError, match=said):
        list(read_manifest(tmp_path / name))
    with pytest.raises(CorpusError, match="cannot be read"):
        list(read_manifest(tmp_path / "none.tsv"))
    with pytest.raises(CorpusError, match="no manifest"):
        list(read_manifest(tmp_path))
    with pytest.raises(CorpusError, match=r"called \.tsv or \.parquet"):
        write_manifest(tmp_path / "m.csv", [])


def test_a_manifest_is_whole_or_not_there(tmp_path) -> None:
    def rows():
        yield Row("a.wav")
        raise KeyboardInterrupt

    for suffix in (".tsv", ".parquet"):
        with pytest.raises(KeyboardInterrupt):
            write_manifest(tmp_path / f"m{suffix}", rows())
    assert list(tmp_path.iterdir()) == []


def test_cells_of_a_manifest_with_columns_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "manifest.tsv").write_text('path\treach\ttext\na.flac\t9000\t"no quotes", said\n', encoding="utf-8")
    rows = manifest_cells(tmp_path, ("path", "reach"))
    assert rows == [{"path": "a.flac", "reach": "9000", "text": '"no quotes", said'}]
    with pytest.raises(CorpusError, match="no column 'speaker'"):
        manifest_cells(tmp_path, ("path", "speaker"))
    with pytest.raises(CorpusError, match=r"no manifest .*columns path"):
        manifest_cells(tmp_path / "nowhere.tsv")
    (tmp_path / "manifest.tsv").write_text("path\ttext\na.flac\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"manifest.tsv:2: 1 cells where the head has 2"):
        manifest_cells(tmp_path)
