"""Distances above and below 8 kHz, and the report on a folder of held-out clips."""

import csv
from pathlib import Path

import numpy as np
import pytest

from voxproof.audio import Audio, write_audio
from voxproof.bandwidth_extension import load_extension
from voxproof.errors import CorpusError
from voxproof.evaluation.band_extension import PLAIN, SIMPLE, distances, extension_report, wideband_clips
from voxproof.models import load_card, verify


@pytest.fixture(scope="module")
def wide(voices: dict[str, Audio]) -> dict[str, Audio]:
    """Two bundled voices, two seconds each, whose upper band has the simple extension's constant gains."""
    names = ("anna", "ben")
    return {name: load_extension(SIMPLE).extended(Audio(voices[name].samples[:32_000], 16_000)) for name in names}


def test_what_is_the_same_has_no_distance(wide: dict[str, Audio]) -> None:
    samples = wide["anna"].samples
    found = distances(samples, samples, samples, 12_000)
    assert (found.above, found.envelope, found.below, found.level, found.pauses) == (0, 0, 0, 0, 0)


def test_distances_in_db(wide: dict[str, Audio], voices: dict[str, Audio]) -> None:
    samples = wide["ben"].samples
    plain = load_extension(PLAIN).extend(voices["ben"].samples[:32_000])
    twice = plain + 2 * (samples - plain)
    found = distances(twice, samples, plain, 12_000)
    assert found.level == pytest.approx(6.02, abs=0.3)
    assert found.envelope == pytest.approx(6.02, abs=0.4)
    assert found.below < 0.1
    nothing = distances(plain, samples, plain, 12_000)
    assert nothing.below == 0
    assert nothing.envelope > 20
    assert nothing.level < -20


def test_only_what_the_clip_reaches_is_compared(wide: dict[str, Audio]) -> None:
    samples = wide["anna"].samples
    spectrum = np.fft.rfft(samples)
    spectrum[np.linspace(0, 12_000, len(spectrum)) > 10_500] = 0
    cut = np.fft.irfft(spectrum, len(samples)).astype(np.float32)
    assert distances(cut, samples, samples, 10_000).above < 0.5
    assert distances(cut, samples, samples, 12_000).above > 5


def folder_of(wide: dict[str, Audio], folder: Path) -> Path:
    rows = []
    for known, (name, audio) in enumerate(wide.items()):
        write_audio(folder / f"{name}.flac", audio)
        rows.append({"path": f"{name}.flac", "speaker": name, "corpus": "x", "reach": 12_000.0, "known": known})
    with (folder / "manifest.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0], delimiter="\t")
        table.writeheader()
        table.writerows(rows)
    return folder


def test_report(wide: dict[str, Audio], tmp_path: Path) -> None:
    if any(state.state != "ok" for state in verify(load_card("distillmos"))):
        pytest.skip("the package distillmos is not installed")
    clips = wideband_clips(folder_of(wide, tmp_path))
    assert [clip.known for clip in clips] == [False, True]
    report = extension_report(["halo"], clips, command="x")
    figures = report.figures["speakers that were not trained on"]
    assert set(figures) == {f"{s}, {n}" for s in ("recordings", "pulsar") for n in (PLAIN, SIMPLE, "halo")}
    right = figures[f"recordings, {SIMPLE}"]
    assert right.envelope.value < 1.5
    assert figures[f"recordings, {PLAIN}"].envelope.value > 20
    assert right.worst < -10
    assert all(abs(one.distillmos_change.value) < 0.3 for one in figures.values())
    assert report.markdown().count("| recordings | halo |") == 2


def test_other_folders_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no folder of held-out"):
        wideband_clips(tmp_path)
    (tmp_path / "manifest.tsv").write_text("path\tspeaker\na.flac\tx\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="no folder of held-out"):
        wideband_clips(tmp_path)
