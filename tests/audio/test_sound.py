import base64
import io
import re
import shutil

import numpy as np
import pytest

from voxproof.audio import Audio, playing, read_audio
from voxproof.errors import AudioError


def test_bounds_of_the_constructor() -> None:
    np.testing.assert_array_equal(Audio(np.array([-3.0, 0.5, 2.0]), 16_000).samples, np.float32([-1.0, 0.5, 1.0]))
    for samples in ([np.nan], [np.inf], [[0.0, 0.0]]):
        with pytest.raises(AudioError):
            Audio(np.array(samples), 16_000)
    for rate in (0, 3_999, 192_001):
        with pytest.raises(AudioError, match="Hz"):
            Audio(np.zeros(10), rate)


def test_frozen_and_short_to_print(speech: Audio) -> None:
    with pytest.raises(AttributeError):
        speech.rate = 8_000
    assert repr(speech) == "Audio(9.17 s at 16000 Hz)"
    assert repr(Audio(speech.samples, 16_000, {"a": 1})) == "Audio(9.17 s at 16000 Hz, with a manifest)"


def test_the_manifest_stays_with_resampled_audio(speech: Audio) -> None:
    assert Audio(speech.samples, 16_000, {"a": 1}).resampled(8_000).manifest == {"a": 1}
    assert speech.resampled(16_000) is speech


def test_notebook_player_holds_the_sound(speech: Audio) -> None:
    html = speech._repr_html_()
    data = base64.b64decode(re.search(r"base64,([^\"]+)", html)[1])
    np.testing.assert_allclose(read_audio(io.BytesIO(data)).samples, speech.samples, atol=1e-4)


def test_playing_runs_a_player_on_a_wav_file(speech: Audio, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A player of our own: it copies what it is given."""
    player = tmp_path / "aplay"
    player.write_text(f'#!/bin/sh\ncp "$2" {tmp_path}/played.wav\n')
    player.chmod(0o755)
    monkeypatch.setattr(playing, "PLAYERS", ((str(player), "-q"),))
    speech.play()
    assert read_audio(tmp_path / "played.wav").duration == pytest.approx(speech.duration)
    player.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(AudioError, match="sound card"):
        speech.play()


def test_playing_without_a_player(speech: Audio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(AudioError, match="save the audio"):
        speech.play()
