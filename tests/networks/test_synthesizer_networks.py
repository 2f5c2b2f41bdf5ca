"""Tacotron 2, FastSpeech 2 and the decoder of Matcha-TTS: sizes, padding, gradients, and their parts by hand."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from voxproof.networks.fastspeech2 import FastSpeech2, FastSpeech2Config, FeedForwardTransformer  # noqa: E402
from voxproof.networks.location_attention import LocationSensitiveAttention  # noqa: E402
from voxproof.networks.matcha import SIGMA_MIN, FlowDecoder, MatchaConfig  # noqa: E402
from voxproof.networks.self_attention import SelfAttention  # noqa: E402
from voxproof.networks.tacotron2 import Tacotron2, Tacotron2Config, ZoneoutCell  # noqa: E402

SMALL_TACOTRON = Tacotron2Config(
    20, encoder=16, prenet=12, attention=8, location_filters=4, location_kernel=5, decoder=24, postnet=16, reduction=2
)
SMALL_FASTSPEECH = FastSpeech2Config(20, hidden=16, filter=32, kernel=3, predictor=16, reduction=2)
SMALL_FLOW = MatchaConfig(condition=12, n_mels=8, channels=16, middle=1)


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)
    torch.set_num_threads(1)


def size(module):
    return sum(parameter.numel() for parameter in module.parameters())


def test_sizes_are_near_those_of_the_papers():
    """The common implementation of Tacotron 2 for one speaker has 28.2 M, FastSpeech 2 27 M, Matcha-TTS 18.2 M."""
    tacotron = Tacotron2(Tacotron2Config(56))
    per_speaker = 257 * 4 * 1024 * 2 + 257 * 128 + 257 * 81  # what the embedding adds to LSTMs, attention, outputs
    assert size(tacotron) - per_speaker - size(tacotron.pitch) == pytest.approx(28.2e6, rel=0.01)
    assert size(FastSpeech2(FastSpeech2Config(56))) == pytest.approx(27.0e6, rel=0.01)
    matcha = FastSpeech2Config(56, hidden=192, encoder_layers=6, filter=768, kernel=3, predictor=256, decoder="flow")
    assert size(FastSpeech2(matcha)) == pytest.approx(18.2e6, rel=0.1)


def test_attention_is_the_papers():
    attention = LocationSensitiveAttention(6, 5, 4, 3, 3)
    query, memory, before = torch.randn(1, 6), torch.randn(1, 7, 5), torch.rand(1, 2, 7)
    mask = torch.tensor([[1.0, 1, 1, 1, 1, 0, 0]])
    context, weights = attention(query, memory, attention.keys(memory), before, mask)
    expected = np.full(7, -np.inf)
    with torch.no_grad():
        padded = torch.nn.functional.pad(before[0], (1, 1))
        for j in range(5):
            features = (attention.convolution.weight * padded[:, j : j + 3]).sum((1, 2))
            inner = attention.query.weight @ query[0] + attention.memory(memory[0, j])
            inner = torch.tanh(inner + attention.location.weight @ features)
            expected[j] = float(attention.energy.weight[0] @ inner)
    expected = np.exp(expected - expected.max())
    assert weights[0].detach().numpy() == pytest.approx(expected / expected.sum(), abs=1e-5)
    torch.testing.assert_close(context, (weights.unsqueeze(-1) * memory).sum(1))


def test_zoneout_keeps_old_values_in_training_and_mixes_at_work():
    cell = ZoneoutCell(4, 2_000, 0.1)
    x, old = torch.randn(1, 4), torch.ones(1, 2_000)
    kept = (cell.train()(x, old, old)[0] == 1.0).float().mean()
    assert 0.06 < float(kept) < 0.14
    new = cell.cell(x, (old, old))[0]
    torch.testing.assert_close(cell.eval()(x, old, old)[0], 0.1 * old + 0.9 * new)


def tacotron_inputs(net, batch=2, steps=6, phonemes=9):
    c = net.config
    symbols = torch.randint(1, c.symbols, (batch, phonemes))
    speaker = net.speaker(torch.nn.functional.normalize(torch.randn(batch, 256), dim=1), torch.full((batch,), 4.8))
    heard = torch.randn(batch, steps * c.reduction, c.n_mels)
    return symbols, speaker, heard, 2.0 * torch.randint(0, 2, (batch, steps, 2, c.prenet)).float()


def test_teacher_forcing_says_what_single_steps_say():
    net = Tacotron2(SMALL_TACOTRON).eval()
    symbols, speaker, heard, dropout = tacotron_inputs(net)
    memory, mask = net.encode(symbols, speaker), torch.ones(symbols.shape)
    made, stops, alignment = net.decoder(memory, mask, heard, dropout)
    state, keys = net.decoder.start(memory), net.decoder.attention.keys(memory)
    last = torch.zeros(2, 80)
    for number in range(6):
        seen = net.decoder.prenet(last, dropout[:, number])
        frames, stop, state = net.decoder.step(seen, state, memory, keys, mask)
        torch.testing.assert_close(frames.reshape(2, 2, 80), made[:, 2 * number : 2 * number + 2])
        torch.testing.assert_close(stop, stops[:, number])
        last = heard[:, 2 * number + 1]
    torch.testing.assert_close(state.attention[:, 1], alignment.sum(1))


def test_states_do_not_depend_on_padding():
    net = Tacotron2(SMALL_TACOTRON).eval()
    symbols, speaker, _, _ = tacotron_inputs(net)
    symbols[1, 6:] = 0
    both = net.encode(symbols, speaker, [9, 6])
    alone = net.encode(symbols[1:, :6], speaker[1:])
    torch.testing.assert_close(both[1:, :6], alone, atol=1e-5, rtol=1e-4)


def without_gradient(net):
    return {name for name, p in net.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0}


def test_every_parameter_of_tacotron_learns():
    net = Tacotron2(SMALL_TACOTRON).train()
    symbols, speaker, heard, dropout = tacotron_inputs(net)
    coarse, stop, _ = net.decoder(net.encode(symbols, speaker), torch.ones(symbols.shape), heard, dropout)
    mel = net.refine(coarse, torch.ones(2, 12, 1))
    pitch = net.pitch(mel, speaker, torch.ones(2, 12, 1))
    (coarse.square().sum() + mel.square().sum() + stop.sum() + pitch.square().sum()).backward()
    assert without_gradient(net) == set()


def spoken(net, symbols, frames):
    """Mel of symbols that all last equally long, by everything that the network predicts."""
    batch, count = symbols.shape
    states = net.encode(symbols, torch.full((batch, 256), 1 / 16.0), torch.full((batch,), 4.8))
    index = torch.arange(frames).mul(count).div(frames, rounding_mode="floor").expand(batch, -1)
    out = net.frames(states, index, torch.rand(batch, frames, 3))
    pitch, energy = net.variances(out, torch.ones(batch, frames, 1))
    return states, pitch, energy, net.adapt(out, pitch, energy)


@pytest.mark.parametrize("decoder", ["transformer", "flow"])
def test_every_parameter_of_fastspeech_learns(decoder):
    net = FastSpeech2(FastSpeech2Config(20, hidden=16, filter=32, predictor=16, decoder=decoder, flow={"channels": 16}))
    states, pitch, energy, frames = spoken(net, torch.randint(1, 20, (2, 6)), 24)
    mask = torch.ones(2, 24, 1)
    mel = net.decode(frames, mask) if net.flow is None else net.flow.loss(torch.randn(2, 24, 80), frames, mask)
    loss = mel.square().sum() + pitch.square().sum() + energy.sum() + net.prior_mel(states).square().sum()
    (loss + net.log_durations(states, torch.ones(2, 6, 1)).square().sum()).backward()
    assert without_gradient(net) == set()


def test_a_clip_does_not_depend_on_its_batch():
    net = FastSpeech2(SMALL_FASTSPEECH).eval()
    blocks = FeedForwardTransformer(2, SMALL_FASTSPEECH).eval()
    x = torch.randn(2, 10, 16)
    mask = torch.ones(2, 10, 1)
    mask[1, 7:] = 0
    torch.testing.assert_close(blocks(x * mask, mask)[1:, :7], blocks(x[1:, :7], mask[1:, :7]), atol=1e-5, rtol=1e-4)
    mask[1, 6:] = 0
    both, alone = net.decode(x * mask, mask)[1:, :6], net.decode(x[1:, :6], mask[1:, :6])
    torch.testing.assert_close(both, alone, atol=1e-5, rtol=1e-4)


def test_heads_that_do_not_fit_are_an_error():
    with pytest.raises(ValueError, match="do not split"):
        SelfAttention(10, 3)
    with pytest.raises(ValueError, match="transformer or flow"):
        FastSpeech2(FastSpeech2Config(20, decoder="wavenet"))


def test_the_loss_of_a_flow_is_zero_for_the_velocity_that_leads_to_the_mel():
    mel, frames, mask = torch.randn(3, 12, 8), torch.randn(3, 12, 12), torch.ones(3, 12, 1)
    flow = FlowDecoder(SMALL_FLOW)
    assert float(flow.loss(mel, frames, mask)) > 1.0

    def exact(x, frames, time, mask):
        left = 1.0 - (1.0 - SIGMA_MIN) * time.reshape(-1, 1, 1)
        noise = (x - time.reshape(-1, 1, 1) * mel) / left
        return mel - (1.0 - SIGMA_MIN) * noise

    flow.forward = exact
    assert float(flow.loss(mel, frames, mask)) < 1e-4


def test_a_flow_learns_to_reach_a_mel_from_noise():
    flow = FlowDecoder(SMALL_FLOW)
    optimiser = torch.optim.Adam(flow.parameters(), 1e-2)
    goal, frames, mask = 2.0 * torch.randn(1, 12, 8), torch.randn(1, 12, 12), torch.ones(1, 12, 1)
    for _ in range(90):
        loss = flow.loss(goal.expand(8, -1, -1), frames.expand(8, -1, -1), mask.expand(8, -1, -1))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        x = noise = torch.randn(1, 12, 8)
        for step in range(4):
            x = x + flow(x, frames, torch.full((1,), step / 4), mask) / 4
    assert float((x - goal).abs().mean()) < 0.4 * float((noise - goal).abs().mean())
