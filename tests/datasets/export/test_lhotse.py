"""Cuts, opened by the real lhotse."""

import gzip
import json

import numpy as np
import pytest

from voxproof.audio import read_audio
from voxproof.audio.stretch import read_stretch
from voxproof.corpora import read_manifest
from voxproof.datasets.export import export_set
from voxproof.errors import CorpusError


@pytest.fixture(scope="module")
def lhotse():
    return pytest.importorskip("lhotse")


def test_lhotse_opens_them_and_hears_what_the_reader_hears(manifest, tmp_path, lhotse) -> None:
    done = export_set(manifest, tmp_path / "cuts.jsonl.gz", "lhotse")
    cuts = list(lhotse.CutSet.from_file(tmp_path / "cuts.jsonl.gz"))
    rows = list(read_manifest(manifest))
    assert len(cuts) == len(rows) == done.rows == 7
    assert done.hours * 3600 == pytest.approx(sum(cut.duration for cut in cuts))
    for cut, row in zip(cuts, rows, strict=True):
        lhotse.validate(cut, read_data=row.path.endswith((".wav", ".flac")))
        (said,) = cut.supervisions
        assert (said.text or "", said.speaker or "", said.language) == (row.text, row.speaker, "en")
        assert said.custom["label"] == row.label
        assert said.custom.get("generator", "") == row.generator
        assert said.custom.get("extra", {}) == dict(row.extra)
        assert said.custom["licence"] == "CC-BY-4.0"
        file = manifest.parent / row.path
        is_stretch = row.start_s or row.end_s
        ours = read_stretch(file, row.start_s, row.end_s) if is_stretch else read_audio(file)
        assert (cut.num_samples, cut.sampling_rate) == (len(ours.samples), ours.rate)
        if row.path.endswith((".wav", ".flac")):
            np.testing.assert_array_equal(cut.load_audio().mean(0), ours.samples)
    assert type(cuts[0]) is lhotse.MonoCut
    assert cuts[0].supervisions[0].gender == "f"
    assert cuts[5].channel == [0, 1]


def test_the_whole_set_is_valid_in_text_too_and_the_same_each_time(manifest, tmp_path, lhotse) -> None:
    for name in ("one.jsonl.gz", "two.jsonl.gz", "plain.jsonl"):
        export_set(manifest, tmp_path / name, "lhotse")
    packed = (tmp_path / "one.jsonl.gz").read_bytes()
    assert packed == (tmp_path / "two.jsonl.gz").read_bytes()
    assert gzip.decompress(packed) == (tmp_path / "plain.jsonl").read_bytes()
    lhotse.validate(lhotse.CutSet.from_file(tmp_path / "plain.jsonl"))
    written = [json.loads(line) for line in (tmp_path / "plain.jsonl").read_text().splitlines()]
    read = [cut.to_dict() for cut in lhotse.CutSet.from_file(tmp_path / "plain.jsonl")]
    assert read == written


def test_what_cannot_be_exported_is_one_line_and_leaves_nothing(manifest, tmp_path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    lines = manifest.read_text().splitlines()

    def refused(said: str, *more: str, name: str = "cuts.jsonl.gz", to: str = "lhotse") -> None:
        manifest.write_text("\n".join([*lines, *more]) + "\n")
        with pytest.raises(CorpusError, match=said) as caught:
            export_set(manifest, out / name, to)
        assert "\n" not in str(caught.value)
        assert list(out.iterdir()) == []

    for name, to in (("cuts.jsonl.gz", "lhotse"), ("set", "huggingface")):
        refused(
            r"row 8: .*none\.wav: there is no such file", lines[1].replace("anna.flac", "none.wav"), name=name, to=to
        )
        refused("row 8: the id 'a' is there twice", lines[1], name=name, to=to)
        late = lines[3].replace("1.25\t3.00003", "9\t10").replace("\tc\t", "\tz\t")
        refused(r"row 8: .*long\.wav: it ends at 8\.00 s, before 9\.00 s", late, name=name, to=to)
        (manifest.parent / "clips" / "text.wav").write_text("no sound at all")
        refused(r"row 8: .*text\.wav: ", lines[1].replace("anna.flac", "text.wav"), name=name, to=to)
    refused("called .jsonl.gz or .jsonl", name="cuts.json")
    refused("cannot export to 'kaldi'; there are: lhotse, huggingface", to="kaldi")
    manifest.write_text(lines[0] + "\n")
    with pytest.raises(CorpusError, match="no row to export"):
        export_set(manifest, out / "cuts.jsonl.gz", "lhotse")
    assert list(out.iterdir()) == []
