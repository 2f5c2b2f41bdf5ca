"""`voxproof clone`: what it writes, what it says, and what it refuses."""

import json
import os
import pty
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import voxproof
from voxproof.audio import Audio, read_audio, write_audio
from voxproof.provenance import read_manifest, read_mark

Run = Callable[..., Any]
Voices = Callable[[str], Path]
Listing = Callable[[Path], list[str]]

SENTENCE = "The quick brown fox jumps over the lazy dog."
BAD = ["missing", "empty", "letter", "picture", "silence", "music", "noise", "word", "nan", "cut"]


def test_a_clone_is_written_marked_and_told(run: Run, voice_path: Voices, tmp_path: Path, listing: Listing) -> None:
    out = tmp_path / "fox.wav"
    done = run("clone", SENTENCE, "--voice", voice_path("anna"), "-o", out, "--seed", "7")
    assert done.code == 0
    assert listing(tmp_path) == ["fox.wav", "fox.wav.json"]
    audio, manifest = read_audio(out), read_manifest(out)
    assert 1.0 < audio.duration < 8.0
    assert manifest is not None
    assert (manifest.kind, manifest.text, manifest.voice, manifest.seed) == ("clone", SENTENCE, "anna", 7)
    assert [source.name for source in manifest.sources] == ["anna.flac"]
    reading = read_mark(audio)
    assert (reading.present, reading.payload) == (True, manifest.payload)
    told = re.fullmatch(r"(.+): ([\d.]+) s of speech in [\d.]+ s, RTF [\d.]+; marked, manifest in (.+)\n", done.out)
    assert told is not None
    assert (told[1], told[3]) == (str(out), "fox.wav.json")
    assert float(told[2]) == pytest.approx(audio.duration, abs=0.06)
    assert "--consent" in done.err
    assert voxproof.detect(out).label == "fake"


def test_consent_is_kept_and_nothing_is_noted(run: Run, voice_path: Voices, tmp_path: Path) -> None:
    out = tmp_path / "fox.flac"
    done = run("clone", SENTENCE, "--voice", voice_path("ben"), "-o", out, "--consent", "Ben agreed on 3 May")
    assert (done.code, done.err) == (0, "")
    manifest = read_manifest(out)
    assert manifest is not None
    assert manifest.consent is not None
    assert manifest.consent.note == "Ben agreed on 3 May"
    assert run("clone", SENTENCE, "--voice", voice_path("ben"), "-o", out, "--consent", " ").code == 2


def test_json(run: Run, voice_path: Voices, tmp_path: Path) -> None:
    out = tmp_path / "fox.wav"
    done = run("clone", f"{SENTENCE} 😀", "--voice", voice_path("anna"), "-o", out, "--json")
    facts = json.loads(done.out)
    assert facts["path"] == str(out)
    assert json.loads(Path(facts["manifest_path"]).read_text("utf-8")) == facts["manifest"]
    assert facts["rtf"] == pytest.approx(facts["elapsed_seconds"] / facts["seconds"], abs=0.01)
    assert any("😀" in note for note in facts["notes"])
    assert [f"voxproof: note: {note}" for note in facts["notes"]] == done.err.splitlines()


@pytest.mark.parametrize("suffix", [".mp3", ".opus"])
def test_the_mark_is_in_coded_files_too(suffix: str, run: Run, voice_path: Voices, tmp_path: Path) -> None:
    out = tmp_path / f"fox{suffix}"
    assert run("clone", SENTENCE, "--voice", voice_path("anna"), "-o", out).code == 0
    manifest = read_manifest(out)
    assert manifest is not None
    assert read_mark(out).payload == manifest.payload


def test_text_from_a_file_and_from_stdin(run: Run, voice_path: Voices, tmp_path: Path) -> None:
    texts = {
        "plain": SENTENCE.encode(),
        "marked": b"\xef\xbb\xbf" + SENTENCE.encode(),
        "windows": SENTENCE.encode("utf-16"),
    }
    for name, data in texts.items():
        (tmp_path / name).write_bytes(data)
        done = run(
            "clone", "-f", tmp_path / name, "--voice", voice_path("anna"), "-o", tmp_path / f"{name}.wav", "--json"
        )
        assert json.loads(done.out)["manifest"]["text"] == SENTENCE
    for dash in (["-"], ["-f", "-"]):
        done = run(
            "clone", *dash, "--voice", voice_path("anna"), "-o", tmp_path / "in.wav", "--json", stdin=SENTENCE.encode()
        )
        assert json.loads(done.out)["manifest"]["text"] == SENTENCE
    # The same words, voice and seed give the same sound, wherever the words come from.
    sounds = [read_audio(tmp_path / f"{name}.wav").samples for name in texts]
    assert all(len(sound) == len(sounds[0]) for sound in sounds)


@pytest.mark.parametrize(
    ("arguments", "stdin", "mentions"),
    [
        ([], b"", "there is no text"),
        ([""], b"", "empty"),
        (["  \n "], b"", "empty"),
        (["-"], b"", "empty"),
        (["... !? -- ;"], b"", "nothing in the text can be spoken"),
        (["😀 🚀 😀"], b"", "emoji"),
        (["Привет, как дела?"], b"", "Cyrillic"),
        (["\x07\x1b\x08"], b"", "control character"),
        (["-"], b"a" * 100_001, "100,001 characters"),
        (["-"], b"a" * 3_000_000, "characters and the limit is 100,000"),
        (["-"], b"Gr\xfc\xdfe", "not UTF-8"),
        (["-"], b"\x7fELF\0\0\0\0", "no text file"),
        (["Hello.", "-f", "there.txt"], b"", "not both"),
        (["-f", "/nowhere/there.txt"], b"", "no such file"),
        (["-f", "/"], b"", "folder"),
    ],
)
def test_bad_text(
    arguments: list[str], stdin: bytes, mentions: str, run: Run, voice_path: Voices, tmp_path: Path, listing: Listing
) -> None:
    done = run("clone", *arguments, "--voice", voice_path("anna"), "-o", tmp_path / "out.wav", stdin=stdin)
    assert done.code == 2
    assert mentions in done.refusal
    assert listing(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("Hello 😀 there.", "emoji"),
        ("Hello, мир, and welcome.", "Cyrillic"),
        ("Hello\x07 there\x1b.", "control character"),
        ("Hello there \udcff.", "�"),  # a byte that is not UTF-8, as Python gives it on
    ],
)
def test_what_is_left_out_is_told(text: str, left_out: str, run: Run, voice_path: Voices, tmp_path: Path) -> None:
    done = run("clone", text, "--voice", voice_path("anna"), "-o", tmp_path / "out.wav", "--consent", "yes")
    assert done.code == 0
    assert done.err.count("\n") == 1
    assert left_out in done.err
    assert done.err.rstrip("\n").isprintable()


def test_every_sentence_is_said(run: Run, voice_path: Voices, tmp_path: Path) -> None:
    one, four = tmp_path / "one.wav", tmp_path / "four.wav"
    run("clone", SENTENCE, "--voice", voice_path("anna"), "-o", one)
    run("clone", " ".join([SENTENCE] * 4), "--voice", voice_path("anna"), "-o", four)
    pauses = 3 * 0.35
    assert read_audio(four).duration == pytest.approx(4 * read_audio(one).duration + pauses, rel=0.05)


def test_speed(run: Run, voice_path: Voices, tmp_path: Path) -> None:
    seconds = {}
    for speed in ("0.5", "1", "2"):
        run("clone", SENTENCE, "--voice", voice_path("anna"), "-o", tmp_path / "out.wav", "--speed", speed)
        seconds[speed] = read_audio(tmp_path / "out.wav").duration
    assert seconds["0.5"] > 1.6 * seconds["1"] > 2.5 * seconds["2"]
    for speed in ("0.49", "2.01", "nan"):
        done = run("clone", SENTENCE, "--voice", voice_path("anna"), "-o", tmp_path / "no.wav", "--speed", speed)
        assert (done.code, "speed" in done.refusal) == (2, True)


def test_rate(run: Run, voice_path: Voices, tmp_path: Path) -> None:
    done = run("clone", SENTENCE, "--voice", voice_path("anna"), "-o", tmp_path / "wide.flac", "--rate", "24000")
    assert done.code == 0
    audio = read_audio(tmp_path / "wide.flac")
    assert audio.rate == 24_000
    assert read_mark(audio).present
    refused = run("clone", SENTENCE, "--voice", voice_path("anna"), "-o", tmp_path / "x.wav", "--rate", "44100")
    assert refused.code == 2
    assert "24000 Hz can be made, not 44100 Hz" in refused.err
    assert not (tmp_path / "x.wav").exists()


def test_ssml_from_a_file(run: Run, voice_path: Voices, tmp_path: Path) -> None:
    document = f"<speak><prosody rate='slow'>{SENTENCE}</prosody><break time='2s'/><voice>Yes.</voice></speak>"
    (tmp_path / "text.ssml").write_text(document, "utf-8")
    out = tmp_path / "out.wav"
    done = run("clone", "-f", tmp_path / "text.ssml", "--voice", voice_path("anna"), "-o", out, "--consent", "yes")
    assert done.code == 0
    assert done.err == "voxproof: note: left out of the speech: <voice>\n"
    run("clone", f"{SENTENCE} Yes.", "--voice", voice_path("anna"), "-o", tmp_path / "plain.wav")
    assert read_audio(out).duration > read_audio(tmp_path / "plain.wav").duration + 2.0
    done = run("clone", "<speak>\n<break time='x'/>Go.</speak>", "--voice", voice_path("anna"), "-o", out)
    assert (done.code, "line 2, column 1" in done.refusal) == (2, True)


def test_pronunciations(run: Run, voice_path: Voices, tmp_path: Path) -> None:
    words = tmp_path / "words.tsv"
    words.write_text("fox\tan exceptionally uncommon animal\n", "utf-8")
    seconds = []
    for extra in ([], ["--pronunciations", words]):
        run("clone", SENTENCE, "--voice", voice_path("anna"), "-o", tmp_path / "out.wav", *extra)
        seconds.append(read_audio(tmp_path / "out.wav").duration)
    assert seconds[1] > seconds[0] + 0.5
    words.write_text("fox\tF AA1 K S\ndog\t/dʘɡ/\n", "utf-8")
    out = tmp_path / "no.wav"
    for file, mentions in ((words, "line 2: 'dog'"), (tmp_path / "no.yaml", "No such file")):
        done = run("clone", SENTENCE, "--voice", voice_path("anna"), "-o", out, "--pronunciations", file)
        assert (done.code, mentions in done.refusal, out.exists()) == (2, True, False)


def test_voices_by_name_by_file_and_of_several_recordings(run: Run, voice_path: Voices, tmp_path: Path) -> None:
    assert run("enroll", voice_path("anna"), "--name", "J. Smith").code == 0
    assert run("voices", "export", "J. Smith", "-o", tmp_path / "smith.voice").code == 0
    for voice in ("J. Smith", str(tmp_path / "smith.voice")):
        done = run("clone", SENTENCE, "--voice", voice, "-o", tmp_path / "out.wav", "--json")
        assert json.loads(done.out)["manifest"]["voice"] == "J. Smith"
    cut = {}
    for number, samples in enumerate(np.array_split(read_audio(voice_path("dora")).samples, 2)):
        cut[number] = tmp_path / f"dora{number}.wav"
        write_audio(cut[number], Audio(samples, 16_000))
    done = run("clone", SENTENCE, "--voice", cut[0], "--voice", cut[1], "-o", tmp_path / "out.wav", "--json")
    assert [source["name"] for source in json.loads(done.out)["manifest"]["sources"]] == ["dora0.wav", "dora1.wav"]
    unknown = run("clone", SENTENCE, "--voice", "nobody", "-o", tmp_path / "no.wav")
    assert unknown.code == 2
    assert "nobody" in unknown.refusal
    assert "J. Smith" in unknown.refusal


@pytest.mark.parametrize("kind", BAD)
def test_bad_references(
    kind: str,
    bad_recordings: dict[str, tuple[Path, str]],
    run: Run,
    tmp_path: Path,
    listing: Listing,
) -> None:
    path, mentions = bad_recordings[kind]
    done = run("clone", SENTENCE, "--voice", path, "-o", tmp_path / "out.wav")
    assert done.code == 2
    assert mentions in done.refusal
    assert listing(tmp_path) == []


def test_two_voices_in_one_reference_are_told_with_both_times(
    run: Run, voices: dict[str, Audio], tmp_path: Path
) -> None:
    both = np.concatenate([voices["anna"].samples, voices["ben"].samples])
    write_audio(tmp_path / "both.wav", Audio(both, 16_000))
    done = run("clone", SENTENCE, "--voice", tmp_path / "both.wav", "-o", tmp_path / "out.wav", "--consent", "both")
    assert done.code == 0
    line = next(line for line in done.err.splitlines() if "two" in line)
    assert len(re.findall(r"\d+\.\d s", line)) >= 2


@pytest.mark.parametrize(
    ("target", "mentions"),
    [
        ("missing/out.wav", "no folder"),
        ("file/out.wav", "no folder"),
        ("folder.wav", "folder"),
        ("out", "suffix"),
        ("out.doc", "suffix"),
        ("anna.flac", "one of the recordings"),
        ("/proc/out.wav", "/proc/out.wav"),
    ],
)
def test_bad_targets(
    target: str, mentions: str, run: Run, voice_path: Voices, tmp_path: Path, listing: Listing
) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "anna.flac").write_bytes(voice_path("anna").read_bytes())
    before = listing(tmp_path)
    done = run("clone", SENTENCE, "--voice", tmp_path / "anna.flac", "-o", tmp_path / target)
    assert done.code == 2
    assert mentions in done.refusal
    assert listing(tmp_path) == before
    assert (tmp_path / "anna.flac").read_bytes() == voice_path("anna").read_bytes()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere; /proc above stands in for it")
def test_read_only_folder(run: Run, voice_path: Voices, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        done = run("clone", SENTENCE, "--voice", voice_path("anna"), "-o", tmp_path / "out.wav")
    finally:
        tmp_path.chmod(0o700)
    assert (done.code, "read-only" in done.refusal) == (2, True)


def test_full_disk(process: Run, voice_path: Voices, tmp_path: Path, listing: Listing) -> None:
    """No file may grow past 8 KiB, as on a disk with no more room; an older file stays as it was."""
    import resource

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    (tmp_path / "out.wav").write_bytes(b"old")
    done = process(
        "clone",
        SENTENCE,
        "--voice",
        voice_path("anna"),
        "-o",
        tmp_path / "out.wav",
        "--consent",
        "a",
        preexec_fn=no_room,
    )
    assert done.code == 2
    assert "cannot write" in done.refusal
    assert listing(tmp_path) == ["out.wav"]
    assert (tmp_path / "out.wav").read_bytes() == b"old"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_while_it_speaks(
    number: signal.Signals, code: int, command: Run, voice_path: Voices, tmp_path: Path, listing: Listing
) -> None:
    """On a terminal progress is shown sentence by sentence; a stop in the middle leaves one line and no file."""
    arguments = ["clone", "-", "--voice", voice_path("anna"), "-o", tmp_path / "out.wav"]
    watched, terminal = pty.openpty()
    child = subprocess.Popen(
        command(*arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=terminal, env=os.environ
    )
    os.close(terminal)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{SENTENCE} ".encode() * 2000)
    child.stdin.close()
    shown = b""
    while b"sentence 3" not in shown:
        shown += os.read(watched, 4096)
    child.send_signal(number)
    try:
        while more := os.read(watched, 4096):
            shown += more
    except OSError:  # the other end is closed
        pass
    os.close(watched)
    assert child.wait(30) == code, shown[-500:]
    assert child.stdout.read() == b""
    child.stdout.close()
    assert shown.decode().splitlines()[-1].strip().endswith("nothing half-written is left")
    assert listing(tmp_path) == []
