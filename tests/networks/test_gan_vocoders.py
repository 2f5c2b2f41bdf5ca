"""MelGAN and HiFi-GAN: sizes near the papers', lengths as vocoders owe them, gradients everywhere."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402
from torch.nn.utils.parametrize import is_parametrized  # noqa: E402

from voxproof.networks.hifigan import HIFIGAN_V1, HIFIGAN_V2, HIFIGAN_V3, HifiGan, HifiGanConfig  # noqa: E402
from voxproof.networks.melgan import MelGan, MelGanConfig  # noqa: E402
from voxproof.networks.upsampling import Upsample, channels_first, from_first_to_last_frame  # noqa: E402
from voxproof.networks.waveform_discriminators import (  # noqa: E402
    HIFIGAN_PERIODS,
    HIFIGAN_SCALES,
    MELGAN_SCALES,
    SMALL_PERIODS,
    PeriodDiscriminator,
    WaveformDiscriminator,
)
from voxproof.training.export_vocoder import without_norms  # noqa: E402
from voxproof.training.receptive_field import receptive_field  # noqa: E402

TINY = {
    "melgan": lambda: MelGan(MelGanConfig(channels=16)),
    "hifigan-v1": lambda: HifiGan(HifiGanConfig(channels=16)),
    "hifigan-v3": lambda: HifiGan(
        HifiGanConfig(channels=16, strides=(8, 5, 5), kernels=(3, 5), dilations=((1, 2), (2, 6)), paired=False)
    ),
}


@pytest.fixture(params=TINY)
def generator(request):
    torch.manual_seed(0)
    return TINY[request.param]()


def count(module):
    return sum(parameter.numel() for parameter in without_norms(module).parameters())


@pytest.mark.parametrize(
    ("build", "paper", "within"),
    [
        (MelGan, 4.26e6, 0.08),
        (lambda: HifiGan(HIFIGAN_V1), 13.92e6, 0.07),
        (lambda: HifiGan(HIFIGAN_V2), 0.92e6, 0.07),
        (lambda: HifiGan(HIFIGAN_V3), 1.46e6, 0.03),
        (lambda: WaveformDiscriminator(periods=HIFIGAN_PERIODS), 41.09e6, 0.001),
        (lambda: WaveformDiscriminator(HIFIGAN_SCALES), 29.61e6, 0.001),
        (lambda: WaveformDiscriminator(MELGAN_SCALES), 16.91e6, 0.001),
    ],
)
def test_sizes_are_near_the_papers(build, paper, within):
    assert count(build()) == pytest.approx(paper, rel=within)


@pytest.mark.parametrize("frames", [4, 5, 33])
def test_samples_reach_from_the_first_frame_to_the_last(generator, frames):
    waveform = generator(torch.randn(2, frames, 80) - 5)
    assert waveform.shape == (2, (frames - 1) * 200)
    assert waveform.abs().max() <= 1


def test_a_frame_is_heard_around_its_own_sample(generator):
    """What a change of frame 40 moves is centred on sample 40 * hop, not half a hop (100 samples) beside it.

    A step of five with a kernel of ten cannot be centred exactly: the first one is half of its 40 samples off.
    """
    torch.manual_seed(0)  # weights that let the edge of what is heard through
    for parameter in generator.parameters():  # a tiny network's first weights let hardly anything through
        nn.init.normal_(parameter, 0.0, 0.2)
    mel = torch.zeros(1, 81, 80) - 5
    changed = mel.clone()
    changed[0, 40] += 1
    with torch.no_grad():
        moved = torch.nonzero((generator.double()(changed.double()) - generator(mel.double()))[0])[:, 0]
    assert float(moved.min() + moved.max()) / 2 == pytest.approx(40 * 200, abs=60)


def test_every_parameter_learns(generator):
    generator(torch.randn(2, 12, 80) - 5).square().mean().backward()
    for name, parameter in generator.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
        assert parameter.grad.abs().sum() > 0, name


def test_strides_must_make_a_hop():
    with pytest.raises(ValueError, match="make 256 samples of a frame, not 200"):
        HifiGan(HifiGanConfig(channels=16, strides=(8, 8, 2, 2)))
    with pytest.raises(ValueError, match="not 200"):
        MelGan(MelGanConfig(channels=16, strides=(10, 5, 2)))


@pytest.mark.parametrize("stride", [2, 4, 5, 8, 10])
def test_steps_up_give_every_value_the_same_share(stride):
    up = Upsample(1, 1, stride)
    nn.init.ones_(up.weight)
    nn.init.zeros_(up.bias)
    made = up(torch.ones(1, 1, 9))[0, 0]
    assert made.shape == (9 * stride,)
    assert made[stride:-stride].tolist() == [2.0] * (7 * stride)


def test_padding_is_silence_to_the_network():
    silence = torch.full((1, 5, 80), float(np.log(1e-5)))
    assert channels_first(silence).abs().max() < 1e-6
    assert from_first_to_last_frame(torch.arange(600.0).reshape(1, 1, 600))[0].tolist() == list(range(100, 500))


def test_plain_weights_say_the_same_and_leave_the_trained_network_alone(generator):
    mel = torch.randn(1, 10, 80) - 5
    before = generator(mel)
    plain = without_norms(generator)
    assert not any(is_parametrized(part) for part in plain.modules())
    torch.testing.assert_close(plain(mel), before, atol=1e-6, rtol=1e-5)
    generator(mel).mean().backward()  # the class that a copy shares still has its weights
    assert any(is_parametrized(part) for part in generator.modules())


def test_the_receptive_field_is_what_the_layers_make_it():
    class Kernel(nn.Module):
        def __init__(self, kernel: int) -> None:
            super().__init__()
            self.convolve = nn.Conv1d(80, 200, kernel, padding=kernel // 2)

        def forward(self, mel):
            return from_first_to_last_frame(self.convolve(mel.transpose(1, 2)).transpose(1, 2).reshape(1, 1, -1))

    class Everything(Kernel):
        def forward(self, mel):
            return super().forward(mel - mel.mean(1, keepdim=True))

    # A hop's samples come of two frames, so one side is a frame farther.
    assert receptive_field(Kernel(1)) == 1
    assert receptive_field(Kernel(7)) == 4
    assert receptive_field(Kernel(101)) == 51
    assert receptive_field(Everything(1)) is None


@pytest.mark.parametrize(
    "build",
    [
        lambda: WaveformDiscriminator(periods=SMALL_PERIODS),
        lambda: WaveformDiscriminator(MELGAN_SCALES),
    ],
)
def test_discriminators_score_places_and_show_their_layers(build):
    discriminator = build()
    waveform = (0.1 * torch.randn(2, 4001)).requires_grad_()
    judgements = discriminator(waveform)
    assert len(judgements) == len(discriminator.periods) + len(discriminator.scales)
    for judgement in judgements:
        assert judgement.scores.shape[0] == 2
        assert judgement.scores.shape[1] >= 4
        assert len(judgement.features) >= 5
    sum(judgement.scores.mean() for judgement in judgements).backward()
    assert waveform.grad.abs().sum(1).min() > 0


def test_a_period_looks_at_every_so_many_samples():
    discriminator = PeriodDiscriminator(SMALL_PERIODS, 3).eval()
    one = torch.randn(1, 1, 900)
    other = one.clone()
    other[0, 0, 1::3] += 1.0
    same = (discriminator(one).features[-1] == discriminator(other).features[-1]).all(dim=2)[0].all(dim=0)
    assert same.tolist() == [True, False, True]
