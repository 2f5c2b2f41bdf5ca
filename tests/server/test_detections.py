"""Verdicts over HTTP."""

import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

PATH = "/v1/audio/detections"


def test_the_same_json_as_the_command_line(client, voice_path, tmp_path: Path) -> None:
    marked = tmp_path / "marked.wav"
    code = (
        "import sys, voxproof as vp; from pathlib import Path\n"
        "vp.clone('Nobody has said this.', sys.argv[1], consent='a test').save(sys.argv[2])"
    )
    subprocess.run([sys.executable, "-c", code, str(voice_path("anna")), str(marked)], check=True)
    marked.with_name("marked.wav.json").unlink()  # what is left is the comment tag
    paths = [voice_path("ben"), marked]
    command = [sys.executable, "-m", "voxproof", "detect", "--json", *map(str, paths)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    expected = [json.loads(line) for line in printed.splitlines()]
    answer = client.post(PATH, files=[("file", (path.name, path.read_bytes())) for path in paths])
    assert answer.status_code == 200
    got = answer.json()["data"]
    for one, path in zip(expected, paths, strict=True):
        one["path"] = path.name
    assert got == expected
    assert {finding["kind"] for finding in got[1]["findings"]} == {"watermark", "manifest"}


def test_one_of_several_that_cannot_be_read(client, voice_path) -> None:
    files = [("file", ("ben.flac", voice_path("ben").read_bytes())), ("file", ("b.wav", b"not a sound"))]
    answer = client.post(PATH, files=files)
    assert answer.status_code == 200
    judged, unread = answer.json()["data"]
    assert judged["label"] in ("real", "fake", "uncertain")
    assert unread == {"path": "b.wav", "error": unread["error"]}
    assert "text" in unread["error"]


def test_every_hostile_file_is_refused(client, hostile: dict[str, tuple[bytes, str]], refusal) -> None:
    names = list(hostile)
    for first in range(0, len(names), 12):
        some = names[first : first + 12]
        good = io.BytesIO()
        soundfile.write(good, np.zeros(1600, np.int16), 16_000, format="WAV")
        files = [("file", ("silence.wav", good.getvalue())), *[("file", ("x.wav", hostile[name][0])) for name in some]]
        answer = client.post(PATH, files=files)
        assert answer.status_code == 200
        for name, entry in zip(some, answer.json()["data"][1:], strict=True):
            assert hostile[name][1] in entry["error"], name
    for name in ("empty", "Opus of 8 silent hours"):
        said = refusal(client.post(PATH, files={"file": ("bomb.opus", hostile[name][0])}), 400)
        assert hostile[name][1] in said["message"]
        assert said["code"] == "invalid_audio"


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd", "..\\..\\boot.ini", "/etc/shadow", "a" * 500, "x\r\ny: z", "\u202ewav.exe", "%2e%2e/x"],
)
def test_names_of_files_are_words_alone(client, name: str) -> None:
    answer = client.post(PATH, files=[("file", (name, b"RIFF....")), ("file", ("ok.wav", b"text text"))])
    message = answer.json()["error"]["message"]
    assert answer.status_code == 400
    assert message.isprintable()
    assert "/etc" not in message
    assert len(message) < 300


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"file": "http://127.0.0.1/x.wav"}'),
        ("text/plain", b"hello"),
        ("audio/wav", b"RIFF"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--y\r\nnothing"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\nhttp://a/\r\n--x--",
        ),
        ("application/x-www-form-urlencoded", b"file=http://127.0.0.1/x.wav"),
        ("", b""),
        ("multipart/form-data; boundary=" + "b" * 5000, b""),
    ],
)
def test_wrong_bodies(client, content_type: str, body: bytes, refusal) -> None:
    refusal(client.post(PATH, content=body, headers={"Content-Type": content_type}), 400)


def test_detectors_by_name_never_by_path(client, voice_path, refusal) -> None:
    files = {"file": voice_path("ben").read_bytes()}
    answer = client.post(PATH, files=files, data={"model": "detector-fast", "explain": "true"})
    assert answer.json()["data"][0]["model"] == "detector-fast"
    assert "explanation" in answer.json()["data"][0]
    for model in ("../x", "src/voxproof/weights/detector-fast/card.yaml", "cantor", ""):
        answer = client.post(PATH, files=files, data={"model": model})
        if model:
            assert "detector-fast" in refusal(answer, 404)["message"]


def test_too_many_files(client, refusal) -> None:
    files = [("file", (f"{number}.wav", b"x")) for number in range(17)]
    assert "16" in refusal(client.post(PATH, files=files), 413)["message"]
