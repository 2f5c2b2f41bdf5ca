import csv

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.errors import CorpusError
from voxproof.training.detector_data import (
    WIDE,
    WIDE_HELD_OUT,
    Clip,
    PairSampler,
    held_out_pages,
    pack_clips,
    read_manifest,
    read_real,
    refuse_overlap,
)

HEAD = ["path", "label", "split", "page", "generator", "family", "speaker", "matched", "repo", "source_path"]


def clip(number, label="real", page="p", coding="a.flac", generator="", speaker="s"):
    suffix = coding[coding.index(".") :]
    return Clip(f"{page}/{label}{number}{suffix}", label, page, coding, generator, "tts", speaker)


def write_manifest(folder, rows):
    folder.mkdir(exist_ok=True)
    with (folder / "manifest.tsv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, HEAD, delimiter="\t", restval="")
        table.writeheader()
        table.writerows(rows)
    return folder


def row(path, label="real", split="train", page="p", **rest):
    return {"path": path, "label": label, "split": split, "page": page, "matched": "1", "speaker": "s", **rest}


def test_dev_and_wide_speech_are_never_read(tmp_path):
    rows = [row("a.flac"), row("b.flac", split="dev"), row("c.opus", page="wide-x"), row("d.opus", "fake")]
    clips = read_manifest(write_manifest(tmp_path / "speech", rows))
    assert [c.path.rsplit("/", 1)[1] for c in clips] == ["a.flac", "d.opus"]
    assert [c.coding for c in clips] == ["speech.flac", "speech.opus"]
    assert clips[1].fake


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("path\tlabel\na\treal\n", "no column 'page'"),
        ("\t".join(HEAD) + "\na.flac\tmaybe" + "\t" * 8 + "\n", "'maybe'"),
    ],
)
def test_broken_manifests_are_named(tmp_path, manifest, message):
    (tmp_path / "manifest.tsv").write_text(manifest, encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        read_manifest(tmp_path)
    with pytest.raises(CorpusError, match="no manifest"):
        read_manifest(tmp_path / "nowhere")


def test_what_judges_may_not_train(tmp_path):
    judging = write_manifest(
        tmp_path / "judge", [row("x.flac", split="dev", page="q", repo="r", source_path="x.wav"), row("y.flac")]
    )
    refuse_overlap([clip(0)], judging)
    with pytest.raises(CorpusError, match="leave it out"):
        refuse_overlap([clip(0, page="q")], judging)
    with pytest.raises(CorpusError, match="leave it out"):
        refuse_overlap([Clip("a", "real", "p", "a.flac", "", "", "s", origin="r:x.wav")], judging)


def test_pages_are_held_out_whole_and_for_good():
    clips = [clip(n, label, f"page{p}") for p in range(40) for n in range(4) for label in ("real", "fake")]
    clips += [clip(0, "fake", "alone"), clip(0, "real", WIDE_HELD_OUT), clip(0, "real", WIDE)]
    held = held_out_pages(clips, 0.2)
    assert len(held) == 8 + 1
    assert WIDE_HELD_OUT in held
    assert not held & {WIDE, "alone"}
    assert held_out_pages(reversed(clips), 0.2) == held
    assert held_out_pages(clips, 0.2, seed=1) != held


def test_pairs_share_page_and_coding():
    clips = [
        clip(n, label, page, coding, f"g{n % 2}" if label == "fake" else "")
        for page in ("p", "q")
        for coding in ("a.flac", "b.opus")
        for label in ("real", "fake")
        for n in range(6)
    ]
    clips += [clip(n, "fake", "fakes alone") for n in range(50)]
    sampler = PairSampler(clips)
    rng = np.random.default_rng(0)
    seen = set()
    for real, fake in sampler.pairs(300, rng):
        assert (clips[real].label, clips[fake].label) == ("real", "fake")
        assert clips[real].domain == clips[fake].domain
        seen.add(clips[real].domain)
    assert len(seen) == 4


def test_mixed_pairs_share_the_suffix_and_use_lonely_pages():
    clips = [clip(n, label) for n in range(3) for label in ("real", "fake")]
    clips += [clip(n, "fake", "fakes alone", generator="new") for n in range(3)]
    clips += [clip(n, "real", WIDE, "w.flac", speaker=f"w{n}") for n in range(3)]
    clips += [clip(n, "real", WIDE, "w.opus", speaker=f"w{n}") for n in range(3)]
    pairs = list(PairSampler(clips, mixed=1.0).pairs(200, np.random.default_rng(0)))
    assert {clips[fake].page for _, fake in pairs} == {"p", "fakes alone"}
    assert {clips[real].page for real, _ in pairs} == {"p", WIDE}
    # There are no fakes in Opus, so no real clip in Opus may be drawn: its coding would tell.
    assert all(clips[real].path.endswith(".flac") for real, _ in pairs)


def test_held_out_pages_are_not_drawn():
    clips = [clip(n, label, page) for page in ("p", "q") for n in range(3) for label in ("real", "fake")]
    sampler = PairSampler(clips, {"p"}, mixed=0.5)
    assert {clips[i].page for pair in sampler.pairs(50, np.random.default_rng(0)) for i in pair} == {"p"}
    with pytest.raises(CorpusError, match="nothing to tell apart"):
        PairSampler([clip(0), clip(1)])


def test_packed_clips_are_what_was_on_disk(tmp_path, speech):
    paths = []
    for number, seconds in enumerate((1.0, 2.0, 0.2)):  # the last is too short to be kept
        path = tmp_path / f"{number}.flac"
        Audio(speech.samples[: int(seconds * 16_000)], 16_000).save(path)
        paths.append(Clip(str(path), "real", "p", "a.flac", "", "", "s"))
    pack = pack_clips(paths, tmp_path / "cache", progress=False)
    assert len(pack) == 2
    np.testing.assert_allclose(pack[1], speech.samples[:32_000], atol=1e-4)
    crop = pack.crop(1, 8_000, np.random.default_rng(0))
    assert any(np.array_equal(crop, pack[1][s : s + 8_000]) for s in range(24_001))
    assert len(pack.crop(0, 40_000, np.random.default_rng(0))) == 40_000  # repeated
    again = pack_clips(paths, tmp_path / "cache", progress=False)
    assert np.array_equal(again[0], pack[0])
    with pytest.raises(CorpusError, match="is not there"):
        pack_clips([Clip(str(tmp_path / "gone.flac"), "real", "p", "a.flac", "", "", "s")], tmp_path / "cache")


def test_wide_speech_holds_some_speakers_out(tmp_path):
    lines = ["path\tspeaker", *(f"{n}.flac\tspeaker{n}" for n in range(500))]
    (tmp_path / "manifest.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    clips = read_real(tmp_path)
    assert {c.label for c in clips} == {"real"}
    held = sum(c.page == WIDE_HELD_OUT for c in clips)
    assert 5 < held < 50
    assert sum(c.page == WIDE for c in clips) == 500 - held
