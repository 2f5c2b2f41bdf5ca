"""Files that are sent while they are made."""

import io

import numpy as np
import pytest
import soundfile
from scipy.signal import correlate

from voxproof.audio import Audio, read_audio, write_audio
from voxproof.audio.encoding import StreamEncoder
from voxproof.errors import AudioError

MANIFEST = {"tool": "voxproof", "text": "Grüße"}


def pieces(speech: Audio) -> list[Audio]:
    cuts = np.split(speech.samples, [8_000, 8_000, 41_234])  # one of them empty
    return [Audio(one, speech.rate) for one in cuts]


def streamed(format: str, speech: Audio) -> list[bytes]:
    encoder = StreamEncoder(format, speech.rate, MANIFEST)
    return [*[encoder.add(one) for one in pieces(speech)], encoder.end()]


@pytest.mark.parametrize("format", ["wav", "flac", "mp3", "ogg", "opus"])
def test_pieces_make_the_file_of_the_whole(format: str, speech: Audio, tmp_path) -> None:
    sent = streamed(format, speech)
    assert len(sent[0]) > 500, "the first piece is not kept back"
    data = b"".join(sent)
    whole = tmp_path / f"whole.{format}"
    write_audio(whole, speech)
    expected, there = read_audio(whole), read_audio(data)
    assert there.rate == expected.rate
    # Where the head cannot say what to cut off, an MP3 keeps the silence that its codec puts around the sound.
    assert abs(there.duration - expected.duration) <= 0.15
    match = correlate(there.samples, expected.samples, "full")
    assert match.max() > 0.98 * np.linalg.norm(there.samples) * np.linalg.norm(expected.samples)
    assert abs(int(match.argmax()) - len(expected.samples) + 1) < 0.15 * there.rate
    with soundfile.SoundFile(io.BytesIO(data)) as file:
        assert '"tool": "voxproof"' in file.comment


@pytest.mark.parametrize("format", ["wav", "flac"])
def test_lossless_pieces_are_exact(format: str, speech: Audio) -> None:
    np.testing.assert_array_equal(read_audio(b"".join(streamed(format, speech))).samples, speech.samples)


def test_pcm_is_samples_alone(speech: Audio) -> None:
    data = b"".join(streamed("pcm", speech))
    np.testing.assert_array_equal(np.frombuffer(data, "<i2") / np.float32(32_768), speech.samples)


def test_formats_that_are_none(speech: Audio) -> None:
    with pytest.raises(AudioError, match="must be one of wav, flac, mp3, ogg, opus, pcm"):
        StreamEncoder("aiff", 16_000)
