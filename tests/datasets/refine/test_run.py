"""Whole runs on real speech: what is made, what fails, that a killed run goes on, and that it is always the same."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from voxproof.audio import Audio, loudness, read_audio, write_audio
from voxproof.corpora import Problems, read_manifest
from voxproof.datasets.refine import check_disjoint, refine, silence, sound, steps
from voxproof.errors import CorpusError
from voxproof.files import write_aside

RATE = 16_000
EVERYTHING = """
- filter: {shortest: 1.0, label: [real, fake], language: [en]}
- silence: {leading: randomise, trailing: remove, most: 0.3}
- resample: {rate: 8000}
- concatenate: {by: [speaker, label], seconds: 3, gap: 0.2}
- loudness: {lufs: -30}
- cut: {seconds: 1.5, shortest: 1}
- balance: {by: label}
- splits: {shares: {train: 0.5, dev: 0.25, test: 0.25}, disjoint: [speaker, text, page, generator]}
- check: {disjoint: [speaker]}
- pictures: {size: [64, 96]}
"""


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder but for the lock."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def rows_of(folder):
    return list(read_manifest(folder / "manifest.tsv", Problems(strict=True)))


def test_everything_at_once(clips, plan, tmp_path):
    manifest = clips(4)
    manifest.write_text(manifest.read_text().replace("\ten\tSentence 0 of anna", "\tde\tSentence 0 of anna"))
    asked = plan(EVERYTHING)
    done = refine(asked, tmp_path / "set")
    rows = rows_of(tmp_path / "set")
    assert len(rows) == done.rows == len({row.id for row in rows}) == len({row.path for row in rows})
    assert done.labels["real"] == done.labels["fake"] > 5
    assert set(done.splits) == {"train", "dev", "test"}
    assert done.problems == 0
    assert done.hours == pytest.approx(sum(row.duration_s for row in rows) / 3600, abs=1e-4)
    check_disjoint(rows, ["speaker", "text", "page", "generator"])
    for row in rows:
        audio = read_audio(tmp_path / "set" / row.path)
        assert audio.rate == 8_000
        assert audio.duration == row.duration_s
        assert 1.0 <= audio.duration <= 1.5
        assert 1 <= len(json.loads(row.extra["sources"])) <= 2
        assert row.speaker in json.loads(row.extra["sources"])[0]
        with Image.open(tmp_path / "set" / "pictures" / row.split / row.label / f"{row.id}.png") as picture:
            assert (picture.mode, picture.size) == ("L", (96, 64))
    assert (tmp_path / "set" / "plan.yaml").read_bytes() == asked.read_bytes()
    files = tree(tmp_path / "set")
    assert sum(name.endswith(".flac") for name in files) == sum(name.endswith(".png") for name in files) == len(rows)
    assert f"{len(rows)} rows" in str(done)
    assert "dropped: 1 filter 1" in str(done)


def test_processes_and_folders_make_no_difference(clips, plan, tmp_path):
    clips(4)
    asked = plan(EVERYTHING)
    refine(asked, tmp_path / "one", workers=1)
    refine(asked, tmp_path / "two", workers=2)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    moved = tmp_path / "moved"
    moved.mkdir()
    (tmp_path / "corpus").rename(moved / "corpus")
    (moved / "asked.yaml").write_bytes(asked.read_bytes())
    refine(moved / "asked.yaml", tmp_path / "three")
    assert tree(tmp_path / "one") == tree(tmp_path / "three")


def test_another_seed_makes_another_set(clips, plan, tmp_path):
    clips(4)
    refine(plan(EVERYTHING, seed=0), tmp_path / "zero")
    refine(plan(EVERYTHING, seed=1), tmp_path / "one")
    assert not {row.id for row in rows_of(tmp_path / "zero")} & {row.id for row in rows_of(tmp_path / "one")}


def test_windows_are_the_samples_of_the_source(clips, plan, tmp_path):
    clips(2)
    refine(plan("- cut: {seconds: 0.75, shortest: 0.4}"), tmp_path / "set")
    rows = rows_of(tmp_path / "set")
    assert Counter(row.duration_s for row in rows) == {0.75: 16, 0.5: 8}
    source = read_audio(tmp_path / "corpus" / "clips" / "anna0.flac").samples
    found = [read_audio(tmp_path / "set" / row.path).samples for row in rows if "anna0" in row.extra["sources"]]
    assert np.array_equal(np.concatenate(found), source)
    assert all(row.original_sample_rate == RATE for row in rows)


def test_stretches_of_one_recording(tmp_path, plan, voice_path, speech):
    rows = [(1.0, 2.5), (2.5, 4.0), (4.0, 5.5), (5.5, 7.5), (7.5, 0.0)]
    lines = ["path\tstart_s\tend_s", *(f"{voice_path('anna')}\t{start}\t{end or ''}" for start, end in rows)]
    (tmp_path / "m.tsv").write_text("\n".join(lines) + "\n")
    refine(plan("- filter: {longest: 2.1}", manifest="m.tsv"), tmp_path / "set")
    made = rows_of(tmp_path / "set")
    assert [row.duration_s for row in made] == [1.5, 1.5, 1.5, 2.0, pytest.approx(speech.duration - 7.5, abs=1e-5)]
    assert {(row.start_s, row.end_s) for row in made} == {(0.0, 0.0)}
    whole = np.concatenate([read_audio(tmp_path / "set" / row.path).samples for row in made])
    assert np.array_equal(whole, speech.samples[RATE:])


def test_splits_that_are_not_disjoint_end_the_run(clips, plan, tmp_path, monkeypatch):
    clips(2)
    by_text = "- splits: {shares: {train: 0.5, dev: 0.5}, disjoint: text}\n"
    with pytest.raises(CorpusError, match="the splits are not disjoint: speaker"):
        refine(plan(f"{by_text}- check: {{disjoint: speaker}}"), tmp_path / "checked")
    monkeypatch.setattr(steps, "deal", lambda rows, *_, **__: [("train", "dev")[n % 2] for n in range(len(rows))])
    with pytest.raises(CorpusError, match="the splits are not disjoint: speaker"):
        refine(plan(by_text.replace("text", "speaker")), tmp_path / "dealt")
    assert not list(tmp_path.glob("*/manifest.tsv"))[1:]  # the corpus's own alone


def test_every_row_is_as_loud_as_asked(clips, plan, tmp_path):
    clips(1)
    refine(plan("- loudness: {lufs: -30}\n- resample: {rate: 8000}"), tmp_path / "set")
    for row in rows_of(tmp_path / "set"):
        audio = read_audio(tmp_path / "set" / row.path)
        assert (audio.rate, loudness(audio)) == (8_000, pytest.approx(-30, abs=3))  # what was above 4 kHz is gone


def test_silence_goes_and_every_length_comes(clips, plan, tmp_path, speech):
    folder = clips(1).parent
    words = speech.samples[8_000:40_000]
    for file in (folder / "clips").iterdir():
        start = int(1000 + 3000 * "abcd".index(file.name[0]))
        write_audio(file, Audio(np.concatenate([np.zeros(start, np.float32), words]), RATE))
    text = (folder / "manifest.tsv").read_text()
    (folder / "manifest.tsv").write_text(text.replace("\t2\t", "\t\t"))  # lengths are then asked of the files
    refine(plan("- silence: {leading: remove}"), tmp_path / "removed")
    removed = [read_audio(tmp_path / "removed" / row.path) for row in rows_of(tmp_path / "removed")]
    assert len(removed) == 4
    assert {sound.spoken(one, 35)[0] < 0.011 for one in removed} == {True}
    refine(plan("- silence: {leading: randomise, most: 0.5}"), tmp_path / "random")
    audios = [read_audio(tmp_path / "random" / row.path) for row in rows_of(tmp_path / "random")]
    leads = [sound.spoken(one, 35)[0] for one in audios]
    assert max(leads) - min(leads) > 0.05
    assert max(leads) <= 0.511


def test_what_fails_is_told_and_the_rest_is_made(clips, plan, tmp_path):
    manifest = clips(2)
    folder = manifest.parent / "clips"
    (folder / "anna0.flac").unlink()
    (folder / "ben0.flac").write_bytes(b"RIFF" + bytes(100))
    write_audio(folder / "carl0.flac", Audio(np.zeros(32_000, np.float32), RATE))
    whole = (folder / "dora0.flac").read_bytes()
    (folder / "dora0.flac").write_bytes(whole[: len(whole) // 2])
    lines = manifest.read_text().splitlines()
    manifest.write_text("\n".join([*lines, lines[2], "broken"]) + "\n")
    done = refine(plan("- silence: {leading: remove}\n- loudness: {lufs: -23}"), tmp_path / "set")
    assert done.rows == 4
    assert {row.speaker for row in rows_of(tmp_path / "set")} == {"anna", "ben", "carl", "dora"}
    told = (tmp_path / "set" / "problems.tsv").read_text().splitlines()
    assert told[0] == "file\tline\twhat"
    assert done.problems == len(told) - 1 == 6
    for name, why in (
        ("anna0", "no such file"),
        ("ben0", "ben0"),
        ("carl0", "nothing but silence"),
        ("dora0", "truncated"),
        ("manifest.tsv", "columns where the head has"),
        ("anna1", "there twice"),
    ):
        assert any(name in line and why in line for line in told), (name, told)
    assert "problems: 6" in str(done)


def test_a_file_that_fails_at_the_end_costs_its_row(clips, plan, tmp_path):
    folder = clips(2).parent / "clips"
    (folder / "ben0.flac").write_bytes(b"fLaC" + bytes(100))
    done = refine(plan("- concatenate: {by: [speaker, label], seconds: 9}"), tmp_path / "set")
    assert (done.rows, done.problems) == (7, 1)
    assert "ben0.flac" in (tmp_path / "set" / "problems.tsv").read_text()
    assert len([name for name in tree(tmp_path / "set") if name.endswith(".flac")]) == 7


def test_nothing_left_is_one_line(clips, plan, tmp_path):
    folder = clips(1).parent / "clips"
    with pytest.raises(CorpusError, match=r"step 2 \(filter\) left none of 4 rows"):
        refine(plan("- filter: {}\n- filter: {shortest: 5}"), tmp_path / "a")
    for file in folder.iterdir():
        file.write_bytes(b"fLaC" + bytes(100))
    with pytest.raises(CorpusError, match=r"no row is left; the first problem: .*anna0"):
        refine(plan("- resample: {rate: 8000}"), tmp_path / "b")
    with pytest.raises(CorpusError, match=r"left none of 4 rows; the first problem: .*anna0"):
        refine(plan("- silence: {leading: remove}"), tmp_path / "c")
    for file in folder.iterdir():
        file.unlink()
    with pytest.raises(CorpusError, match=r"no row to begin with; the first problem: .*no such file"):
        refine(plan("- resample: {rate: 8000}"), tmp_path / "d")
    assert not list(tmp_path.glob("[abcd]/manifest.tsv"))


def test_what_is_there_is_kept_and_what_does_not_belong_goes(clips, plan, tmp_path):
    manifest = clips(4)
    asked, out = plan(EVERYTHING), tmp_path / "set"
    refine(asked, out)
    before = tree(out)
    times = {name: (out / name).stat().st_mtime_ns for name in before if name.endswith((".flac", ".png"))}
    lost = next(name for name in before if name.endswith(".flac"))
    (out / lost).unlink()
    drawn = next(name for name in before if name.endswith(".png") and Path(lost).stem not in name)
    (out / drawn).unlink()
    left = Path(lost).with_name(f".{Path(lost).stem}-0123abcd.flac")
    (out / left).write_bytes(b"half")
    stale = out / "pictures" / "train" / "real" / f"{'0' * 24}.png"
    stale.write_bytes(b"of another run")
    (out / ".manifest-0123abcd.tsv").write_bytes(b"half")
    (out / "audio" / "notes.txt").write_bytes(b"not ours")
    refine(asked, out)
    after = tree(out)
    assert after.pop("audio/notes.txt") == b"not ours"
    assert after == before
    same = {name for name, at in times.items() if (out / name).stat().st_mtime_ns == at}
    assert set(times) - same == {lost, drawn}
    # Another manifest under the same plan: rows move, and no picture stays where it was.
    lines = manifest.read_text().splitlines()
    manifest.write_text("\n".join(line for line in lines if "anna" not in line) + "\n")
    refine(asked, out)
    rows = rows_of(out)
    assert len([name for name in tree(out) if name.endswith(".png")]) == len(rows)
    assert {row.speaker for row in rows} == {"ben", "carl", "dora"}


def test_silence_is_looked_for_once(clips, plan, tmp_path, monkeypatch):
    clips(2)
    asked = plan("- silence: {leading: remove}")
    refine(asked, tmp_path / "set")
    monkeypatch.setattr(silence, "spoken", None)  # would fail if it were called
    refine(asked, tmp_path / "set")


def test_a_folder_of_something_else_is_refused(clips, plan, tmp_path):
    manifest = clips(1)
    before = manifest.read_bytes()
    asked = plan("- loudness: {lufs: -23}")
    with pytest.raises(CorpusError, match="is what the plan begins with"):
        refine(asked, manifest.parent)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.tsv").write_text("mine")
    with pytest.raises(CorpusError, match=r"holds a manifest\.tsv of something else"):
        refine(asked, tmp_path / "other")
    assert (tmp_path / "other" / "manifest.tsv").read_text() == "mine"
    assert manifest.read_bytes() == before
    refine(asked, tmp_path / "set")
    with pytest.raises(CorpusError, match="another plan"):
        refine(plan("- loudness: {lufs: -20}"), tmp_path / "set")
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusError, match="cannot be written"):
        refine(asked, tmp_path / "file" / "set")


def test_two_runs_in_one_folder(clips, plan, tmp_path):
    from filelock import FileLock

    clips(1)
    (tmp_path / "set").mkdir()
    with FileLock(tmp_path / "set" / ".lock"), pytest.raises(CorpusError, match="another run works in this folder"):
        refine(plan("- loudness: {lufs: -23}"), tmp_path / "set")


def test_a_full_disk_ends_the_run(clips, plan, tmp_path, monkeypatch):
    """It is no problem of a row: all others would fail as well."""
    from voxproof.datasets.refine import making
    from voxproof.errors import AudioError

    def full(path, audio):
        with write_aside(path, AudioError):
            raise OSError(28, "No space left on device")

    clips(1)
    monkeypatch.setattr(making, "write_audio", full)
    with pytest.raises(AudioError, match="No space left"):
        refine(plan("- loudness: {lufs: -23}"), tmp_path / "set")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_run_goes_on(clips, plan, tmp_path, workers):
    clips(16)
    asked, out = plan(EVERYTHING.replace("[64, 96]", "[256, 256]")), tmp_path / "killed"
    command = [sys.executable, "-m", "voxproof", "dataset", "refine", str(asked), "-o", str(out)]
    child = subprocess.Popen(
        [*command, "--workers", str(workers)], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    while len(list(out.glob("audio/*/[!.]*.flac"))) < 4 and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    assert child.returncode == -signal.SIGKILL, child.stderr.read().decode()
    assert not (out / "manifest.tsv").exists()
    there = {path: path.stat().st_mtime_ns for path in out.glob("audio/*/[!.]*.flac")}
    refine(asked, tmp_path / "undisturbed")
    made = rows_of(tmp_path / "undisturbed")
    assert 4 <= len(there) < len(made)
    refine(asked, out, workers=workers)
    assert tree(out) == tree(tmp_path / "undisturbed")
    assert all(path.stat().st_mtime_ns == at for path, at in there.items())
