"""Train Halo: the envelope of 8 to 12 kHz from what lies below, on speech that has both.

The input is made as it will be met: the clip at 16 kHz, or what a vocoder makes of it there, brought to 24 kHz by the
filter that ships. Clips of 22 kHz say nothing of the bands that they do not reach.
"""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from voxproof.bandwidth_extension import spectrum, upsampling
from voxproof.models import Card, describe_file, save_card
from voxproof.networks.halo import Halo, HaloConfig
from voxproof.training.band_extension_losses import envelope_loss, spectral_loss, synthesise
from voxproof.training.export import export_onnx
from voxproof.training.loop import Loop, Rate
from voxproof.training.recipe import Run, recipe
from voxproof.training.wideband_pack import WidebandPack

_GAIN_DB = (-15.0, 6.0)  # about the level of packs


def _places(packs: list[WidebandPack], frames: int) -> tuple[list[tuple[WidebandPack, int]], np.ndarray]:
    """Clips that are long enough, and how often each is drawn: speakers with few clips more often than their share."""
    clips = [(pack, i) for pack in packs for i in range(len(pack)) if pack.rows[i]["steps"] > frames + 1]
    speakers = [pack.rows[i]["speaker"] for pack, i in clips]
    counts = {speaker: speakers.count(speaker) for speaker in set(speakers)}
    weights = np.array([counts[speaker] ** -0.5 for speaker in speakers])
    return clips, weights / weights.sum()


def example(pack: WidebandPack, i: int, start: int, frames: int, scale: float, copy: bool) -> tuple[np.ndarray, ...]:
    """`frames` frames of a clip: log bands and mirror of the input, envelope and waveform of the target above 8 kHz.

    `(frames, 32)`, complex `(frames, 80)`, `(frames, 16)` and `((frames - 1) * HOP,)`.
    """
    steps = frames + 1
    narrow = pack.narrow(i, start, steps, copy=copy, margin=upsampling.REACH)[1:] * np.float32(scale)
    made = spectrum.transform(upsampling.upsample(narrow))
    real = spectrum.transform(pack.wide(i, start, steps) * np.float32(scale))
    upper = real[:, spectrum.FIRST : spectrum.FIRST + spectrum.HIGH_BANDS * spectrum.BAND]
    waveform = spectrum.overlapped(spectrum.shaped(upper, np.zeros((frames, spectrum.HIGH_BANDS), np.float32)))
    return spectrum.log_bands(made), spectrum.mirrored(made), spectrum.log_envelope(upper), waveform


def smoothed(band: Tensor) -> Tensor:
    """`spectrum.log_envelope` of complex `(batch, frames, 80)`: `(batch, frames, HIGH_BANDS)`."""
    power = band.abs().square().unflatten(-1, (spectrum.HIGH_BANDS, spectrum.BAND)).mean(-1)
    edge = spectrum.SMOOTHING
    padded = torch.nn.functional.pad(power[:, None], (edge, edge, edge, edge), mode="replicate")
    mean = torch.nn.functional.avg_pool2d(padded, 2 * edge + 1, stride=1)[:, 0]
    return 0.5 * (mean + spectrum.FLOOR).log()


@recipe("band_extension")
def train_band_extension(run: Run) -> None:
    """Config keys: packs, batch, frames, copies, spectral, learning_rate, network.

    `copies` is the share of inputs as the vocoder says them, `spectral` the weight of the waveform's spectra beside the
    envelope.
    """
    torch.set_num_threads(run.threads)
    packs = [WidebandPack(Path(folder)) for folder in run.config["packs"]]
    config = HaloConfig(**run.config.get("network", {}))
    net = Halo(config)
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=1e-3)
    rate = Rate(float(run.config.get("learning_rate", 2e-3)), hold=1.3)
    loop = Loop(run, net, optimiser, rate, asdict(config), report_every=50)
    rng = np.random.default_rng(loop.step)
    size, frames = int(run.config["batch"]), int(run.config["frames"])
    copies, weight = float(run.config.get("copies", 0.0)), float(run.config.get("spectral", 0.0))
    clips, shares = _places(packs, frames)
    spread = torch.from_numpy(spectrum.spread())

    def losses(progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        drawn = [clips[k] for k in rng.choice(len(clips), size, p=shares)]
        rows = []
        for pack, i in drawn:
            start = int(rng.integers(0, pack.rows[i]["steps"] - frames))
            scale = 10 ** (float(rng.uniform(*_GAIN_DB)) / 20)
            rows.append(example(pack, i, start, frames, scale, pack.has_copies and rng.random() < copies))
        bands, mirror, envelope, waveform = (torch.from_numpy(np.stack(part)) for part in zip(*rows, strict=True))
        reach = torch.tensor([pack.rows[i]["reach"] for pack, i in drawn])
        gains = net(bands)
        of_envelope = envelope_loss(smoothed(mirror * torch.exp(gains @ spread)), envelope, reach)
        of_spectra = spectral_loss(synthesise(mirror, gains), waveform, reach) if weight else torch.zeros(())
        loss = of_envelope + weight * of_spectra
        return loss, {"envelope": of_envelope.detach(), "spectra": of_spectra.detach()}

    loop.train(losses)
    export(net, config, run.folder)


def export(net: Halo, config: HaloConfig, folder: Path) -> Card:
    """Write `model.onnx` and a `card.yaml` that lets the engine run it; what it learned from is for others to say."""
    axes = {name: {1: "frames"} for name in ("bands", "gains")}
    path = export_onnx(
        net.eval(), (torch.zeros(1, 50, config.low_bands),), folder / "model.onnx", ["bands"], ["gains"], axes
    )
    card = Card(
        name="halo",
        kind="bandwidth-extension",
        engine="halo",
        summary="Speech at 16 kHz to 24 kHz.",
        licence="Apache-2.0",
        files=(describe_file(path),),
        config={"context": config.context, "parameters": sum(p.numel() for p in net.parameters())},
    )
    save_card(card, folder)
    return card
