"""Tacotron 2 and FastSpeech 2 learn from real speech, and their graphs say what the modules say."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("numba")
pytest.importorskip("onnx")
import onnxruntime  # noqa: E402

from voxproof.audio import read_audio  # noqa: E402
from voxproof.features import f0, log_mel  # noqa: E402
from voxproof.features.level import normalise_level  # noqa: E402
from voxproof.networks.cantor import MEL_MEAN, MEL_SCALE  # noqa: E402
from voxproof.networks.fastspeech2 import FastSpeech2, FastSpeech2Config  # noqa: E402
from voxproof.networks.tacotron2 import State, Tacotron2, Tacotron2Config  # noqa: E402
from voxproof.text import SYMBOLS, encode, phonemes  # noqa: E402
from voxproof.training import fastspeech2, fastspeech2_graphs, tacotron2, tacotron2_graphs  # noqa: E402
from voxproof.training.durations import align_batch, frame_mask, frames_of_phonemes, padded  # noqa: E402
from voxproof.training.transcribed import Batch  # noqa: E402

SAID = {"anna": "I knew well enough that he might be carried", "ben": "So they always acquit and then a man goes"}
TACOTRON = {"encoder": 32, "prenet": 32, "attention": 16, "location_filters": 8, "decoder": 48, "postnet": 32}
FASTSPEECH = {"hidden": 32, "filter": 64, "kernel": 3, "predictor": 32, "encoder_layers": 2, "decoder_layers": 2}
FASTSPEECH |= {"reduction": 2, "flow": {"channels": 32, "middle": 1}}


@pytest.fixture(scope="module")
def batch(voice_path):
    """The first two seconds of two voices, the second a little shorter, with about the words in them."""
    frames = [161, 150]
    symbols = [encode(phonemes(text)) for text in SAID.values()]
    mel, pitch = np.zeros((2, 162, 80), np.float32), np.zeros((2, 162, 2), np.float32)
    codes = np.zeros((2, max(map(len, symbols))), np.int64)
    register = np.zeros(2, np.float32)
    for k, (name, count) in enumerate(zip(SAID, frames, strict=True)):
        samples = normalise_level(read_audio(voice_path(name), rate=16_000).samples[: (count - 1) * 200])
        mel[k, :count] = (log_mel(samples).T - MEL_MEAN) / MEL_SCALE
        hertz = f0(samples)
        voiced = hertz > 0
        register[k] = np.log(np.median(hertz[voiced]))
        pitch[k, :count, 0][voiced] = np.clip(np.log(hertz[voiced]) - register[k], -1, 1)
        pitch[k, :count, 1] = voiced
        codes[k, : len(symbols[k])] = symbols[k]
    embedding = torch.nn.functional.normalize(torch.rand(2, 256, generator=torch.Generator().manual_seed(0)), dim=1)
    arrays = (torch.from_numpy(x) for x in (codes, register, mel, pitch))
    codes, register, mel, pitch = arrays
    return Batch(codes, embedding, register, mel, pitch, frames, [len(s) for s in symbols])


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)
    torch.set_num_threads(1)


def test_every_frame_has_a_phoneme(batch):
    durations = align_batch(torch.randn(*batch.symbols.shape, 80), batch)
    assert [int(own.sum()) for own in durations] == batch.frames
    assert [len(own) for own in durations] == batch.lengths
    index, place = frames_of_phonemes(durations, 162)
    assert index[1, : batch.frames[1]].tolist() == np.repeat(np.arange(batch.lengths[1]), durations[1]).tolist()
    assert (index[1, batch.frames[1] :] == 0).all()
    assert float(place[0, 0, 0]) == pytest.approx(0.5 / durations[0][0])
    assert padded(durations, batch.symbols.shape[1]).sum(1).tolist() == batch.frames
    assert frame_mask(batch)[..., 0].sum(1).tolist() == batch.frames


def trained(net, losses, weights, steps):
    """The loss's parts at the first and last of so many steps on one batch."""
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3)
    figures = []
    for _ in range(steps):
        parts = losses()
        loss = sum(weights[name] * value for name, value in parts.items())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        assert torch.isfinite(loss)
        figures.append({name: float(value.detach()) for name, value in parts.items()})
    return figures[0], figures[-1]


def test_tacotron_learns(batch):
    net = Tacotron2(Tacotron2Config(len(SYMBOLS), reduction=4, **TACOTRON))
    first, last = trained(net, lambda: tacotron2.losses(net, batch)[0], tacotron2._WEIGHTS, 30)
    assert last["mel"] < 0.85 * first["mel"]
    assert last["stop"] < 0.8 * first["stop"]
    assert last["guide"] < 0.9 * first["guide"]
    assert last["pitch"] < first["pitch"]


@pytest.mark.parametrize("decoder", ["transformer", "flow"])
def test_fastspeech_learns(batch, decoder):
    net = FastSpeech2(FastSpeech2Config(len(SYMBOLS), decoder=decoder, **FASTSPEECH))
    first, last = trained(net, lambda: fastspeech2.losses(net, batch), fastspeech2._WEIGHTS, 40)
    main = "flow" if decoder == "flow" else "mel"
    assert last[main] < 0.7 * first[main]
    assert last["prior"] < 0.7 * first["prior"]
    assert last["duration"] < first["duration"]


def run(path, names, **feeds):
    arrays = {name: value.numpy() for name, value in feeds.items()}
    return onnxruntime.InferenceSession(str(path)).run(names, arrays)


def close(found, expected, atol=2e-2):
    """Weights are stored in half precision."""
    np.testing.assert_allclose(found, expected.detach().numpy(), atol=atol, rtol=2e-2)


@torch.no_grad()
def test_the_graphs_of_tacotron_say_what_the_module_says(batch, tmp_path):
    net = Tacotron2(Tacotron2Config(len(SYMBOLS), reduction=2, **TACOTRON))
    tacotron2.losses(net, batch)  # running means that are not 0
    tacotron2_graphs.export(net, tmp_path)
    net.eval()
    symbols, embedding, register = batch.symbols[:1, :17], batch.embedding[:1], batch.register[:1]
    speaker = net.speaker(embedding, register)
    memory = net.encode(symbols, speaker)
    keys, state = net.decoder.attention.keys(memory), net.decoder.start(memory)
    found = run(tmp_path / "encoder.onnx", ["memory", "keys"], symbols=symbols, embedding=embedding, register=register)
    close(found[0], memory)
    close(found[1], keys)
    state = State(torch.randn_like(state.hidden), torch.randn_like(state.context), torch.rand_like(state.attention))
    window = torch.zeros(1, 17)
    window[:, 3:9] = 1.0
    dropout, last = 2.0 * torch.randint(0, 2, (1, 2, 32)).float(), torch.randn(1, 80)
    frames, stop, after = net.decoder.step(net.decoder.prenet(last, dropout), state, memory, keys, window)
    names = ["frames", "stop", "next_hidden", "next_context", "next_attention"]
    feeds = {"memory": memory, "keys": keys, "window": window, "last": last, "dropout": dropout}
    found = run(tmp_path / "decoder.onnx", names, **feeds, **state._asdict())
    for one, other in zip(found, [frames.reshape(1, 2, 80), stop, *after], strict=True):
        close(one, other)
    assert (found[4][0, 0] > 0).sum() <= 6
    mask = torch.ones(1, 31, 1)
    mel = net.refine(batch.mel[:1, :31], mask)
    feeds = {"coarse": batch.mel[:1, :31], "embedding": embedding, "register": register}
    found = run(tmp_path / "postnet.onnx", ["mel", "pitch"], **feeds)
    close(found[0], mel)
    close(found[1], net.pitch(mel, speaker, mask))


@torch.no_grad()
@pytest.mark.parametrize("decoder", ["transformer", "flow"])
def test_the_graphs_of_fastspeech_say_what_the_module_says(batch, tmp_path, decoder):
    net = FastSpeech2(FastSpeech2Config(len(SYMBOLS), decoder=decoder, **FASTSPEECH))
    fastspeech2_graphs.export(net, tmp_path)
    net.eval()
    symbols, embedding, register = batch.symbols[:1, :17], batch.embedding[:1], batch.register[:1]
    states = net.encode(symbols, embedding, register)
    names = ["states", "log_durations"]
    found = run(tmp_path / "encoder.onnx", names, symbols=symbols, embedding=embedding, register=register)
    close(found[0], states)
    close(found[1], net.log_durations(states, torch.ones(1, 17, 1)))
    index, place = frames_of_phonemes([np.full(17, 4)], 68)
    mask = torch.ones(1, 68, 1)
    frames = net.frames(states, index, place)
    pitch, energy = net.variances(frames, mask)
    feeds = {"states": states, "index": index, "place": place}
    found = run(tmp_path / "variance.onnx", ["pitch", "energy"], **feeds)
    close(found[0], pitch)
    close(found[1], energy)
    adapted = net.adapt(frames, pitch, energy)
    feeds |= {"pitch": pitch, "energy": energy}
    if net.flow is None:
        close(run(tmp_path / "decoder.onnx", ["mel"], **feeds)[0], net.decode(adapted, mask))
        return
    close(run(tmp_path / "frames.onnx", ["frames"], **feeds)[0], adapted)
    x, time = torch.randn(1, 68, 80), torch.full((1,), 0.25)
    found = run(tmp_path / "velocity.onnx", ["velocity"], mel=x, frames=adapted, time=time)
    close(found[0], net.flow(x, adapted, time, mask))
