import shutil
from pathlib import Path

import numpy as np
import pytest

from voxproof.errors import CorpusError
from voxproof.evaluation.bank import LENGTHS, PAUSE, Bank, load_bank


def test_speakers_and_clips_come_in_manifest_order(bank: Bank) -> None:
    assert [(one.number, one.name, one.gender) for one in bank.speakers] == [
        (0, "anna", "f"), (1, "ben", "m"), (2, "carl", "m"), (3, "dora", "f"),
    ]  # fmt: skip
    assert [clip.id for clip in bank.speakers[2].references] == ["carl/reference00", "carl/reference01"]
    assert [clip.id for clip in bank.speakers[2].real] == ["carl/real00", "carl/real01"]


def test_who_says_what(bank: Bank) -> None:
    said = [[text.id for text in bank.texts_for(speaker)] for speaker in bank.speakers]
    assert said[0] == ["s00", "s01", "s02", "l00"]
    assert said[3] == ["s09", "s10", "s11", "l03"]


def test_the_texts_of_the_frozen_bank_wrap_around(real_bank: Bank) -> None:
    assert len(real_bank.speakers) == 17
    assert [text.id for text in real_bank.texts_for(real_bank.speakers[16])] == ["s01", "s02", "s03", "l01"]
    said = {text.id for speaker in real_bank.speakers for text in real_bank.texts_for(speaker)}
    assert len(said) == 16  # every text is said by somebody
    for speaker in real_bank.speakers:
        assert len(real_bank.others(speaker)) >= 7
        same, other = real_bank.sources_for(speaker)
        assert same.gender == speaker.gender != other.gender
        assert same.name != speaker.name


def test_whose_speech_is_converted(bank: Bank) -> None:
    sources = [[one.name for one in bank.sources_for(speaker)] for speaker in bank.speakers]
    # The next of the same gender, then the next of the other, in a circle.
    assert sources == [["dora", "ben"], ["carl", "dora"], ["ben", "dora"], ["anna", "ben"]]


def test_a_reference_is_clips_joined_by_silence_and_cut(bank: Bank, voices: dict) -> None:
    speaker = bank.speakers[0]
    whole = speaker.reference("all")
    pause = round(PAUSE * 16_000)
    assert len(whole.samples) == 64_000 + pause + 16_000
    np.testing.assert_allclose(whole.samples[:64_000], voices["anna"].samples[:64_000], atol=1e-4)
    assert not whole.samples[64_000 : 64_000 + pause].any()
    five = speaker.reference("5")
    assert len(five.samples) == 80_000
    np.testing.assert_array_equal(five.samples, whole.samples[:80_000])
    assert speaker.reference("30").duration == whole.duration  # never padded


@pytest.mark.parametrize("length", LENGTHS)
def test_references_of_the_frozen_bank_have_their_length(real_bank: Bank, length: str) -> None:
    duration = real_bank.speakers[2].reference(length).duration
    expected = {"5": 5.0, "10": 10.0, "30": 30.0}.get(length)
    assert duration == pytest.approx(expected) if expected else duration > 30


def test_an_unknown_length_is_refused(bank: Bank) -> None:
    with pytest.raises(CorpusError, match="'ten'"):
        bank.speakers[0].reference("ten")


def test_a_limit_takes_the_first_speakers(bank: Bank) -> None:
    assert [one.name for one in bank.some(2)] == ["anna", "ben"]
    assert len(bank.some(None)) == 4


def test_a_folder_without_a_bank_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"manifest\.tsv is missing.*--bank"):
        load_bank(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\trole\t", "\tpart\t", "column role is missing"),
        ("anna\treal\t0", "anna\tother\t0", "unknown role 'other'"),
        ("anna/real00.flac", "anna/gone.flac", "not there"),
        ("anna/real00.flac\tanna\treal\t0\tsome words\tf\t", "anna/real00.flac\tanna", "line 4 has fewer fields"),
        ("anna/real00.flac\tanna\treal", "anna/real00.flac\tanna\treference", "1 clips of the role real"),
    ],
)
def test_a_broken_manifest_says_what_is_wrong(
    bank_folder: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    copy = shutil.copytree(bank_folder, tmp_path / "bank")
    manifest = copy / "manifest.tsv"
    text = manifest.read_text(encoding="utf-8")
    assert old in text
    manifest.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        load_bank(copy)


def test_a_bank_without_long_texts_is_refused(bank_folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(bank_folder, tmp_path / "bank")
    texts = (copy / "texts.tsv").read_text(encoding="utf-8").replace("\tlong\t", "\tlonger\t")
    (copy / "texts.tsv").write_text(texts, encoding="utf-8")
    with pytest.raises(CorpusError, match="no long text"):
        load_bank(copy)
