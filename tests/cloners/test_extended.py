"""A cloner with the stage that makes 24 kHz of what it says."""

import numpy as np
import pytest

import voxproof as vp
from voxproof.audio import Audio
from voxproof.bandwidth_extension import load_extension
from voxproof.cloners import ExtendedCloner, at_rate, load_cloner
from voxproof.cloners.base import Cloner
from voxproof.errors import VoxproofError
from voxproof.speakers import enroll_voice

TEXT = "She sells six shells. They were all his."


class Spoken(Cloner):
    """Says what it was given, a piece at a time."""

    name = "spoken"

    def __init__(self, rate, pieces=()):
        self.rate = rate
        self.pieces = pieces

    def stream(self, text, voice, *, speed=1.0, seed=0, pronunciations=None):
        return (Audio(piece, self.rate) for piece in self.pieces)


@pytest.fixture(scope="module")
def voice(voice_path):
    return enroll_voice(voice_path("dora"), "dora")


def test_pieces_stay_pieces_and_nothing_below_8_khz_changes(speech):
    pieces = np.split(speech.samples[:40_000], [9_001, 30_000])
    extended = ExtendedCloner(Spoken(16_000, pieces))
    made = list(extended.stream("", None))
    assert [one.rate for one in made] == [24_000] * 3
    for before, after in zip(pieces, made, strict=True):
        again = after.resampled(16_000).samples
        # On the way back soxr lets through a little of what lies just above 8 kHz.
        wanted = Audio(load_extension("resampled").extend(before), 24_000).resampled(16_000).samples
        assert np.sqrt(((again - wanted) ** 2).mean() / (wanted**2).mean()) < 0.02
    assert np.array_equal(extended.clone("", None).samples, np.concatenate([one.samples for one in made]))


def test_its_cards_name_the_extension():
    native = load_cloner("native")
    assert [card.name for card in at_rate(native, 24_000).cards] == [*(card.name for card in native.cards), "halo"]
    assert at_rate(native, 16_000) is native


def test_who_asks_for_no_rate_gets_all_that_can_be_made():
    assert at_rate(Spoken(16_000), None).rate == 24_000
    other = Spoken(22_050)
    assert at_rate(other, None) is other


@pytest.mark.parametrize(
    ("speaks", "asked", "said"),
    [(16_000, 48_000, "24000 Hz can be made, not 48000"), (22_050, 24_000, "no other rate")],
)
def test_rates_that_nobody_makes(speaks, asked, said):
    with pytest.raises(VoxproofError, match=said):
        at_rate(Spoken(speaks), asked)


def test_other_sources_are_refused():
    with pytest.raises(VoxproofError, match="speaks at 22050 Hz"):
        ExtendedCloner(Spoken(22_050))


def test_a_clone_at_24_khz_is_marked_and_says_so(voice):
    plain = vp.clone(TEXT, voice, seed=1, consent="a test", output_rate=16_000)
    wide = vp.clone(TEXT, voice, seed=1, consent="a test")
    assert (plain.rate, wide.rate) == (16_000, 24_000)
    assert wide.duration == pytest.approx(plain.duration, abs=1e-3)
    assert "halo" in [card["name"] for card in wide.manifest["cards"]]
    assert "halo" not in [card["name"] for card in plain.manifest["cards"]]
    assert wide.manifest["settings"]["rate"] == 24_000
    assert any(finding.kind == "watermark" for finding in vp.detect(wide).findings)
    power = np.abs(np.fft.rfft(wide.samples)) ** 2
    above = power[len(power) * 2 // 3 :].sum() / power.sum()
    assert 1e-5 < above < 0.2


def test_streams_come_at_24_khz_too(voice):
    pieces = list(vp.clone(TEXT, voice, consent="a test", stream=True))
    assert [piece.rate for piece in pieces] == [24_000, 24_000]
    with pytest.raises(VoxproofError, match="not 44100 Hz"):
        vp.clone(TEXT, voice, output_rate=44_100)
