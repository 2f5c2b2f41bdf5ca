"""Long work: begun, looked at, fetched, cancelled, forgotten."""

import time
from typing import Any

import voxproof
from voxproof.audio import read_audio

PATH = "/v1/jobs"
LONG = "This sentence is said again and again, until somebody stops it. " * 1000


def until(client, number: str, *statuses: str) -> dict[str, Any]:
    """The job, once it has one of these statuses."""
    end = time.monotonic() + 120
    while True:
        job = client.get(f"{PATH}/{number}").json()
        if job["status"] in statuses:
            return job
        assert time.monotonic() < end, job
        assert job["status"] in ("queued", "running"), job
        time.sleep(0.1)


def test_speech(client, anna: str, tmp_path) -> None:
    text = "One sentence. And another one. \N{SNOWMAN}"
    begun = client.post(f"{PATH}/speech", json={"input": text, "voice": anna, "response_format": "opus"})
    assert begun.status_code == 202
    number = begun.json()["id"]
    job = until(client, number, "succeeded")
    assert (job["kind"], job["done"], job["total"]) == ("speech", 2, 2)
    assert "left out" in job["notes"][0]
    result = client.get(f"{PATH}/{number}/result")
    assert result.headers["content-type"] == "audio/ogg"
    file = tmp_path / "said.opus"
    file.write_bytes(result.content)
    assert read_audio(file).duration > 1.5
    assert voxproof.detect(file).proven
    assert client.get(f"{PATH}/{number}/manifest").json()["voice"] == "anna"
    assert client.delete(f"{PATH}/{number}").json()["deleted"] is True
    assert client.get(f"{PATH}/{number}").status_code == 404


def test_detections_and_a_conversion(client, anna: str, voice_path, refusal) -> None:
    files = [("file", ("ben.flac", voice_path("ben").read_bytes())), ("file", ("x.wav", b"text text"))]
    judged = client.post(f"{PATH}/detections", files=files).json()["id"]
    moved = client.post(
        f"{PATH}/conversions", data={"voice": anna}, files={"file": voice_path("carl").read_bytes()}
    ).json()["id"]
    assert until(client, judged, "succeeded")["done"] == 2
    first, second = client.get(f"{PATH}/{judged}/result").json()["data"]
    assert first["path"] == "ben.flac"
    assert first["label"] in ("real", "fake", "uncertain")
    assert "text" in second["error"]
    refusal(client.get(f"{PATH}/{judged}/manifest"), 404)
    assert until(client, moved, "succeeded")["total"] == 1
    assert read_audio(client.get(f"{PATH}/{moved}/result").content).duration > 5
    assert client.get(f"{PATH}/{moved}/manifest").json()["kind"] == "conversion"


def test_cancelled_on_the_way(client, server, anna: str, refusal) -> None:
    number = client.post(f"{PATH}/speech", json={"input": LONG[:64_000], "voice": anna}).json()["id"]
    server.wait(lambda: client.get(f"{PATH}/{number}").json()["done"] >= 1, "it never begins")
    assert client.get(f"{PATH}/{number}/result").status_code == 409
    stopped = client.post(f"{PATH}/{number}/cancel").json()
    assert stopped["status"] == "cancelled"
    assert stopped["done"] < 900
    assert "cancelled" in refusal(client.get(f"{PATH}/{number}/result"), 409)["message"]
    assert client.post(f"{PATH}/{number}/cancel").json()["status"] == "cancelled"
    assert not list(server.folder.glob(f"*/job-{number}"))
    server.idle()


def test_one_that_fails_says_why(client, anna: str, refusal) -> None:
    number = client.post(f"{PATH}/speech", json={"input": "...", "voice": anna}).json()["id"]
    assert "punctuation" in until(client, number, "failed")["error"]
    assert "punctuation" in refusal(client.get(f"{PATH}/{number}/result"), 409)["message"]


def test_numbers_that_are_none(client, refusal) -> None:
    for number in ("x", "..", "%2e%2e%2fx", "a" * 64):
        for answer in (client.get(f"{PATH}/{number}"), client.delete(f"{PATH}/{number}")):
            assert answer.status_code in (404, 405)
            refusal(answer, answer.status_code)
