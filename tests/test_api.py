"""enroll, clone, convert, detect: what goes in, what comes out, and what is refused."""

import io
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import voxproof as vp
from voxproof.audio import Audio
from voxproof.audio.writing import wav_bytes
from voxproof.errors import AudioError, ConsentError, ModelError, TextError
from voxproof.provenance import read_manifest, read_mark
from voxproof.speakers import load_encoder, save_voice

Voices = Callable[[str], Path]
SENTENCE = "The quick brown fox jumps over the lazy dog."


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees or touches the voices and models of whoever runs it."""
    monkeypatch.setenv("VOXPROOF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VOXPROOF_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def anna(voices: dict[str, Audio]) -> vp.Voice:
    return vp.enroll(voices["anna"], name="anna", consent="a reader for the public domain")


@pytest.fixture(scope="module")
def ben(voices: dict[str, Audio]) -> vp.Voice:
    return vp.enroll(voices["ben"], name="ben")


@pytest.fixture(scope="module")
def hello(anna: vp.Voice) -> Audio:
    return vp.clone(SENTENCE, anna)


def test_every_kind_of_recording_gives_the_same_voice(voice_path: Voices, anna: vp.Voice, speech: Audio) -> None:
    with voice_path("anna").open("rb") as file:
        voices = [
            vp.enroll(voice_path("anna")),
            vp.enroll(str(voice_path("anna"))),
            vp.enroll(file, name="anna"),
            vp.enroll(voice_path("anna").read_bytes(), name="anna"),
            vp.enroll(speech.samples, rate=16_000, name="anna"),
        ]
    for voice in voices:
        assert voice.name == "anna"
        np.testing.assert_allclose(voice.embedding, anna.embedding, atol=1e-5)
    assert 150 < anna.f0 < 300
    assert anna.consent is not None
    assert voices[0].consent is None


def test_voices_differ_and_are_themselves(voices: dict[str, Audio], anna: vp.Voice, ben: vp.Voice) -> None:
    half = len(voices["anna"].samples) // 2
    halves = [vp.enroll(Audio(part, 16_000)) for part in (voices["anna"].samples[:half], voices["anna"].samples[half:])]
    same = float(halves[0].embedding @ halves[1].embedding)
    other = float(anna.embedding @ ben.embedding)
    assert same > other + 0.1


def test_names_that_files_have(tmp_path: Path, speech: Audio) -> None:
    (tmp_path / "a: b?.wav").write_bytes(wav_bytes(speech))
    assert vp.enroll(tmp_path / "a: b?.wav").name == "voice", "a stem that cannot be a name is not taken for one"
    with pytest.raises(vp.VoxproofError, match="name"):
        vp.enroll(speech, name="")
    with pytest.raises(AudioError, match="no reference"):
        vp.enroll()


def test_a_clone_is_marked_and_says_what_it_is(hello: Audio, anna: vp.Voice, tmp_path: Path) -> None:
    assert hello.manifest is not None
    assert hello.manifest["text"] == SENTENCE
    assert hello.manifest["consent"]["note"] == "a reader for the public domain"
    assert {card["name"] for card in hello.manifest["cards"]} >= {"cantor", "pulsar"}
    assert read_mark(hello).payload == hello.manifest["payload"]
    hello.save(tmp_path / "hello.wav")
    assert (tmp_path / "hello.wav.json").exists()
    verdict = vp.detect(tmp_path / "hello.wav")
    assert verdict.label == "fake"
    assert [finding.kind for finding in verdict.findings] == ["watermark", "manifest"]
    assert "made by a machine" in str(verdict)


def test_the_same_seed_gives_the_same_speech(anna: vp.Voice) -> None:
    one, two = (vp.clone("Once again.", anna, seed=3) for _ in range(2))
    assert len(one.samples) == len(two.samples)
    assert one.manifest is not None
    assert one.manifest["seed"] == 3


def test_a_clone_moves_with_the_speaker(anna: vp.Voice, ben: vp.Voice) -> None:
    from voxproof.features import f0

    pitches = {}
    for voice in (anna, ben):
        audio = vp.clone(SENTENCE, voice)
        pitch = f0(audio.samples, audio.rate)
        pitches[voice.name] = float(np.median(pitch[pitch > 0]))
    assert pitches["anna"] == pytest.approx(anna.f0, rel=0.2)
    assert pitches["ben"] == pytest.approx(ben.f0, rel=0.2)


def test_streaming_gives_the_sentences(anna: vp.Voice) -> None:
    text = f"{SENTENCE} Then it sleeps. It wakes again."
    pieces = vp.clone(text, anna, stream=True)
    assert iter(pieces) is pieces
    heard = list(pieces)
    assert len(heard) == 3
    assert all(read_mark(piece).present for piece in heard)
    told: list[tuple[int, float]] = []
    whole = vp.clone(text, anna, progress=lambda count, seconds: told.append((count, seconds)))
    assert [count for count, _ in told] == [0, 1, 2, 3]
    assert told[-1][1] == pytest.approx(whole.duration, abs=0.01)


def test_ssml_and_pronunciations(anna: vp.Voice, tmp_path: Path) -> None:
    document = "<speak>Hello. <break time='1.5s'/> <emphasis>You</emphasis> there.</speak>"
    whole = vp.clone(document, anna)
    assert whole.manifest is not None
    assert whole.manifest["text"] == document
    assert read_mark(whole).present
    pieces = list(vp.clone(document, anna, stream=True))
    assert len(pieces) == 2
    assert pieces[0].duration > 1.5
    assert sum(piece.duration for piece in pieces) == pytest.approx(whole.duration, abs=0.01)
    with pytest.raises(TextError, match="line 1, column"):
        vp.clone("<speak>Hello.", anna)


def test_a_word_is_said_as_the_user_says(anna: vp.Voice, tmp_path: Path) -> None:
    usual = vp.clone("XQJ.", anna)
    (tmp_path / "words.yaml").write_text("XQJ: /ki/\n", "utf-8")
    by_file = vp.clone("XQJ.", anna, pronunciations=tmp_path / "words.yaml")
    by_mapping = vp.clone("XQJ.", anna, pronunciations={"xqj": "K IY1"})
    assert len(by_file.samples) == len(by_mapping.samples)
    assert by_file.duration < 0.7 * usual.duration
    assert by_file.manifest is not None
    assert by_file.manifest["settings"]["pronunciations"] == 1
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "pronunciations.yaml").write_text("XQJ: K IY1\n", "utf-8")
    assert len(vp.clone("XQJ.", anna).samples) == len(by_file.samples)
    with pytest.raises(TextError, match="No such file"):
        vp.clone("Hello.", anna, pronunciations=tmp_path / "missing.yaml")


def test_voices_by_name_and_by_recordings(voices: dict[str, Audio], anna: vp.Voice, voice_path: Voices) -> None:
    save_voice(anna)
    by_name = vp.clone("Hello.", "anna")
    assert by_name.manifest is not None
    assert by_name.manifest["voice"] == "anna"
    several = vp.clone("Hello.", [voice_path("dora"), voices["dora"]])
    assert several.manifest is not None
    assert [source["role"] for source in several.manifest["sources"]] == ["reference"] * 2
    with pytest.raises(vp.VoxproofError, match="anna"):
        vp.clone("Hello.", "nobody")


def test_what_spoils_a_clone_is_told(voices: dict[str, Audio]) -> None:
    with pytest.warns(UserWarning, match="s of speech"):
        vp.clone("Hello.", Audio(voices["ben"].samples[:48_000], 16_000))
    with pytest.warns(UserWarning, match="emoji"):
        vp.clone("Hello 😀.", voices["ben"])


def test_refusals(anna: vp.Voice, ben: vp.Voice, speech: Audio) -> None:
    with pytest.raises(TextError, match="empty"):
        vp.clone(" ", anna)
    with pytest.raises(ModelError, match="no cloner"):
        vp.clone("Hello.", anna, engine="nothing")
    with pytest.raises(vp.VoxproofError, match="speed"):
        vp.clone("Hello.", anna, speed=3.0)
    with pytest.raises(ConsentError, match="empty"):
        vp.clone("Hello.", ben, consent="")
    with pytest.raises(AudioError, match="silence"):
        vp.clone("Hello.", Audio(np.zeros(32_000, np.float32), 16_000))
    with pytest.raises(AudioError, match="rate="):
        vp.detect(speech.samples)
    with pytest.raises(ModelError, match="nothing"):
        vp.detect(speech, model="nothing")
    stranger = vp.Voice("x", np.float32([0.6, 0.8]), "another-encoder", 3.0)  # type: ignore[arg-type]
    with pytest.raises(vp.VoxproofError, match="enroll it again"):
        vp.clone("Hello.", stranger)


def test_conversion(voices: dict[str, Audio], anna: vp.Voice, ben: vp.Voice, tmp_path: Path) -> None:
    moved = vp.convert(voices["carl"], anna)
    assert moved.duration == pytest.approx(voices["carl"].duration, abs=0.05)
    assert moved.manifest is not None
    assert moved.manifest["kind"] == "conversion"
    assert read_mark(moved).payload == moved.manifest["payload"]
    moved.save(tmp_path / "moved.flac")
    manifest = read_manifest(tmp_path / "moved.flac")
    assert manifest is not None
    assert manifest.voice == "anna"
    encoder = load_encoder()
    nearer, farther = (float(encoder.embed(moved) @ voice.embedding) for voice in (anna, ben))
    assert nearer > farther
    with pytest.raises(AudioError, match="no speech"):
        vp.convert(Audio(np.zeros(32_000, np.float32), 16_000), anna)
    with pytest.raises(ModelError, match="nothing"):
        vp.convert(voices["carl"], anna, engine="nothing")


def test_detect_takes_what_sounds(voice_path: Voices, speech: Audio) -> None:
    of_path = vp.detect(voice_path("anna"))
    of_file = vp.detect(io.BytesIO(voice_path("anna").read_bytes()))
    of_array = vp.detect(speech.samples, rate=16_000)
    assert of_path.label == "real"
    assert of_path.llr == pytest.approx(of_file.llr, abs=1e-4) == pytest.approx(of_array.llr, abs=1e-4)
    assert of_path.findings == ()


def test_a_manifest_is_not_believed_blindly(hello: Audio, speech: Audio, tmp_path: Path) -> None:
    """Put beside a real recording, a manifest proves nothing; broken, it is told and ends nothing."""
    hello.save(tmp_path / "clone.wav")
    Audio(speech.samples, speech.rate).save(tmp_path / "real.wav")
    (tmp_path / "real.wav.json").write_bytes((tmp_path / "clone.wav.json").read_bytes())
    moved = vp.detect(tmp_path / "real.wav")
    assert moved.label == "real"
    assert "altered" in str(moved)
    (tmp_path / "real.wav.json").write_text('{"tool": "voxproof", "kind": "poem"}')
    broken = vp.detect(tmp_path / "real.wav")
    assert broken.label == "real"
    assert "not valid" in str(broken)


def test_text_that_cannot_be_written(anna: vp.Voice, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        audio = vp.clone("Hello \udcff there.", anna)
    audio.save(tmp_path / "out.wav")
    assert (tmp_path / "out.wav.json").exists()
