"""Speech that is still coming in, in another voice."""

from collections.abc import Iterator

import numpy as np
import pytest

import voxproof as vp
from voxproof.api import live_conversion
from voxproof.audio import Audio
from voxproof.audio.utterances import UtteranceCutter
from voxproof.converting import Conversion
from voxproof.errors import AudioError
from voxproof.provenance import Manifest, read_mark, write_marked

CONSENT = "a public recording, used for a test"


@pytest.fixture(scope="module")
def ben(voice_path) -> vp.Voice:
    return vp.enroll(voice_path("ben"))


def blocks(audio: Audio, size: int = 1_600) -> Iterator[np.ndarray]:
    for at in range(0, len(audio.samples), size):
        yield audio.samples[at : at + size]


def test_each_utterance_is_what_convert_makes_of_it(speech: Audio, ben: vp.Voice) -> None:
    pieces = list(vp.convert_stream(blocks(speech), ben, rate=16_000, seed=3, consent=CONSENT))
    cutter = UtteranceCutter(16_000)
    utterances = cutter.add(speech.samples) + cutter.end()
    assert len(pieces) == len(utterances) >= 2
    conversion = Conversion(ben, engine="ppg", seed=3)
    for piece, utterance in zip(pieces, utterances, strict=True):
        same = conversion.convert(utterance.audio, Manifest.model_validate(piece.manifest))
        np.testing.assert_array_equal(piece.samples, same.samples)
        # `convert` has a manifest of its own, so another number in the mark, and the same sound.
        whole = vp.convert(utterance.audio, ben, seed=3).samples
        assert np.corrcoef(piece.samples, whole)[0, 1] > 0.93


def test_all_pieces_carry_one_manifest_and_so_does_their_sum(voices: dict[str, Audio], ben: vp.Voice, tmp_path) -> None:
    stream = vp.convert_stream(blocks(voices["carl"], 700), ben, rate=16_000, consent=CONSENT)
    pieces = list(stream)
    facts = [dict(piece.manifest or {}) for piece in pieces]
    assert len(facts) >= 3
    assert {one["payload"] for one in facts} == {read_mark(piece).payload for piece in pieces}
    assert len({one["payload"] for one in facts}) == 1
    assert facts[0]["kind"] == "conversion"
    assert facts[0]["settings"]["live"]
    assert facts[0]["consent"]["note"] == CONSENT
    joined = Audio(np.concatenate([piece.samples for piece in pieces]), pieces[0].rate)
    write_marked(tmp_path / "all.flac", joined, Manifest.model_validate(facts[0]))
    assert vp.detect(tmp_path / "all.flac").proven


def test_a_piece_comes_before_the_next_word_is_spoken(voices: dict[str, Audio], ben: vp.Voice) -> None:
    given = 0

    def microphone() -> Iterator[np.ndarray]:
        nonlocal given
        for block in blocks(voices["ben"], 320):
            given += len(block)
            yield block

    stream = vp.convert_stream(microphone(), ben, rate=16_000)
    first = next(stream)
    assert 0 < given < 4 * 16_000 < len(voices["ben"].samples)
    assert first.duration < given / 16_000


def test_what_cannot_be_done_is_told_before_anything_is_heard(ben: vp.Voice) -> None:
    def never() -> Iterator[np.ndarray]:
        raise AssertionError("nothing is asked for yet")
        yield

    with pytest.raises(vp.VoxproofError, match="nobody"):
        vp.convert_stream(never(), "nobody", rate=16_000)
    with pytest.raises(AudioError, match="Hz"):
        vp.convert_stream(never(), ben, rate=1)
    with pytest.raises(vp.VoxproofError, match="consent"):
        vp.convert_stream(never(), ben, rate=16_000, consent=" ")
    with pytest.raises(AudioError, match="32768"):
        list(vp.convert_stream([np.zeros(100, np.int16)], ben, rate=16_000))


def test_the_voice_may_be_a_file_or_sound_of_another_rate(speech: Audio, voice_path, voices: dict[str, Audio]) -> None:
    for voice in (voice_path("ben"), [voices["ben"]], voices["ben"].samples):
        stream = vp.convert_stream(blocks(speech), voice, rate=16_000)
        manifest = next(stream).manifest
        assert manifest is not None
        assert [source["role"] for source in manifest["sources"]] == ["reference"]


def test_silence_gives_nothing(ben: vp.Voice) -> None:
    assert list(vp.convert_stream([np.zeros(48_000, np.float32)], ben, rate=48_000)) == []
    assert list(vp.convert_stream([], ben, rate=48_000)) == []


def test_a_long_session_keeps_nothing(speech: Audio, ben: vp.Voice) -> None:
    live = live_conversion(ben, rate=16_000)
    for _ in range(10):
        for block in blocks(speech):
            live.add(block)
            assert len(live._cutter._kept) < 7 * 16_000
            assert len(live._cutter._levels) < 250
