"""Distils the voice encoder: our network learns another encoder's space from our speech.

The teacher's embedding of a whole clip is the target for crops of that clip; the loss is one minus the cosine. Crops
are changed a little in colour and noise, so that the student is steadier than its teacher against a microphone.
"""

import json
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxproof.networks.student_encoder import StudentEncoder, StudentEncoderConfig
from voxproof.training.checkpoint import load_checkpoint, save_checkpoint
from voxproof.training.export import export_onnx
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
    checkpoint = run.folder / "checkpoint.safetensors"
    spent, step = 0.0, 0
    if run.resume and checkpoint.exists():
        facts = load_checkpoint(checkpoint, net, optimiser)
        spent, step = facts["minutes"], facts["step"]
    rng = np.random.default_rng(step)
    peak = float(run.config.get("learning_rate", 2e-3))
    began = saved = time.monotonic()
    recent: list[float] = []
    while (minutes := spent + (time.monotonic() - began) / 60) < run.minutes:
        progress = minutes / run.minutes
        for group in optimiser.param_groups:
            group["lr"] = peak * min(1.0, (step + 1) / 60) * min(1.0, 1.5 * (1.0 - progress)) + 1e-5
        mel, target = _crops(pairs, rng, int(run.config["batch"]), int(run.config["frames"]))
        loss = (1.0 - (net(mel) * target).sum(1)).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        step += 1
        recent.append(float(loss.detach()))
        if step % 25 == 0:
            report = {"step": step, "minutes": round(minutes, 2), "cosine": round(1 - float(np.mean(recent)), 4)}
            print(json.dumps(report), flush=True)
            recent = []
        if time.monotonic() - saved > 120:
            save_checkpoint(checkpoint, net, optimiser, step=step, minutes=minutes, config=asdict(config))
            saved = time.monotonic()
    minutes = spent + (time.monotonic() - began) / 60
    save_checkpoint(checkpoint, net, optimiser, step=step, minutes=minutes, config=asdict(config))
    axes = {"mel": {2: "frames"}}
    export_onnx(net, (torch.randn(1, 80, 160),), run.folder / "model.onnx", ["mel"], ["embedding"], axes)
