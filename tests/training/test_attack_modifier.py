"""The modifier: nothing at first, bounded at last, and what it learned on some clips works on another."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from voxproof.audio import Audio  # noqa: E402
from voxproof.errors import CorpusError  # noqa: E402
from voxproof.evaluation.detector_protocol import Row  # noqa: E402
from voxproof.training.attack_battery import training_fakes  # noqa: E402
from voxproof.training.attack_modifier import (  # noqa: E402
    LARGEST_GAIN,
    N_FFT,
    SpectralModifier,
    learn_modifier,
    modifier_attack,
)


def treble(samples):
    """Level above 4 kHz over that of all, in nepers: a detector of bright sound."""
    spectrum = torch.stft(samples, N_FFT, 160, window=torch.hann_window(N_FFT), return_complex=True).abs()
    return torch.log(spectrum[80:].pow(2).mean() + 1e-9) - torch.log(spectrum.pow(2).mean() + 1e-9)


@pytest.fixture(scope="module")
def clips(voices):
    return [audio.samples[8_000:20_000] for audio in voices.values()]


def test_a_new_modifier_changes_nothing(clips):
    attack = modifier_attack(SpectralModifier().requires_grad_(False))
    np.testing.assert_allclose(attack.run(clips[0], None, np.random.default_rng(0)), clips[0], atol=1e-5)
    assert not attack.both


def test_it_learns_what_lowers_the_score_of_clips_it_never_met(clips):
    modifier = learn_modifier(treble, clips[:3], steps=10, batch=1)
    unseen = torch.from_numpy(clips[3])
    assert float(treble(modifier(unseen))) < float(treble(unseen)) - 0.3
    gains = modifier.gains.numpy()
    assert gains[100:140].mean() < 0 < gains[10:30].mean()


def test_gains_are_bounded(clips):
    modifier = SpectralModifier().requires_grad_(False)
    modifier.gains.fill_(100.0)
    samples = torch.from_numpy(clips[0])
    ratio = float(modifier(samples).norm() / samples.norm())
    assert 20 * np.log10(ratio) == pytest.approx(LARGEST_GAIN, abs=0.01)


def test_learning_is_deterministic(clips):
    first, again = (learn_modifier(treble, clips[:2], steps=2, batch=1) for _ in range(2))
    assert torch.equal(first.shares, again.shares)
    assert torch.equal(first.gains, again.gains)


def test_without_fakes_nothing_is_learned(clips):
    with pytest.raises(CorpusError, match="fakes"):
        learn_modifier(treble, [])


def test_fakes_are_those_of_training_alone(tmp_path, clips):
    rows = []
    for number, (label, split, family) in enumerate(
        [("fake", "train", "vc"), ("real", "train", ""), ("fake", "train", "codec"), ("fake", "dev", "vc")]
    ):
        path = tmp_path / f"{number}.wav"
        Audio(clips[number], 16_000).save(path)
        rows.append(Row(path, path.name, label, split, "p", "g", family, *[False] * 2, *[""] * 6, ("r", path.name)))
    broken = replace(rows[0], path=tmp_path / "none.wav", name="none.wav")
    found = training_fakes([*rows, broken], 8)
    assert len(found) == 1
    np.testing.assert_allclose(found[0], clips[0], atol=1e-4)
