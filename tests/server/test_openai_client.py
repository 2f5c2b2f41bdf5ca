"""The official client of OpenAI's API, pointed at a server of ours."""

import base64
import io
import json
from collections.abc import Iterator

import numpy as np
import openai
import pytest

import voxproof
from voxproof.audio import read_audio
from voxproof.provenance import read_manifest

TEXT = "The ferry leaves at six. Nobody will wait for you on the other side of the river."


@pytest.fixture(scope="module")
def speaker(server) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key="none", base_url=f"{server.url}/v1", max_retries=0, timeout=120.0) as one:
        yield one


@pytest.mark.parametrize("format", ["wav", "mp3", "flac", "opus"])
def test_a_file_is_marked_and_has_its_manifest(speaker: openai.OpenAI, anna: str, format: str, tmp_path) -> None:
    file = tmp_path / f"said.{format}"
    with speaker.audio.speech.with_streaming_response.create(
        model="tts-1", voice=anna, input=TEXT, response_format=format
    ) as answer:
        answer.stream_to_file(file)
    audio = read_audio(file)
    assert 3 < audio.duration < 9
    manifest = read_manifest(file)
    assert manifest is not None
    assert (manifest.kind, manifest.voice, manifest.text) == ("clone", "anna", TEXT)
    assert manifest.consent is not None
    assert manifest.consent.note == "a public recording, used for a test"
    verdict = voxproof.detect(file)
    assert verdict.label == "fake"
    found = {finding.kind: finding for finding in verdict.findings}
    assert found["watermark"].details["payload"] == manifest.payload
    assert found["manifest"].details["state"] == "streamed"
    assert found["manifest"].synthetic


def test_mp3_is_what_comes_when_nothing_is_asked_for(speaker: openai.OpenAI, anna: str) -> None:
    answer = speaker.audio.speech.create(model="gpt-4o-mini-tts", voice=anna, input="Hello there.")
    assert answer.response.headers["content-type"] == "audio/mpeg"
    assert read_audio(io.BytesIO(answer.content)).duration > 0.4


def test_pcm_comes_sentence_by_sentence(speaker: openai.OpenAI, anna: str) -> None:
    text = " ".join(["This is one of several sentences, and each of them is sent when it was spoken."] * 4)
    with speaker.audio.speech.with_streaming_response.create(
        model="tts-1", voice=anna, input=text, response_format="pcm", speed=1.5, extra_body={"seed": 3, "rate": 16000}
    ) as answer:
        pieces = list(answer.iter_bytes())
    samples = np.frombuffer(b"".join(pieces), "<i2")
    assert 8 < len(samples) / 16_000 < 25
    assert len(pieces) >= 4


def test_events_carry_the_same_file(speaker: openai.OpenAI, anna: str) -> None:
    with speaker.audio.speech.with_streaming_response.create(
        model="gpt-4o-mini-tts", voice=anna, input=TEXT, response_format="flac", stream_format="sse"
    ) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in answer.iter_lines() if line]
    assert all(line.startswith("data: ") for line in lines)
    *deltas, done = (json.loads(line.removeprefix("data: ")) for line in lines)
    assert done["type"] == "speech.audio.done"
    assert {one["type"] for one in deltas} == {"speech.audio.delta"}
    assert len(deltas) >= 2  # sentence by sentence
    data = b"".join(base64.b64decode(one["audio"]) for one in deltas)
    assert 3 < read_audio(io.BytesIO(data)).duration < 9
    assert voxproof.detect(data).label == "fake"


def test_the_same_seed_says_the_same(speaker: openai.OpenAI, anna: str) -> None:
    said = [
        speaker.audio.speech.create(
            model="tts-1", voice=anna, input="Once more.", response_format="pcm", extra_body={"seed": seed}
        ).content
        for seed in (1, 1)
    ]
    first, second = (np.frombuffer(one, "<i2").astype(np.float64) for one in said)
    assert len(first) == len(second)
    assert np.corrcoef(first, second)[0, 1] > 0.98  # the mark carries the time, so not the very samples


def test_errors_are_the_clients_own(speaker: openai.OpenAI, anna: str) -> None:
    with pytest.raises(openai.NotFoundError, match="no voice is called 'nobody'") as caught:
        speaker.audio.speech.create(model="tts-1", voice="nobody", input="Hello.")
    assert caught.value.code == "voice_not_found"
    with pytest.raises(openai.NotFoundError, match="no model of that name"):
        speaker.audio.speech.create(model="other", voice=anna, input="Hello.")
    for text, said in (("...", "punctuation"), ("<speak>Hello", "SSML"), (" ", "empty")):
        with pytest.raises(openai.BadRequestError, match=said):
            speaker.audio.speech.create(model="tts-1", voice=anna, input=text)
    with pytest.raises(openai.BadRequestError, match="speed: "):
        speaker.audio.speech.create(model="tts-1", voice=anna, input="Hello.", speed=4.0)
    with pytest.raises(openai.BadRequestError, match="response_format: "):
        speaker.audio.speech.create(model="tts-1", voice=anna, input="Hello.", response_format="aac")
    with pytest.raises(openai.APIStatusError, match="make it a job") as too_long:
        speaker.audio.speech.create(model="tts-1", voice=anna, input="Word. " * 1000)
    assert too_long.value.status_code == 413


def test_what_is_left_out_is_told(client, anna: str) -> None:
    said = {"model": "tts-1", "voice": anna, "input": "Hello \N{SNOWMAN}\N{CJK UNIFIED IDEOGRAPH-4F60} there."}
    answer = client.post("/v1/audio/speech", json=said)
    assert answer.status_code == 200
    assert "left out" in answer.headers["voxproof-notes"]
    assert answer.headers["voxproof-notes"].isascii()


@pytest.mark.parametrize("voice", ["../anna", "anna.voice", "/etc/passwd", "examples/voices/anna.flac", "..", "a\0b"])
def test_a_voice_is_never_a_path(client, anna: str, voice: str, refusal) -> None:
    answer = client.post("/v1/audio/speech", json={"model": "tts-1", "voice": voice, "input": "Hello."})
    assert answer.status_code in (400, 404)
    assert "voice" in refusal(answer, answer.status_code)["message"]


def test_its_models_are_listed_and_each_can_be_asked_for(speaker: openai.OpenAI) -> None:
    names = [model.id for model in speaker.models.list()]
    assert {"voxproof", "tts-1", "detector-strong", "detector-fast"} <= set(names)
    assert [speaker.models.retrieve(name).id for name in names] == names
    with pytest.raises(openai.NotFoundError, match="there is no model of that name; there are voxproof"):
        speaker.models.retrieve("whisper-1")
