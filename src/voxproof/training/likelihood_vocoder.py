"""Trains vocoders that know the exact likelihood of speech: WaveNet and WaveGlow, by the recipe's key `network`.

The loss is the negative log-likelihood in nats a sample, of 16-bit sound (of 256 levels of the mu law, for a WaveNet
whose output is categorical). A share of the clips is never trained on; what the network, and then the graphs that
ship, give for these is told at the end.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from voxproof.errors import CorpusError
from voxproof.features import MEL
from voxproof.features.sample_levels import even_encode, mu_law_encode
from voxproof.networks.waveglow import WaveGlow, WaveGlowConfig, WaveGlowInverse
from voxproof.networks.wavenet import WaveNet, WaveNetConfig
from voxproof.training.export import export_onnx
from voxproof.training.export_wavenet import export_wavenet, graph_nats
from voxproof.training.loop import Loop, Rate
from voxproof.training.recipe import Run, recipe
from voxproof.training.speech_pack import SpeechPack
from voxproof.training.vocoder_card import save_vocoder_card
from voxproof.training.waveform_crops import WaveformCrops

_CONFIGS: dict[str, type[WaveNetConfig] | type[WaveGlowConfig]] = {"wavenet": WaveNetConfig, "waveglow": WaveGlowConfig}
_HELD_OUT_SEGMENTS, _HELD_OUT_SEED = 16, 1


def network_of(config: Mapping[str, Any]) -> WaveNet | WaveGlow:
    """The network that a recipe names by `network` and `sizes`; `CorpusError` if either is not known."""
    name, sizes = config.get("network"), dict(config.get("sizes") or {})
    if name not in _CONFIGS:
        raise CorpusError(f"recipe: there is no likelihood vocoder {name!r}; `network` is one of {', '.join(_CONFIGS)}")
    known = {field.name for field in fields(_CONFIGS[name])}
    if unknown := sorted(set(sizes) - known):
        raise CorpusError(f"recipe: {name} has no size {unknown[0]!r}; `sizes` may have {', '.join(sorted(known))}")
    if "upsample" in sizes:
        sizes["upsample"] = tuple(sizes["upsample"])
    made = _CONFIGS[name](**sizes)
    if made.hop != MEL.hop:
        raise CorpusError(f"recipe: {name} would make {made.hop} samples of a frame, and a frame is {MEL.hop}")
    if isinstance(made, WaveNetConfig):
        if made.output not in ("logistics", "categorical") or made.layers % made.cycles or made.kernel < 2:
            raise CorpusError(
                f"recipe: wavenet needs `output` logistics or categorical, layers that its cycles divide, and a kernel "
                f"of 2 or more, not {made.output!r}, {made.layers} in {made.cycles}, {made.kernel}"
            )
        return WaveNet(made)
    leaving = made.early_size * ((made.flows - 1) // made.early_every)
    if made.hop % made.group or made.group % 2 or made.early_size % 2 or leaving >= made.group or made.kernel % 2 == 0:
        raise CorpusError(
            f"recipe: waveglow needs an even `group` that divides {made.hop}, of which an even `early_size` leaves "
            f"less than all, and an odd kernel, not {made.group}, {made.early_size}, {made.kernel}"
        )
    return WaveGlow(made)


def levels_for(net: WaveNet | WaveGlow, samples: Tensor) -> Tensor:
    """Samples in [-1, 1] as the whole levels that the network gives probabilities, of the same shape."""
    if isinstance(net, WaveGlow):
        return torch.from_numpy(even_encode(samples.numpy()))
    encode = mu_law_encode if net.config.output == "categorical" else even_encode
    return torch.from_numpy(encode(samples.numpy(), net.config.levels))


@recipe("likelihood_vocoder")
def train_likelihood_vocoder(run: Run) -> None:
    """See the module; config keys: network, sizes, packs, batch, frames, predicted, learning_rate, precision, prune.

    `precision` (half, int8 or integer) and `prune` (a share of the weights) are for a WaveNet's graphs; see
    `voxproof.training.export_wavenet`.
    """
    torch.set_num_threads(run.threads)
    torch.manual_seed(0)
    net = network_of(run.config)
    packs = [SpeechPack(Path(folder)) for folder in run.config["packs"]]
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=1e-4)
    rate = Rate(float(run.config.get("learning_rate", 1e-3)), hold=1.3)
    loop = Loop(run, net, optimiser, rate, asdict(net.config))
    torch.manual_seed(loop.step)
    size, frames = int(run.config["batch"]), int(run.config["frames"])
    crops = WaveformCrops(packs, frames, float(run.config.get("predicted", 0.0)), loop.step, held_out=False)

    def losses(progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        mel, samples = crops.draw(size)
        loss = net.nats(mel, levels_for(net, samples)).mean()
        return loss, {"nats": loss.detach()}

    loop.train(losses)
    net.eval()
    held_out = WaveformCrops(packs, frames, seed=_HELD_OUT_SEED, held_out=True)
    mel, samples = held_out.draw(_HELD_OUT_SEGMENTS)
    levels = levels_for(net, samples)
    found: dict[str, float] = {"parameters": sum(weights.numel() for weights in net.parameters())}
    with torch.no_grad():
        found["held_out_nats"] = float(net.nats(mel, levels).mean())
        if isinstance(net, WaveNet):
            precision, prune = str(run.config.get("precision", "half")), float(run.config.get("prune", 0.0))
            export_wavenet(net, run.folder, precision, prune)
            # One segment: the graphs take a step a sample.
            found["segment_nats"] = float(net.nats(mel[:1], levels[:1]).mean())
            found["segment_nats_of_graphs"] = graph_nats(run.folder, net, mel[:1], levels[:1])
        else:
            export_waveglow(net, run.folder)
    network = str(run.config["network"])
    kept = {"parameters": int(found["parameters"]), "minutes": round(loop.minutes, 1)}
    save_vocoder_card(run.folder, network, network, f"{network} at 16 kHz, trained by its likelihood.", kept)
    print(json.dumps({name: round(value, 4) for name, value in found.items()}), flush=True)


def export_waveglow(net: WaveGlow, folder: Path) -> None:
    """Write `folder/model.onnx`: mel `(1, frames, n_mels)` and noise `(1, group, groups)` to a waveform."""
    groups = MEL.hop // net.config.group
    example = (torch.zeros(1, 9, net.config.n_mels), torch.zeros(1, net.config.group, 8 * groups))
    axes = {"mel": {1: "frames"}, "noise": {2: "groups"}, "waveform": {1: "samples"}}
    export_onnx(WaveGlowInverse(net), example, folder / "model.onnx", ["mel", "noise"], ["waveform"], axes)
