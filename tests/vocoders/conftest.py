"""Graphs of untrained tiny networks: what any trained one owes too, but for what it sounds like."""

from collections.abc import Callable
from pathlib import Path

import pytest

from voxproof.models import load_card
from voxproof.vocoders import Vocoder
from voxproof.vocoders.onnx import OnnxVocoder


@pytest.fixture(scope="session")
def tiny_vocoder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Vocoder]:
    """`tiny_vocoder("tiny-melgan")`: exported as a training does it, and loud enough to be compared."""
    made: dict[str, Path] = {}

    def load(name: str) -> Vocoder:
        torch = pytest.importorskip("torch")
        pytest.importorskip("onnx")
        from voxproof.networks.hifigan import HifiGan, HifiGanConfig
        from voxproof.networks.melgan import MelGan, MelGanConfig
        from voxproof.training.export_vocoder import export_vocoder, without_norms

        if name not in made:
            made[name] = tmp_path_factory.mktemp(name)
            torch.manual_seed(0)
            melgan = name == "tiny-melgan"
            network = without_norms(
                MelGan(MelGanConfig(channels=16)) if melgan else HifiGan(HifiGanConfig(channels=16))
            )
            with torch.no_grad():
                # First weights of so small a network let hardly anything through.
                for weight in (parameter for parameter in network.parameters() if parameter.ndim > 1):
                    torch.nn.init.kaiming_normal_(weight)
                before_tanh = []
                hook = network.leave.register_forward_hook(lambda layer, inputs, output: before_tanh.append(output))
                network(3 * torch.randn(1, 50, 80) - 5)
                hook.remove()
                network.leave.weight.div_(2 * before_tanh[0].std())
            export_vocoder(network, made[name], name, "A network that has learned nothing.")
        return OnnxVocoder(load_card(made[name]))

    return load
