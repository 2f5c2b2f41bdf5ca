from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.errors import AudioError, VoxproofError
from voxproof.speakers import enroll_voice, load_encoder

ENCODER = "tiny-encoder"


def test_a_voice_from_a_file(voice_path: Callable[[str], Path]) -> None:
    voice = enroll_voice(voice_path("anna"), "Anna", encoder=ENCODER, consent={"note": "public domain reader"})
    assert voice.name == "Anna"
    assert voice.encoder == ENCODER
    assert 7.0 < voice.seconds < 9.2
    assert 150 < voice.f0 < 260  # a woman
    assert voice.notes == ()
    assert voice.consent == {"note": "public domain reader"}
    assert np.linalg.norm(voice.embedding) == pytest.approx(1.0, abs=1e-5)


def test_men_speak_lower(voices: dict[str, Audio]) -> None:
    pitch = {name: enroll_voice(audio, name, encoder=ENCODER).f0 for name, audio in voices.items()}
    assert max(pitch["ben"], pitch["carl"]) < min(pitch["anna"], pitch["dora"])


def test_silence_around_the_speech_does_not_matter(speech: Audio) -> None:
    pause = np.zeros(3 * 16_000, np.float32)
    padded = Audio(np.concatenate([pause, speech.samples, pause]), 16_000)
    plain, wide = (enroll_voice(audio, "a", encoder=ENCODER) for audio in (speech, padded))
    assert plain.embedding @ wide.embedding > 0.99
    assert wide.seconds == pytest.approx(plain.seconds, abs=0.5)


def test_several_references_weigh_as_much_as_they_speak(voices: dict[str, Audio]) -> None:
    encoder = load_encoder(ENCODER)
    long, short = voices["anna"], Audio(voices["dora"].samples[: 2 * 16_000], 16_000)
    both = enroll_voice([long, short], "a", encoder=ENCODER)
    alone = [enroll_voice(audio, "a", encoder=ENCODER) for audio in (long, short)]
    mean = sum(voice.seconds * voice.embedding for voice in alone)
    np.testing.assert_allclose(both.embedding, mean / np.linalg.norm(mean), atol=2e-3)
    assert both.seconds == pytest.approx(alone[0].seconds + alone[1].seconds, abs=0.02)
    assert not both.notes
    assert both.embedding.shape == (encoder.dim,)


@pytest.mark.parametrize(
    ("samples", "says"),
    [
        (np.zeros(32_000), "silen"),
        (0.3 * np.sin(np.arange(48_000) * 0.2), "no speech"),
        (0.05 * np.random.default_rng(0).standard_normal(48_000), "no speech"),
    ],
    ids=["silence", "tone", "noise"],
)
def test_what_holds_no_speech_is_refused(samples: np.ndarray, says: str) -> None:
    with pytest.raises(AudioError, match=says) as caught:
        enroll_voice(samples.astype(np.float32), "a", rate=16_000, encoder=ENCODER)
    assert "\n" not in str(caught.value)


def test_half_a_second_of_speech_is_too_little(speech: Audio) -> None:
    with pytest.raises(AudioError, match="of speech"):
        enroll_voice(Audio(speech.samples[16_000:24_000], 16_000), "a", encoder=ENCODER)


def test_a_useless_reference_of_several_is_left_out_and_said(speech: Audio) -> None:
    silence = Audio(np.zeros(32_000, np.float32), 16_000)
    voice = enroll_voice([speech, silence], "a", encoder=ENCODER)
    assert len(voice.notes) == 1
    assert "left out: reference 2: silence" in voice.notes[0]


def test_little_speech_is_said(speech: Audio) -> None:
    voice = enroll_voice(Audio(speech.samples[: 3 * 16_000], 16_000), "a", encoder=ENCODER)
    assert any("of speech" in note for note in voice.notes)


def test_wrong_calls_give_one_line(speech: Audio, tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="no reference"):
        enroll_voice([], "a", encoder=ENCODER)
    with pytest.raises(AudioError, match="rate"):
        enroll_voice(speech.samples, "a", encoder=ENCODER)
    with pytest.raises(AudioError):
        enroll_voice(tmp_path / "none.wav", "a", encoder=ENCODER)
    with pytest.raises(VoxproofError, match="name"):
        enroll_voice(speech, "", encoder=ENCODER)


def test_two_very_different_voices_are_named_with_both_times(encoder_name: str, voices: dict[str, Audio]) -> None:
    if load_encoder(encoder_name).different_below is None:
        pytest.skip("this encoder's card says of no cosine that voices are very different")
    anna, ben = voices["anna"].samples, voices["ben"].samples
    mixed = enroll_voice(Audio(np.concatenate([anna, ben]), 16_000), "a", encoder=encoder_name)
    notes = [note for note in mixed.notes if "two very different voices" in note]
    assert len(notes) == 1
    times = [float(word) for part in notes[0].split() for word in part.split("-") if word.replace(".", "").isdigit()]
    first, second = times[:2], times[2:]
    border = len(anna) / 16_000
    assert first[1] <= border + 1.0
    assert second[0] >= border - 1.0
    for name, audio in voices.items():
        assert not [note for note in enroll_voice(audio, name, encoder=encoder_name).notes if "voices" in note], name
    apart = enroll_voice([voices["anna"], voices["ben"]], "a", encoder=encoder_name)
    assert any("reference 1 and reference 2 sound like two different speakers" in note for note in apart.notes)
