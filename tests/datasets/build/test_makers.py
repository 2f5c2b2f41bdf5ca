"""Makers with the real engines on real speech: what the set holds, and what its rows say."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voxproof.audio import Audio, read_audio, write_audio
from voxproof.corpora import Row, read_manifest
from voxproof.datasets.build import Units, Workshop, build_set, load_plan
from voxproof.datasets.build.makers.sounds import read_clip
from voxproof.datasets.build.references import Clip
from voxproof.datasets.build.selected import Selected
from voxproof.errors import AudioError, CorpusError, ModelError
from voxproof.models import load_card
from voxproof.provenance import check, read_mark
from voxproof.provenance import read_manifest as read_sidecar

Write = Callable[..., Path]
RATE = 16_000
SECONDS = 3
CONSENT = "the licence of the corpus allows research"


@pytest.fixture(scope="session")
def rows(whole: Path) -> dict[str, Row]:
    """The rows of the first clip, by kind."""
    return {row.extra["kind"]: row for row in list(read_manifest(whole))[:4]}


def test_every_row_of_every_kind_in_the_order_of_the_plan(whole: Path, corpus: Path) -> None:
    rows = list(read_manifest(whole))
    kinds = ["source", "clone", "convert", "copy"]
    assert [row.extra["kind"] for row in rows] == kinds * 4
    assert [row.pair for row in rows] == [row.id for row in read_manifest(corpus / "corpus.tsv") for _ in kinds]
    assert len({row.id for row in rows}) == 16
    sounds = sorted(str(path.relative_to(whole)) for path in whole.rglob("*.flac"))
    assert sounds == sorted(row.path for row in rows)
    assert all(row.path == f"audio/{row.id[:2]}/{row.id}.flac" for row in rows)


def test_rows_say_where_they_are_from(rows: dict[str, Row]) -> None:
    assert {kind: (row.label, row.generator, row.family) for kind, row in rows.items()} == {
        "source": ("real", "", ""),
        "clone": ("fake", "native", "tts"),
        "convert": ("fake", "ppg", "vc"),
        "copy": ("fake", "griffinlim", "vocoder"),
    }
    for kind, row in rows.items():
        assert (row.pair, row.source_path, row.licence, row.split) == ("anna0", "anna0.flac", "CC BY 4.0", "train")
        assert row.text == "THE BOX CAR"
        assert (row.speaker, row.gender) == (("ben", "m") if kind == "convert" else ("anna", "f"))
        assert row.extra["seed"].isdigit()
        assert (row.extra.get("consent") == CONSENT) == (kind in ("clone", "convert"))
        assert ("watermark" in row.extra) == (kind in ("clone", "convert"))
    cards = [f"{name}@{load_card(name).sha256}" for name in ("cantor", "pulsar")]
    assert rows["clone"].extra["cards"] == " ".join(cards)


def test_sounds_have_one_coding(whole: Path) -> None:
    for row in read_manifest(whole):
        audio = read_audio(whole / row.path)
        assert (audio.rate, row.original_sample_rate, row.original_codec) == (RATE, RATE, "flac")
        assert row.duration_s == pytest.approx(audio.duration, abs=1e-3)
        assert (row.start_s, row.end_s) == (0, 0)
        if row.extra["kind"] != "clone":
            assert audio.duration == pytest.approx(SECONDS, abs=0.02)


def test_clones_and_conversions_are_sealed_and_nothing_else_is(whole: Path) -> None:
    for row in read_manifest(whole):
        file = whole / row.path
        manifest = read_sidecar(file)
        if row.extra["kind"] not in ("clone", "convert"):
            assert manifest is None
            assert not read_mark(file).present
            continue
        assert manifest is not None
        assert check(file, manifest) == "unchanged"
        assert read_mark(file).payload == manifest.payload == int(row.extra["watermark"])
        assert manifest.consent is not None
        assert (manifest.consent.note, manifest.time.timestamp()) == (CONSENT, 0)
        assert manifest.consent.time == manifest.time
        assert manifest.settings["unit"] == row.id
        assert f"{manifest.cards[0].name}@{manifest.cards[0].sha256}" in row.extra["cards"]


def test_a_copy_is_as_loud_as_its_source_and_follows_it(whole: Path, rows: dict[str, Row]) -> None:
    source, copy = (read_audio(whole / rows[kind].path).samples for kind in ("source", "copy"))
    power = [float(np.sqrt(np.mean(np.square(one)))) for one in (source, copy)]
    assert power[1] == pytest.approx(power[0], rel=0.02)
    levels = [[np.abs(part).mean() for part in np.array_split(one, 60)] for one in (source, copy)]
    assert np.corrcoef(*levels)[0, 1] > 0.95


def test_a_degraded_clip_keeps_its_label(corpus: Path, plan: Write, tmp_path: Path) -> None:
    build_set(plan(limit=1, make=[{"degrade": {"condition": "phone"}}, "null"]), tmp_path / "set")
    source, phone, null = read_manifest(tmp_path / "set")
    assert [(row.label, row.generator, row.matched) for row in (source, phone, null)] == [("real", "", "")] * 3
    assert phone.extra["condition"] == "phone"
    assert "consent" not in phone.extra
    spectrum = np.abs(np.fft.rfft(read_audio(tmp_path / "set" / phone.path).samples))
    assert spectrum[len(spectrum) // 2 :].mean() < 0.02 * spectrum.mean()  # nothing above 4 kHz
    assert null.path == str(corpus / "anna0.flac")


def test_a_stretch_is_what_is_taken(whole: Path, corpus: Path, voices: dict[str, Audio]) -> None:
    row = next(row for row in read_manifest(whole) if row.pair == "anna1" and row.extra["kind"] == "source")
    wanted = voices["anna"].samples[4 * RATE : 7 * RATE]
    assert np.array_equal(read_audio(whole / row.path).samples, wanted)


def test_clones_sound_like_their_speaker(plan: Write, tmp_path: Path) -> None:
    done = build_set(
        plan(limit=1, make=[{"clone": {"text": ["So it goes on."]}}], quality={"wer": True, "similarity": 0.999}),
        tmp_path / "set",
    )
    assert done.made == 2
    source, clone = read_manifest(tmp_path / "set")
    assert float(clone.extra["wer"]) < 0.5
    assert 0.2 < float(clone.extra["similarity"]) < 0.999
    assert clone.extra["quality"] == "poor"  # by the bound of this plan
    assert source.extra["quality"] in ("ok", "poor")
    assert "similarity" not in source.extra
    assert clone.text == "So it goes on."
    assert clone.matched == "1"


def test_a_workshop_is_all_that_an_executor_needs(plan: Write, tmp_path: Path) -> None:
    read = load_plan(plan(make=["null"], keep_sources=False))
    workshop = Workshop(read, tmp_path)
    units = Units(read, Selected(read, tmp_path), workshop.cards)
    row = workshop.make(units[3])
    assert (row.path, row.pair, row.id) == (units[3].sound.sound, "ben3", units[3].id)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        ({"clone": {"engine": "tacotron3"}}, ModelError, "no cloner is called 'tacotron3'; there are: native"),
        ({"convert": {"engine": "x"}}, ModelError, "no converter is called 'x'"),
        ({"copy": {"vocoder": "x"}}, ModelError, "no vocoder is called 'x'"),
        ({"degrade": {"condition": "moon"}}, CorpusError, "no condition is called 'moon'; there are: clean, phone"),
    ],
)
def test_names_that_nothing_has(
    plan: Write, tmp_path: Path, make: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        build_set(plan(make=[make]), tmp_path / "set")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_stops_the_run_and_fails_no_row(
    plan: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object, **more: object) -> None:
        raise AudioError("cannot write: No space left on device") from OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("voxproof.datasets.build.workshop.write_audio", full)
        with pytest.raises(CorpusError, match="No space left"):
            build_set(plan(make=[{"degrade": {"condition": "phone"}}]), tmp_path / "s")
    lines = [path.read_text() for path in (tmp_path / "s" / "rows").glob("*.jsonl")]
    assert "".join(lines) == ""
    assert json.loads((tmp_path / "s" / "begun.json").read_text())["units"] == 8


def test_stretches_of_recordings_that_are_too_long_to_be_read(voices: dict[str, Audio], tmp_path: Path) -> None:
    """As in CHiME-5: what is made of a stretch of eleven minutes is what is made of the same stretch alone."""
    said = np.concatenate([one.samples for one in voices.values()])
    samples = np.tile(said, 660 * RATE // len(said) + 1)[: 660 * RATE]
    write_audio(tmp_path / "party.flac", Audio(samples, RATE))
    found = read_clip(Clip(str(tmp_path / "party.flac"), 632.5, 635.25))
    np.testing.assert_allclose(found.samples, samples[round(632.5 * RATE) : round(635.25 * RATE)], atol=1e-4)
    with pytest.raises(AudioError, match=r"party\.flac: it ends at 660\.00 s, before 661\.00 s"):
        read_clip(Clip(str(tmp_path / "party.flac"), 661.0, 662.0))
    with pytest.raises(AudioError, match="too long"):
        read_clip(Clip(str(tmp_path / "party.flac")))
