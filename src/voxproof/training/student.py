"""Distils the voice encoder: our network learns another encoder's space from our speech.

The teacher's embedding of a whole clip is the target for crops of that clip; the loss is one minus the cosine. Crops
are changed a little in colour and noise, so that the student is steadier than its teacher against a microphone.
"""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxproof.networks.student_encoder import StudentEncoder, StudentEncoderConfig
from voxproof.training.export import export_onnx
from voxproof.training.loop import Loop, Rate
from voxproof.training.recipe import Run, recipe
from voxproof.training.spectral_augment import add_noise, recolour
from voxproof.training.speech_pack import SpeechPack


def _pairs(packs: list[Path], embeddings: list[Path]) -> list[tuple[SpeechPack, int, NDArray[np.float32]]]:
    out = []
    for folder, file in zip(packs, embeddings, strict=True):
        pack = SpeechPack(folder)
        with np.load(file, allow_pickle=False) as arrays:
            known = dict(zip(arrays["path"].tolist(), arrays["embedding"], strict=True))
        out += [(pack, i, known[r["path"]]) for i, r in enumerate(pack.rows) if r["path"] in known]
    return out


def _crops(
    pairs: list[tuple[SpeechPack, int, NDArray[np.float32]]], rng: np.random.Generator, size: int, frames: int
) -> tuple[Tensor, Tensor]:
    mels = np.zeros((size, frames, 80), np.float32)
    targets = np.zeros((size, len(pairs[0][2])), np.float32)
    for k, j in enumerate(rng.integers(0, len(pairs), size)):
        pack, i, embedding = pairs[j]
        mel = pack.mel(i)
        while len(mel) < frames:
            mel = np.concatenate([mel, mel])
        start = int(rng.integers(0, len(mel) - frames + 1))
        crop = mel[start : start + frames]
        if rng.random() < 0.3:
            crop = recolour(crop, rng, 0.15)
        if rng.random() < 0.2:
            crop = add_noise(crop, rng)
        mels[k], targets[k] = crop, embedding
    return torch.from_numpy(mels.transpose(0, 2, 1).copy()), torch.from_numpy(targets)


@recipe("student")
def train_student(run: Run) -> None:
    """Config keys: packs, embeddings (`.npz` with `path` and `embedding`, one a pack), batch, frames, learning_rate."""
    torch.set_num_threads(run.threads)
    torch.manual_seed(0)
    pairs = _pairs([Path(p) for p in run.config["packs"]], [Path(p) for p in run.config["embeddings"]])
    config = StudentEncoderConfig(**run.config.get("network", {}))
    net = StudentEncoder(config)
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-3)
    rate = Rate(float(run.config.get("learning_rate", 2e-3)), warm_up=60, hold=1.5)
    loop = Loop(run, net, optimiser, rate, asdict(config))
    rng = np.random.default_rng(loop.step)

    def losses(progress: float) -> tuple[Tensor, dict[str, Tensor]]:
        mel, target = _crops(pairs, rng, int(run.config["batch"]), int(run.config["frames"]))
        cosine = (net(mel) * target).sum(1).mean()
        return 1.0 - cosine, {"cosine": cosine.detach()}

    loop.train(losses)
    axes = {"mel": {2: "frames"}}
    export_onnx(net, (torch.randn(1, 80, 160),), run.folder / "model.onnx", ["mel"], ["embedding"], axes)
