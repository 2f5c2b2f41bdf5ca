"""Voices over HTTP: enrolled with consent, listed, renamed, deleted."""

import pytest

from voxproof.audio import Audio
from voxproof.audio.writing import wav_bytes

PATH = "/v1/audio/voices"


def test_a_voice_from_its_enrolment_to_its_end(client, anna: str, voice_path, refusal) -> None:
    sample = voice_path("ben").read_bytes()
    form = {"name": "Ben Ø.", "consent": "Ben agreed"}
    made = client.post(PATH, data=form, files=[("audio_sample", sample), ("audio_sample", sample)])
    assert made.status_code == 200
    assert made.json()["seconds"] > 10
    assert made.json()["consent"]["note"] == "Ben agreed"
    assert made.json()["id"] == made.json()["name"] == "Ben Ø."
    again = client.post(PATH, data=form, files={"audio_sample": sample})
    assert "already" in refusal(again, 409)["message"]
    assert client.post(PATH, data={**form, "replace": "true"}, files={"audio_sample": sample}).status_code == 200
    names = [voice["name"] for voice in client.get(PATH).json()["data"]]
    assert {"anna", "Ben Ø."} <= set(names)
    assert client.get(f"{PATH}/Ben Ø.").json()["name"] == "Ben Ø."
    refusal(client.patch(f"{PATH}/Ben Ø.", json={"name": anna}), 409)
    assert client.patch(f"{PATH}/Ben Ø.", json={"name": "ben"}).json()["name"] == "ben"
    refusal(client.get(f"{PATH}/Ben Ø."), 404)
    assert client.delete(f"{PATH}/ben").json() == {"object": "audio.voice.deleted", "id": "ben", "deleted": True}
    refusal(client.delete(f"{PATH}/ben"), 404)


@pytest.mark.parametrize("consent", [None, "", "   "])
def test_no_voice_without_consent(client, consent: str | None, voice_path, refusal) -> None:
    form = {"name": "carl"} if consent is None else {"name": "carl", "consent": consent}
    answer = client.post(PATH, data=form, files={"audio_sample": voice_path("carl").read_bytes()})
    assert "consent" in refusal(answer, 400)["message"]
    refusal(client.get(f"{PATH}/carl"), 404)


def test_what_is_no_speech_makes_no_voice(client, speech: Audio, refusal) -> None:
    form = {"name": "nobody", "consent": "a test"}
    silence, short = Audio(0 * speech.samples, speech.rate), Audio(speech.samples[:6000], speech.rate)
    for sound in (wav_bytes(silence), wav_bytes(short), b"", b"text text"):
        answer = client.post(PATH, data=form, files={"audio_sample": ("me.wav", sound)})
        assert refusal(answer, 400)["code"] == "invalid_audio"
    refusal(client.get(f"{PATH}/nobody"), 404)


BAD = ["..", "../up", "/root", "a/b", "a\\b", ".hidden", "x.voice", "C:x", "a\nb", " a", "n" * 81, "nul\0", "\u202ex"]


@pytest.mark.parametrize("name", BAD)
def test_names_that_could_be_paths(client, anna: str, name: str, voice_path, refusal) -> None:
    sample = {"audio_sample": voice_path("anna").read_bytes()}
    answer = client.post(PATH, data={"name": name, "consent": "a test"}, files=sample)
    assert "name" in refusal(answer, 400)["message"]
    refusal(client.patch(f"{PATH}/{anna}", json={"name": name}), 400)
    quoted = "".join(f"%{byte:02X}" for byte in name.encode())
    for answer in (client.delete(f"{PATH}/{quoted}"), client.get(f"{PATH}/{quoted}")):
        assert answer.status_code in (400, 404, 405)
        refusal(answer, answer.status_code)


def test_unknown_keys_are_errors(client, anna: str, refusal) -> None:
    assert "nane" in refusal(client.patch(f"{PATH}/{anna}", json={"name": "x", "nane": "y"}), 400)["message"]
