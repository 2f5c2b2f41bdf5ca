"""Recordings in another voice over HTTP."""

import io

import pytest

import voxproof
from voxproof.audio import read_audio

PATH = "/v1/audio/conversions"


def test_a_recording_in_another_voice(client, anna: str, voice_path, tmp_path) -> None:
    answer = client.post(
        PATH, data={"voice": anna, "response_format": "flac"}, files={"file": voice_path("carl").read_bytes()}
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "audio/flac"
    file = tmp_path / "moved.flac"
    file.write_bytes(answer.content)
    assert abs(read_audio(file).duration - read_audio(voice_path("carl")).duration) < 0.1
    found = {finding.kind: finding for finding in voxproof.detect(file).findings}
    assert found["watermark"].synthetic
    assert found["manifest"].details["state"] == "unchanged"
    assert found["manifest"].details["kind"] == "conversion"


@pytest.mark.parametrize("data", [{"voice": "nobody"}, {}, {"voice": "../anna"}, {"response_format": "aiff"}])
def test_what_cannot_be_done(client, anna: str, data: dict[str, str], voice_path, refusal) -> None:
    answer = client.post(PATH, data=data, files={"file": voice_path("carl").read_bytes()})
    assert answer.status_code in (400, 404)
    refusal(answer, answer.status_code)


def test_there_must_be_speech(client, anna: str, refusal) -> None:
    silence = voxproof.Audio(0 * read_audio(io.BytesIO(_speech())).samples, 16_000)
    from voxproof.audio.writing import wav_bytes

    for sound in (wav_bytes(silence), b"", b"no sound, a text"):
        refusal(client.post(PATH, data={"voice": anna}, files={"file": ("x.wav", sound)}), 400)


def _speech() -> bytes:
    from pathlib import Path

    return (Path(__file__).parents[2] / "examples" / "voices" / "anna.flac").read_bytes()
