"""Trains the judge: ECAPA-TDNN with a margin softmax over speakers, on speech that conditions nothing.

Every crop of a clip is recoloured and made noisy on its own, so that room and microphone (which many speakers with one
clip never change) tell as little as possible. Frames are taken in pairs (40 a second), which halves the cost.
"""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from voxproof.networks.ecapa import Ecapa, EcapaConfig, UnitNorm
from voxproof.networks.margin_softmax import MarginSoftmax
from voxproof.training.export import export_onnx
from voxproof.training.loop import Loop, Rate
from voxproof.training.recipe import Run, recipe
from voxproof.training.spectral_augment import augment
from voxproof.training.speech_pack import SpeechPack, clips_by_speaker


class PairedFrames(nn.Module):
    """Means of frame pairs before the encoder: `(batch, n_mels, frames)` in."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, log_mel: Tensor) -> Tensor:
        """The encoder's output."""
        out: Tensor = self.encoder(F.avg_pool1d(log_mel, 2))
        return out


class Speakers:
    """Crops of clips, drawn by speaker; a speaker of many clips comes oftener, as the root of their number."""

    def __init__(self, packs: list[SpeechPack], leave_out: list[str], fewest: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.clips = [c for c in clips_by_speaker(packs, leave_out).values() if len(c) >= fewest]
        weight = np.sqrt([min(len(c), 50) for c in self.clips])
        self.weight = weight / weight.sum()

    def batch(self, size: int, frames: int) -> tuple[Tensor, Tensor]:
        """Mel crops `(size, n_mels, frames)` and speakers' numbers `(size,)`."""
        chosen = self.rng.choice(len(self.clips), size, replace=False, p=self.weight)
        crops = np.zeros((size, frames, 80), np.float32)
        for k, speaker in enumerate(chosen):
            pack, i = self.clips[speaker][int(self.rng.integers(len(self.clips[speaker])))]
            mel = pack.mel(i)
            while len(mel) < frames:
                mel = np.concatenate([mel, mel])
            start = int(self.rng.integers(0, len(mel) - frames + 1))
            crops[k] = augment(mel[start : start + frames], self.rng)
        return torch.from_numpy(crops.transpose(0, 2, 1).copy()), torch.from_numpy(chosen.astype(np.int64))


@recipe("judge")
def train_judge(run: Run) -> None:
    """Config keys: packs, leave_out (prefixes of speakers of unsure ids), fewest, batch, frames, learning_rate."""
    torch.set_num_threads(run.threads)
    torch.manual_seed(0)
    packs = [SpeechPack(Path(folder)) for folder in run.config["packs"]]
    config = EcapaConfig(**run.config.get("network", {}))
    speakers = Speakers(packs, run.config["leave_out"], int(run.config["fewest"]), seed=0)
    net = PairedFrames(Ecapa(config))
    head = MarginSoftmax(config.dim, len(speakers.clips), margin=0.2, scale=30.0)
    both = nn.ModuleList([net, head])
    optimiser = torch.optim.AdamW(both.parameters(), lr=1e-3, weight_decay=2e-5)
    rate = Rate(float(run.config.get("learning_rate", 2e-3)), warm_up=60, hold=1.5)
    loop = Loop(run, both, optimiser, rate, asdict(config), clip=3.0)
    speakers.rng = np.random.default_rng(loop.step)
    print(json.dumps({"speakers": len(speakers.clips), "clips": sum(len(c) for c in speakers.clips)}), flush=True)

    def losses(progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        head.margin = 0.2 * min(1.0, 2.0 * progress)  # the margin rises over the first half
        crops, who = speakers.batch(int(run.config["batch"]), int(run.config["frames"]))
        embeddings = net(crops)
        loss: Tensor = head(embeddings, who)
        with torch.no_grad():
            right = (head.cosines(embeddings).argmax(1) == who).float().mean()
        return loss, {"loss": loss.detach(), "accuracy": right}

    loop.train(losses)
    net.eval()
    axes = {"mel": {2: "frames"}}
    export_onnx(UnitNorm(net), (torch.randn(1, 80, 160),), run.folder / "model.onnx", ["mel"], ["embedding"], axes)
