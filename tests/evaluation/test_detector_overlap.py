import pytest

from voxproof.errors import CorpusError
from voxproof.evaluation.detector_overlap import apart, check_disjoint, plain_text
from voxproof.evaluation.detector_protocol import read_corpus


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("pages", {"page": "old"}),
        ("recordings", {"source_path": "t0.wav"}),
        ("novel generators", {"label": "fake", "generator": "Known", "novel": "1"}),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_splits_that_overlap_are_refused(tmp_path, corpora, row, kind, strict):
    rows = [*corpora.train, corpora.row("ok.wav"), corpora.row("d.wav", **row)]
    with pytest.raises(CorpusError, match=f"share 1 {kind} .* 1 clips"):
        check_disjoint(read_corpus(corpora.write(tmp_path, rows)), strict=strict)


@pytest.mark.parametrize(
    ("kind", "row"), [("speakers", {"speaker": "of old"}), ("texts", {"text": "«An old sentence»"})]
)
def test_speakers_and_texts_may_meet_unless_the_check_is_strict(tmp_path, corpora, kind, row):
    rows = read_corpus(
        corpora.write(tmp_path, [*corpora.train, corpora.row("ok.wav"), corpora.row("d.wav", page="q", **row)])
    )
    found = check_disjoint(rows)
    assert found.as_dict()[kind] == {"shared": 1, "clips": 1}
    assert f"1 {kind} (1 clips)" in str(found)
    assert [row.name for row in apart(rows, kind)] == ["ok.wav"]
    assert len(apart(rows, "texts" if kind == "speakers" else "speakers")) == 2
    with pytest.raises(CorpusError, match=f"share 1 {kind}"):
        check_disjoint(rows, strict=True)


def test_what_is_not_told_is_not_shared(tmp_path, corpora):
    rows = [
        *corpora.train,
        corpora.row("t3.wav", split="train", page="old", speaker=""),
        corpora.row("d.wav", speaker=""),
    ]
    found = check_disjoint(read_corpus(corpora.write(tmp_path, rows)), strict=True)
    assert str(found) == "nothing is in both splits"


def test_pages_of_whole_corpora_may_be_in_both_splits_but_their_recordings_may_not(tmp_path, corpora):
    apart_rows = [*corpora.train, corpora.row("w.wav", page="wide-books", speaker="other")]
    check_disjoint(read_corpus(corpora.write(tmp_path, apart_rows)), strict=True)
    same = [*corpora.train, corpora.row("w.wav", page="wide-books", source_path="t2.wav")]
    with pytest.raises(CorpusError, match="recordings"):
        check_disjoint(read_corpus(corpora.write(tmp_path, same)))


def test_a_corpus_without_dev_or_with_odd_rows_is_refused(tmp_path, corpora):
    with pytest.raises(CorpusError, match="lacks one of its splits"):
        check_disjoint(read_corpus(corpora.write(tmp_path, corpora.train)))
    with pytest.raises(CorpusError, match="detector corpus"):
        read_corpus(tmp_path / "nowhere")
    with pytest.raises(CorpusError, match="labelled 'maybe'"):
        read_corpus(corpora.write(tmp_path, [corpora.row("a.wav", "maybe")]))
    (tmp_path / "manifest.tsv").write_text("path\tlabel\tpage\na.wav\treal\tp\n")
    assert read_corpus(tmp_path, ("path", "label", "page"))[0].speaker == ""
    with pytest.raises(CorpusError, match="no column 'split'"):
        read_corpus(tmp_path)


def test_texts_are_compared_by_their_letters():
    assert plain_text("Well, well: it's “12” o'clock!") == plain_text("WELL WELL it s 12 o clock")
    assert plain_text("你好，世界。") == plain_text("你好 世界")
    assert plain_text(" -- ") == ""
    assert plain_text("कि") != plain_text("की")  # vowel signs are marks, not letters
