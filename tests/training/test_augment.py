import numpy as np
import pytest
import yaml

from voxproof.errors import CorpusError
from voxproof.provenance import read_mark
from voxproof.training.augment import KINDS, Augmenter
from voxproof.training.augment.mark import mark
from voxproof.training.recipe import RECIPES


def test_the_generator_alone_decides(speech):
    augment = Augmenter(dict.fromkeys(KINDS, 0.3))
    samples = speech.samples[:24_000]
    first, again = (augment(samples, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, augment(samples, np.random.default_rng(6)))


def test_no_probability_means_no_change(speech):
    assert np.array_equal(Augmenter({})(speech.samples, np.random.default_rng(0)), speech.samples)


def test_unknown_kinds_are_named():
    with pytest.raises(CorpusError, match="no augmentation hall; there are mark, speed"):
        Augmenter({"hall": 0.5})


def test_everything_at_once_keeps_the_number_of_samples_and_is_finite(speech):
    samples = speech.samples[16_000:40_000]
    changed = Augmenter(dict.fromkeys(KINDS, 1.0))(samples, np.random.default_rng(1))
    assert changed.shape == samples.shape
    assert changed.dtype == np.float32
    assert np.isfinite(changed).all()


def test_kinds_come_as_often_as_asked_and_in_order():
    asked = {"codec": 0.3, "room": 0.1, "mark": 0.05, "noise": 0.0, "speed": 1.0}
    augment, rng = Augmenter(asked), np.random.default_rng(0)
    drawn = [augment.drawn(rng) for _ in range(20_000)]
    for kind, probability in asked.items():
        assert np.mean([kind in kinds for kinds in drawn]) == pytest.approx(probability, abs=0.012)
    order = list(KINDS)
    assert all(kinds == sorted(kinds, key=order.index) for kinds in drawn)


def test_the_chain_of_the_shipped_recipe_is_known():
    for path in RECIPES.glob("detector*.yaml"):
        Augmenter(yaml.safe_load(path.read_text(encoding="utf-8")).get("augment", {}))


def test_the_mark_is_ours_and_can_be_read(speech):
    samples = speech.samples[16_000:64_000]
    marked = mark(samples, np.random.default_rng(3))
    assert marked.shape == samples.shape
    assert read_mark(marked, rate=16_000).present
    assert not read_mark(samples, rate=16_000).present


def test_marks_carry_other_numbers_and_sometimes_another_key(speech):
    samples = speech.samples[16_000:64_000]
    readings = [read_mark(mark(samples, np.random.default_rng(seed)), rate=16_000) for seed in range(12)]
    assert {True, False} == {reading.present for reading in readings}
    payloads = [reading.payload for reading in readings if reading.present]
    assert len(set(payloads)) == len(payloads)


def test_marking_keeps_what_is_louder_than_full_scale(speech):
    samples = speech.samples[16_000:64_000] * np.float32(3)
    marked = mark(samples, np.random.default_rng(3))
    assert np.sqrt((marked**2).mean() / (samples**2).mean()) == pytest.approx(1, abs=0.05)


def test_silence_stays_unmarked_and_as_long():
    silent = np.zeros(8000, np.float32)
    assert len(mark(silent, np.random.default_rng(0))) == 8000


def test_both_classes_are_marked_equally_often(speech, voices):
    """Whatever the clip, the same draw of the generator gives it a mark or none: the class has no say."""
    from voxproof.api import clone

    real = speech.samples[16_000:56_000]
    made = clone("Nobody ever said this, and nobody will.", voices["anna"], consent="test", seed=0)
    augment = Augmenter({"mark": 0.5})
    marked = {"real": 0, "fake": 0}
    for seed in range(30):
        happened = [
            not np.array_equal(augment(samples, np.random.default_rng(seed)), samples)
            for samples in (real[:24_000], made.samples[:24_000])
        ]
        assert happened[0] == happened[1]
        marked["real"] += happened[0]
        marked["fake"] += happened[1]
    assert 8 <= marked["real"] == marked["fake"] <= 22


def test_babble_comes_from_the_voices_that_are_given(speech, voices):
    samples = speech.samples[:32_000]
    always = {"babble": 1.0}
    own = Augmenter(always)(samples, np.random.default_rng(0))
    others = Augmenter(always, [voices["ben"].samples])(samples, np.random.default_rng(0))
    assert not np.array_equal(own, others)
