import numpy as np
import pytest

from voxproof.errors import CorpusError
from voxproof.training.augment import KINDS, Augmenter


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_each_kind_keeps_the_number_of_samples_and_changes_them(kind, seed, speech):
    samples = speech.samples[16_000:40_000]
    changed = KINDS[kind](samples, np.random.default_rng(seed))
    assert changed.shape == samples.shape
    assert changed.dtype == np.float32
    assert np.isfinite(changed).all()
    assert np.abs(changed - samples).max() > 0
    # Still the same sound: the level stays within 6 dB.
    assert 0.5 < np.sqrt((changed**2).mean() / (samples**2).mean()) < 2.0


@pytest.mark.parametrize("kind", KINDS)
def test_silence_and_full_scale_stay_finite(kind):
    rng = np.random.default_rng(0)
    for samples in (np.zeros(16_000), np.sign(np.sin(np.arange(16_000) * 0.1))):
        assert np.isfinite(KINDS[kind](samples.astype(np.float32), rng)).all()


def test_codecs_do_not_shift_the_sound(speech):
    samples = speech.samples[16_000:48_000]
    for seed in range(6):
        coded = KINDS["codec"](samples, np.random.default_rng(seed))
        lags = np.correlate(coded[4000:12_000], samples[4200:11_800], "valid")
        assert abs(int(np.argmax(lags)) - 200) <= 8  # samples, half a millisecond


def test_the_generator_alone_decides(speech):
    augment = Augmenter(dict.fromkeys(KINDS, 0.5))
    samples = speech.samples[:24_000]
    first, again = (augment(samples, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, augment(samples, np.random.default_rng(6)))


def test_no_probability_means_no_change(speech):
    assert np.array_equal(Augmenter({})(speech.samples, np.random.default_rng(0)), speech.samples)


def test_unknown_kinds_are_named():
    with pytest.raises(CorpusError, match="no augmentation hall; there are speed"):
        Augmenter({"hall": 0.5})
