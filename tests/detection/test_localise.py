from itertools import pairwise

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.detection.localise import Segment, acoustic_cuts, join, localise
from voxproof.evaluation.splices import join as splice

RATE = 16_000


def test_a_change_of_voice_has_its_place(voices):
    anna, ben = voices["anna"].samples[RATE : 4 * RATE], voices["ben"].samples[RATE : 4 * RATE]
    whole, (boundary,) = splice([anna, ben])
    cuts = acoustic_cuts(Audio(whole, RATE))
    assert min(abs(cut - boundary) for cut in cuts) < 0.15
    assert all(later - earlier >= 0.35 for earlier, later in zip([0.0, *cuts[:-1]], cuts, strict=True))


def test_what_a_detector_hears_in_one_part_alone_is_localised(listener, voices):
    """The "machine" of this test adds a hiss around 6.5 kHz, which its detector knows."""
    real, made = voices["anna"].samples[RATE : 4 * RATE], voices["ben"].samples[RATE : 4 * RATE].copy()
    hiss = np.fft.rfft(np.random.default_rng(0).standard_normal(len(made)))
    place = np.fft.rfftfreq(len(made), 1 / RATE)
    hiss[(place < 6000) | (place > 7000)] = 0
    hiss = np.fft.irfft(hiss, len(made))
    whole, (boundary,) = splice([real, made + 0.1 * made.std() * hiss / hiss.std()])
    detector = listener(6000.0, 7000.0)
    detector._ratio = lambda samples, heard=detector._ratio: 8 * (heard(samples) + 0.8)
    found = localise(Audio(whole, RATE), detector)
    assert [segment.label for segment in found] == ["real", "fake"]
    assert found[0].end == found[1].start == pytest.approx(boundary, abs=0.25)
    assert (found[0].start, found[1].end) == (0.0, pytest.approx(len(whole) / RATE))
    assert found[1].as_dict().keys() == {"start", "end", "label", "llr"}


def test_pieces_that_say_the_same_are_joined(detector):
    edges = [0.0, 1.0, 2.0, 3.5, 5.0]
    parts = join(edges, np.array([-2.0, -2.2, 3.0, 3.2]), detector)
    assert [(part.start, part.end, part.label) for part in parts] == [(0.0, 2.0, "real"), (2.0, 5.0, "fake")]
    assert parts[1].llr == pytest.approx(3.1)
    assert len(join(edges, np.array([-2.0, -2.2, -2.1, -2.3]), detector)) == 1


def test_parts_cover_the_whole(voices, detector):
    parts = localise(voices["dora"], detector)
    assert all(isinstance(part, Segment) for part in parts)
    assert parts[0].start == 0.0
    assert parts[-1].end == pytest.approx(voices["dora"].duration)
    assert all(a.end == b.start for a, b in pairwise(parts))


def test_where_nobody_speaks_there_are_no_parts(detector):
    assert localise(np.zeros(3 * RATE, np.float32), detector, rate=RATE) == []
    assert localise(np.random.default_rng(0).normal(0, 0.1, 3 * RATE), detector, rate=RATE) == []
