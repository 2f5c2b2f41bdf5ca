import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.detection import detect_audio
from voxproof.errors import AudioError


def test_a_verdict_on_a_file(voice_path):
    verdict = detect_audio(voice_path("anna"))
    assert verdict.label in ("real", "uncertain")
    assert 0 < verdict.probability < 1
    assert verdict.model == "detector-strong"
    assert len(verdict.card_sha256) == 64
    assert verdict.warnings == ()
    assert verdict.seconds > verdict.speech_seconds > 5
    assert len(verdict.windows) > 10


def test_every_source_gives_the_same_verdict(voice_path, speech):
    path = voice_path("anna")
    by_path = detect_audio(path)
    assert detect_audio(speech) == by_path
    assert detect_audio(path.read_bytes()) == by_path
    assert detect_audio(io.BytesIO(path.read_bytes())) == by_path
    assert detect_audio(speech.samples, rate=speech.rate) == by_path


@pytest.mark.parametrize(
    ("samples", "code"),
    [
        (np.zeros(32_000), "silent"),
        (np.random.default_rng(0).normal(0, 0.1, 48_000), "no-speech"),
        (np.sin(np.arange(48_000) * 0.2) * 0.5, "no-speech"),
        (np.ones(1) * 0.5, "no-speech"),
        (np.random.default_rng(0).normal(0, 0.1, 400), "no-speech"),
    ],
)
def test_what_holds_no_speech_is_uncertain(samples, code):
    verdict = detect_audio(samples.astype(np.float32), rate=16_000)
    assert verdict.label == "uncertain"
    assert verdict.warnings[0].code == code
    assert (verdict.llr, verdict.probability) == (0.0, 0.5)
    assert str(verdict).startswith("This cannot be judged. Note: ")


def test_less_than_a_second_of_speech_is_uncertain(speech):
    verdict = detect_audio(Audio(speech.samples[8_000:20_000], 16_000))
    assert verdict.label == "uncertain"
    assert verdict.warnings[0].code in ("too-short", "no-speech")


def test_what_cannot_be_read_raises(tmp_path):
    text = tmp_path / "text.wav"
    text.write_text("no sound")
    with pytest.raises(AudioError, match=r"text\.wav"):
        detect_audio(text)


def test_a_cold_start_needs_neither_torch_nor_matplotlib(voice_path):
    program = (
        "import sys; from voxproof.detection import detect_audio; print(detect_audio(sys.argv[1]).label); "
        "print([m for m in ('torch', 'matplotlib', 'onnx', 'numba') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(voice_path("ben"))], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines()[1] == "[]"


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")
def test_memory_stays_flat(voices):
    sounds = list(voices.values())
    rng = np.random.default_rng(0)

    def some(files):
        for number in range(files):
            sound = sounds[number % len(sounds)]
            length = int(rng.uniform(0.8, 1.6) * sound.rate)
            start = int(rng.integers(0, len(sound.samples) - length))
            detect_audio(Audio(sound.samples[start : start + length], sound.rate))
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

    warm = some(40)
    assert some(160) - warm < 16  # MiB
