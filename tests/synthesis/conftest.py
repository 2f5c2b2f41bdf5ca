"""Small untrained models of every synthesizer that brings no weights, so that its engine can be tested."""

import pytest

from voxproof.models import Card, describe_file, load_card, save_card
from voxproof.synthesis import Synthesizer, load_synthesizer, synthesizers
from voxproof.text import SYMBOLS

MATCHA = "matcha"  # FastSpeech 2 with the other decoder
SHIPPED = ("cantor",)


def export_tacotron2(folder, *, walks=True):
    """Attention that has learned nothing stands still; with `walks`, its weights are set so that it reads along."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    from voxproof.networks.tacotron2 import Tacotron2, Tacotron2Config
    from voxproof.training.tacotron2_graphs import export

    torch.manual_seed(0)
    sizes = {"encoder": 16, "prenet": 16, "attention": 3, "location_filters": 3, "location_kernel": 3, "decoder": 16}
    net = Tacotron2(Tacotron2Config(len(SYMBOLS), postnet=16, pitch_channels=16, reduction=2, **sizes))
    if walks:
        walk(net.decoder.attention)
        torch.nn.init.constant_(net.decoder.stop.bias, -5.0)  # the guard ends it, behind the last symbol
    export(net, folder)


def walk(attention):
    """Two steps at a symbol, then on to the next, by nothing but where it looked before."""
    torch = pytest.importorskip("torch")
    with torch.no_grad():
        for parameter in attention.parameters():
            parameter.zero_()
        attention.convolution.weight[0, 0, 1] = 1.0  # the weight that this symbol had in the step before
        attention.convolution.weight[1, 0, 0] = 1.0  # the weight that the symbol before it had
        attention.convolution.weight[2, 1, 1] = 1.0  # how long this symbol has been looked at in all
        attention.location.weight.copy_(torch.diag(torch.tensor([5.0, 5.0, 0.1])))
        attention.energy.weight.copy_(torch.tensor([[70.0, 40.0, -200.0]]))


def export_fastspeech2(folder, **changes):
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    from voxproof.networks.fastspeech2 import FastSpeech2, FastSpeech2Config
    from voxproof.training.fastspeech2_graphs import export

    torch.manual_seed(0)
    sizes = {"hidden": 16, "filter": 32, "kernel": 3, "predictor": 16, "encoder_layers": 2, "decoder_layers": 1}
    export(FastSpeech2(FastSpeech2Config(len(SYMBOLS), variance_layers=2, **(sizes | changes))), folder)


EXPORTS = {
    "tacotron2": export_tacotron2,
    "fastspeech2": lambda folder: export_fastspeech2(folder, reduction=2),
    MATCHA: lambda folder: export_fastspeech2(folder, decoder="flow", flow={"channels": 16, "middle": 1}),
}


def engine_of(folder, engine) -> Synthesizer:
    """The engine of the graphs in a folder, by way of a card."""
    files = [describe_file(path) for path in sorted(folder.glob("*.onnx"))]
    config = {"encoders": ["voice-encoder"], "mel_mean": -5.5, "mel_scale": 2.0}
    card = Card(name=folder.name, kind="synthesizer", engine=engine, summary="", licence="", files=files, config=config)
    save_card(card, folder)
    return synthesizers.get(engine)(load_card(folder))


@pytest.fixture(scope="session")
def make_synthesizer(tmp_path_factory):
    """`make_synthesizer("tacotron2")`: the engine with the weights that ship, or with small untrained ones."""
    made = {}

    def make(name):
        if name in SHIPPED:
            return load_synthesizer(name)
        if name not in made:
            folder = tmp_path_factory.mktemp("models") / name
            EXPORTS[name](folder)
            made[name] = engine_of(folder, "fastspeech2" if name == MATCHA else name)
        return made[name]

    return make
