"""Operations on sound, by values that can be worked out by hand; and what is read how often."""

import numpy as np
import pytest

from voxproof.audio import Audio, loudness, read_audio, write_audio
from voxproof.datasets.refine import pictures, sound
from voxproof.datasets.refine.pieces import Operation, Piece, Stretch, joined
from voxproof.datasets.refine.plan import Silence
from voxproof.datasets.refine.silence import edges
from voxproof.errors import AudioError

RATE = 16_000


def tone(seconds, hertz=440.0, level=0.5, rate=RATE):
    at = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hertz * at)).astype(np.float32)


def ramp(count, rate=8_000):
    return Audio(np.arange(count, dtype=np.float32) / 32_768, rate)


def piece(path, start=0.0, end=0.0):
    return Piece((Stretch(("m", path.name), 1, start, end, str(path)),))


def test_a_stretch_is_these_samples():
    kept = sound.operate(ramp(8_000), Operation("keep", (0.25, 0.5)))
    assert np.array_equal(kept.samples * 32_768, np.arange(2_000, 4_000))
    with pytest.raises(AudioError, match="nothing is left"):
        sound.operate(ramp(8_000), Operation("keep", (2.0, 3.0)))


def test_joined_sounds_have_a_gap_and_the_lowest_rate():
    whole = sound.connected([ramp(100), ramp(50)], 0.01)
    assert whole.rate == 8_000
    assert np.array_equal(np.rint(whole.samples * 32_768), [*range(100), *[0] * 80, *range(50)])
    mixed = sound.connected([Audio(tone(1.0), RATE), Audio(tone(1.0, rate=8_000), 8_000)], 0.0)
    assert (mixed.rate, len(mixed.samples)) == (8_000, 16_000)


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
def test_speech_is_where_it_is_loud(rate):
    quiet = np.zeros(round(0.3 * rate), np.float32)
    found = sound.spoken(Audio(np.concatenate([quiet, tone(1.0, rate=rate), quiet[: len(quiet) // 3]]), rate), 35)
    assert found == pytest.approx((0.3, 1.3), abs=0.011)
    soft = np.concatenate([tone(0.5, level=0.5 / 10 ** (30 / 20), rate=rate), tone(0.5, rate=rate)])
    assert sound.spoken(Audio(soft, rate), 35)[0] == 0.0  # 30 dB under the loudest
    assert sound.spoken(Audio(soft, rate), 25)[0] == pytest.approx(0.5, abs=0.011)
    with pytest.raises(AudioError, match="nothing but silence"):
        sound.spoken(Audio(np.full(rate, 1e-4, np.float32), rate), 35)


def test_edges_are_cut_and_filled_with_room_tone():
    rng = np.random.default_rng(0)
    room = (rng.standard_normal(RATE) * 0.01).astype(np.float32)
    audio = Audio(np.concatenate([room, tone(1.0)]), RATE)
    done = sound.operate(audio, Operation("edges", (1.0, 2.0, 0.5, 0.25, 7.0)))
    assert len(done.samples) == 28_000
    assert np.array_equal(done.samples[8_000:24_000], audio.samples[16_000:])
    for part in (done.samples[:8_000], done.samples[24_000:]):
        assert 0.005 < np.sqrt(np.mean(part**2)) < 0.02
    again = sound.operate(audio, Operation("edges", (1.0, 2.0, 0.5, 0.25, 7.0)))
    assert np.array_equal(done.samples, again.samples)


def silence(planned, span, random=0.5, **asked):
    """Where a row of which `span` is speech begins and ends, what is added, and its length afterwards."""
    made = edges(planned("a", span[2]), span, Silence(**asked), lambda name: random)
    (stretch,) = made.piece.stretches()
    return (stretch.start, stretch.end), [one.values[:4] for one in made.piece.operations], made.row.duration_s


def test_silence_is_kept_removed_or_of_any_length(planned):
    span = (0.3, 1.3, 2.0)
    assert silence(planned, span) == ((0.0, 0.0), [], 2.0)
    assert silence(planned, span, leading="remove") == ((0.3, 2.0), [], 1.7)
    assert silence(planned, span, leading="remove", trailing="remove") == ((0.3, 1.3), [], 1.0)
    assert silence(planned, span, leading="randomise", most=0.4) == ((0.1, 2.0), [], 1.9)
    assert silence(planned, span, leading="randomise", most=1.0) == ((0.0, 0.0), [(0.0, 2.0, 0.2, 0.0)], 2.2)
    assert silence(planned, span, trailing="randomise", most=2.0) == ((0.0, 0.0), [(0.0, 2.0, 0.0, 0.3)], 2.3)
    assert silence(planned, span, leading="remove", trailing="randomise", most=2.0) == (
        (0.0, 0.0), [(0.3, 2.0, 0.0, 0.3)], 2.0
    )  # fmt: skip


def test_level_and_rate(speech):
    level = sound.operate(speech, Operation("loudness", (-30.0,)))
    assert loudness(level) == pytest.approx(-30.0, abs=0.01)
    assert sound.operate(speech, Operation("resample", (8_000,))).rate == 8_000
    with pytest.raises(AudioError, match="silent"):
        sound.operate(Audio(np.zeros(RATE, np.float32), RATE), Operation("loudness", (-23.0,)))


def test_what_is_written_is_what_was_finished(tmp_path, speech):
    done = sound.finished(Audio(speech.samples * np.float32(0.77), RATE))
    write_audio(tmp_path / "a.flac", done)
    assert np.array_equal(read_audio(tmp_path / "a.flac").samples, done.samples)
    edge = sound.finished(Audio(np.float32([0.5, -1, 1]), RATE))
    assert np.array_equal(edge.samples * 32_768, [16_384, -32_768, 32_767])
    with pytest.raises(AudioError, match="601 s; at most 600 s"):
        sound.finished(Audio(np.zeros(601 * 4_000, np.float32), 4_000))


def test_order_counts(tmp_path):
    write_audio(tmp_path / "a.wav", Audio(np.concatenate([tone(1.0, level=0.02), tone(1.0, level=0.2)]), RATE))
    whole = piece(tmp_path / "a.wav").then("loudness", -40.0)
    before = sound.Renderer().sound(whole.kept(0.0, 1.0))
    after = sound.Renderer().sound(piece(tmp_path / "a.wav", 0.0, 1.0).then("loudness", -40.0))
    assert loudness(after) == pytest.approx(-40.0, abs=0.1)
    assert loudness(before) == pytest.approx(-60.0, abs=1.5)  # the gate hears some of the loud half
    both = sound.Renderer().sound(joined([piece(tmp_path / "a.wav", 0.0, 1.0), whole.kept(1.0, 2.0)], 0.5))
    assert both.duration == 2.5
    assert np.array_equal(both.samples[16_000:24_000], np.zeros(8_000, np.float32))


def test_a_file_is_read_once_and_a_level_taken_once(tmp_path, speech, monkeypatch):
    write_audio(tmp_path / "a.flac", speech)
    read, levelled = [], []
    monkeypatch.setattr(sound, "read_audio", lambda path: read.append(path) or read_audio(path))
    monkeypatch.setitem(sound.OPERATIONS, "loudness", lambda audio, lufs: levelled.append(lufs) or audio)
    renderer = sound.Renderer()
    for number in range(5):
        window = piece(tmp_path / "a.flac").then("loudness", -20.0).kept(number, number + 1.0).then("resample", 8_000)
        assert len(renderer.sound(window).samples) == 8_000
    assert (len(read), len(levelled)) == (1, 1)
    small = sound.Renderer(most=1)  # keeps the last one alone
    for name in ("a", "b", "a"):
        (tmp_path / f"{name}.flac").write_bytes((tmp_path / "a.flac").read_bytes())
        small.sound(piece(tmp_path / f"{name}.flac"))
    assert len(read) == 4


def test_a_stretch_has_to_be_there(tmp_path):
    write_audio(tmp_path / "a.wav", Audio(tone(2.0), RATE))
    assert sound.Renderer().sound(piece(tmp_path / "a.wav", 1.0, 2.05)).duration == 1.0  # manifests round
    with pytest.raises(AudioError, match=r"ends at 2.00 s, before 2.50 s"):
        sound.Renderer().sound(piece(tmp_path / "a.wav", 1.0, 2.5))
    with pytest.raises(AudioError, match=r"ends at 2\.00 s, before 2\.00 s"):
        sound.Renderer().sound(piece(tmp_path / "a.wav", 2.0))


@pytest.mark.parametrize("kind", sorted(pictures.KINDS))
def test_a_picture_has_low_frequencies_at_the_bottom_and_time_to_the_right(tmp_path, kind):
    samples = np.concatenate([tone(1.0, 500.0), tone(1.0, 6_000.0)])
    picture = pictures.draw(Audio(samples, RATE), kind, (100, 60))
    assert picture.shape == (100, 60)
    assert picture.max() > 190  # a pixel is the mean of several bands, in dB
    assert picture.min() < 60
    low, high = (int(picture[:, column].argmax()) for column in (15, 45))
    assert low > high
    if kind == "linear":  # 100 pixels for 8 kHz
        assert (low, high) == (pytest.approx(93, abs=1), pytest.approx(24, abs=1))
    pictures.save(tmp_path / "new" / "a.png", picture)
    from PIL import Image

    with Image.open(tmp_path / "new" / "a.png") as opened:
        assert (opened.mode, opened.size) == ("L", (60, 100))
        assert np.array_equal(np.asarray(opened), picture)


def test_a_stretch_of_a_file_that_is_too_long_to_be_read(tmp_path, speech):
    samples = np.tile(speech.samples, 660 * RATE // len(speech.samples) + 1)[: 660 * RATE]
    write_audio(tmp_path / "party.wav", Audio(samples, RATE))
    found = sound.Renderer().sound(piece(tmp_path / "party.wav", 640.0, 642.0))
    np.testing.assert_allclose(found.samples, samples[640 * RATE : 642 * RATE], atol=1e-4)
    with pytest.raises(AudioError, match="too long"):
        sound.Renderer().sound(piece(tmp_path / "party.wav"))
