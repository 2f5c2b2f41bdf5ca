import numpy as np
import pytest

from voxproof.degradation.room import (
    SOUND,
    Shoebox,
    direct_to_reverberant,
    draw_room,
    image_response,
    impulse_response,
    reverberated,
    room_response,
)

BOX = Shoebox((5.0, 4.0, 3.0), (1.0, 1.5, 1.2), (3.0, 2.5, 1.6), (0.9,) * 6)


def test_direct_sound_arrives_when_and_as_loud_as_it_must():
    response = image_response(BOX, 0.1)
    distance = np.sqrt(2.0**2 + 1.0**2 + 0.4**2)
    first = int(np.flatnonzero(response)[0])
    assert first == round(distance / SOUND * 16_000)
    assert response[first] == pytest.approx(1 / (4 * np.pi * distance), rel=1e-5)


def test_first_reflection_is_that_of_the_floor():
    only_floor = Shoebox(BOX.size, BOX.source, BOX.microphone, (0, 0, 0, 0, 0.8, 0))
    response = image_response(only_floor, 0.1)
    mirrored = np.sqrt(2.0**2 + 1.0**2 + (1.2 + 1.6) ** 2)  # the source as far below the floor as it is above
    direct, floor = np.flatnonzero(response)
    assert direct == round(BOX.distance / SOUND * 16_000)
    assert floor == round(mirrored / SOUND * 16_000)
    assert response[floor] == pytest.approx(0.8 / (4 * np.pi * mirrored), rel=1e-5)


def test_without_walls_there_is_the_direct_sound_alone():
    assert np.count_nonzero(image_response(Shoebox(BOX.size, BOX.source, BOX.microphone, (0,) * 6), 0.2)) == 1


def test_images_decay_as_eyring_says():
    # Sabine's and Eyring's fields are diffuse; a real shoebox is a little slower.
    response = image_response(BOX, 0.5)
    left = 10 * np.log10(np.cumsum(response[::-1] ** 2)[::-1] / (response**2).sum())
    twenty = (np.argmax(left < -25) - np.argmax(left < -5)) / 16_000
    assert 1.0 < 3 * twenty / BOX.decay_time() < 1.8


def test_the_tail_goes_on_as_the_images_end():
    response = impulse_response(BOX, np.random.default_rng(0))
    before, after = response[640:960], response[960:1280]
    assert 0.3 < np.sqrt((after**2).mean() / (before**2).mean()) < 1.5
    assert len(response) == int(BOX.decay_time() * 16_000)
    assert response[0] == pytest.approx(1.0, abs=0.05)


def test_far_rooms_are_louder_than_the_mouth_and_near_ones_less_so():
    near, far = ([direct_to_reverberant(room_response(k, is_far)) for k in range(60)] for is_far in (False, True))
    assert max(far) < 0
    assert np.median(far) < -5 < 0 < np.median(near)


def test_everybody_stands_within_the_room():
    rng = np.random.default_rng(0)
    for number in range(200):
        box = draw_room(rng, far=number % 2 == 0)
        for place in (box.source, box.microphone):
            assert (np.array(place) > 0).all()
            assert (np.array(place) < box.size).all()
        assert 0.05 < box.decay_time() < 2


def test_a_room_is_the_same_every_time_and_cannot_be_written_to():
    kept = room_response(7)
    room_response.cache_clear()
    assert np.array_equal(kept, room_response(7))
    with pytest.raises(ValueError, match="read-only"):
        room_response(7)[0] = 0


def test_speech_stays_in_its_place(speech):
    samples = speech.samples[16_000:48_000]
    same = reverberated(samples, np.array([1, 0, 0], np.float32))
    np.testing.assert_allclose(same, samples, atol=1e-5)
