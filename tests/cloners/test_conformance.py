"""What holds for every cloner, ours and those of other packages."""

import warnings
from itertools import pairwise

import numpy as np
import pytest

from voxproof import paths
from voxproof.audio import Audio
from voxproof.audio.loudness import loudness
from voxproof.cloners import cloners, load_cloner
from voxproof.errors import ModelError, TextError, VoxproofError
from voxproof.features import f0
from voxproof.speakers import Voice, enroll_voice
from voxproof.text import SYMBOLS, Pronunciations

PAGE = (
    "The ferry leaves the harbour just before the sun comes up.",
    "Nobody saw it go, for the fog was thick and the lamps were out.",
    "No.",
    "When the bell had rung for the third time, the captain asked his mate for the list, and put it away.",
    "Who was missing?",
    "They counted again: eleven men, two boys, and the dog that slept in the galley.",
)
TEXT = "The ferry leaves the harbour just before the sun comes up. Nobody saw it go."


@pytest.fixture(scope="module", params=cloners.names())
def cloner(request):
    return load_cloner(request.param)


@pytest.fixture(scope="module")
def voice(voice_path):
    return enroll_voice(voice_path("ben"), "ben")


def median_pitch(audio):
    pitch = f0(audio.samples, audio.rate)
    return float(np.median(pitch[pitch > 0]))


def test_stream_has_a_piece_a_sentence(cloner, voice):
    pieces = list(cloner.stream(TEXT, voice))
    assert len(pieces) == 2
    assert all(isinstance(piece, Audio) and piece.rate == cloner.rate for piece in pieces)
    assert all(np.abs(piece.samples).max() > 0.05 for piece in pieces)


def test_clone_is_the_collected_stream(cloner, voice):
    streamed = np.concatenate([piece.samples for piece in cloner.stream(TEXT, voice, seed=5)])
    assert np.array_equal(cloner.clone(TEXT, voice, seed=5).samples, streamed)


def test_timed_pieces_are_the_stream_with_its_phonemes(cloner, voice):
    pieces = list(cloner.timed_stream(TEXT, voice, seed=5))
    streamed = list(cloner.stream(TEXT, voice, seed=5))
    assert len(pieces) == len(streamed)
    for piece, audio in zip(pieces, streamed, strict=True):
        assert np.array_equal(piece.audio.samples, audio.samples)
        if not cloner.times_phonemes:
            assert piece.phonemes == ()
            continue
        assert set("".join(one.symbol for one in piece.phonemes)) <= set(SYMBOLS)
        assert piece.phonemes[0].start == 0.0
        assert piece.phonemes[-1].end == pytest.approx(audio.duration)
        assert all(one.end == other.start for one, other in pairwise(piece.phonemes))
        assert all(one.start <= one.end for one in piece.phonemes)
    with pytest.raises(TextError):
        cloner.timed_stream("?!", voice)


def test_length_is_that_of_speech(cloner, voice):
    words = len(TEXT.split())
    assert 0.2 < cloner.clone(TEXT, voice).duration / words < 0.8


def test_speed(cloner, voice):
    normal = cloner.clone(TEXT, voice).duration
    assert cloner.clone(TEXT, voice, speed=0.7).duration > 1.25 * normal
    assert cloner.clone(TEXT, voice, speed=1.5).duration < 0.8 * normal
    for speed in (0.0, 0.1, 9.0, float("nan")):
        with pytest.raises(VoxproofError, match="out of bounds"):
            cloner.clone(TEXT, voice, speed=speed)


def test_moves_with_the_speaker(cloner, voice, voice_path):
    other = enroll_voice(voice_path("anna"), "anna")
    registers = [median_pitch(cloner.clone(TEXT, one)) for one in (voice, other)]
    assert registers[1] > 1.5 * registers[0]  # a woman of 230 Hz, a man of 97 Hz


def test_text_without_words_fails_before_the_first_piece(cloner, voice):
    for text in ("", "   ", "?!...", "\x00\x01"):
        with pytest.raises(TextError):
            cloner.stream(text, voice)


def test_voice_of_another_space_is_refused(cloner):
    stranger = Voice("x", np.eye(1, 256, dtype=np.float32)[0], "another-encoder", 10.0)
    with pytest.raises(VoxproofError, match="enroll it again"):
        cloner.clone(TEXT, stranger)


def test_long_text_loses_no_sentence_and_keeps_its_level(cloner, voice):
    text = " ".join(f"This is sentence number {n} of a long text." for n in range(1, 13))
    pieces = list(cloner.stream(text, voice))
    assert len(pieces) == 12
    levels = [float(np.sqrt((piece.samples**2).mean())) for piece in pieces]
    assert max(levels) / min(levels) < 2.0


def test_long_text_drifts_neither_in_level_nor_in_pitch(cloner, voice):
    """A page of sentences of very different length: its first and its last tenth are as loud and as high."""
    text = " ".join(PAGE * 5)
    assert len(text) > 1500
    samples = cloner.clone(text, voice).samples
    tenth = len(samples) // 10
    first, last = (Audio(part, cloner.rate) for part in (samples[:tenth], samples[-tenth:]))
    assert loudness(first) == pytest.approx(loudness(last), abs=1.5)
    assert median_pitch(first) == pytest.approx(median_pitch(last), rel=0.05)


def test_documents_and_pronunciations_are_read(cloner, voice):
    """Every engine speaks the words of SSML and no tag; what it cannot do it leaves out with a warning."""
    plain = cloner.clone("The ferry leaves now.", voice).duration
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        document = cloner.clone("<speak>The <emphasis level='none'>ferry</emphasis> leaves now.</speak>", voice)
        known = Pronunciations({"ferry": "extraordinarily considerable ferry"})
        longer = cloner.clone("The ferry leaves now.", voice, pronunciations=known)
    assert document.duration == pytest.approx(plain, rel=0.05)
    assert longer.duration > 1.3 * plain
    with pytest.raises(TextError, match="line 1, column"):
        cloner.stream("<speak>The ferry", voice)


def test_a_pair_of_names_or_folders_is_the_native_cloner_of_these_two(voice):
    usual = load_cloner("native")
    pair = load_cloner(f"{paths.PACKAGE_WEIGHTS / 'cantor'}+pulsar")
    assert pair.name == "cantor+pulsar"
    assert [card.name for card in pair.cards] == ["cantor", "pulsar"]
    heard = [cloner.clone("The ferry leaves now.", voice).samples for cloner in (usual, pair)]
    assert np.array_equal(*heard)
    assert not np.array_equal(heard[0], load_cloner("cantor+griffinlim").clone("The ferry leaves now.", voice).samples)
    with pytest.raises(ModelError, match="no vocoder is called 'no-such-vocoder'"):
        load_cloner("cantor+no-such-vocoder")


def test_unknown_engine_lists_those_there_are():
    with pytest.raises(ModelError, match="native"):
        load_cloner("no-such-engine")
