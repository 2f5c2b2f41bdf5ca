"""Transcribed speech as batches for a synthesizer: phonemes, mel, pitch, embeddings; clips of like length together."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxproof.errors import CorpusError, TextError
from voxproof.features.voicing import without_blips
from voxproof.networks.cantor import MEL_MEAN, MEL_SCALE
from voxproof.text import as_sentence, encode, phonemes
from voxproof.training.speech_pack import SpeechPack

_FEWEST_FRAMES_A_SYMBOL = 1.5  # less: the text is not what is said


@dataclass
class Clip:
    """One utterance: where its arrays lie, its phonemes, its speaker and register (median log f0)."""

    pack: SpeechPack
    index: int
    symbols: NDArray[np.int64]
    speaker: str
    embedding: NDArray[np.float32]
    register: float

    @property
    def frames(self) -> int:
        """Frames of mel."""
        return int(self.pack.rows[self.index]["frames"])


@dataclass
class Batch:
    """Padded arrays of one step; frames are even in number."""

    symbols: Tensor  # (batch, phonemes), 0 = padding
    embedding: Tensor  # (batch, 256)
    register: Tensor  # (batch,)
    mel: Tensor  # (batch, frames, n_mels), normalised
    pitch: Tensor  # (batch, frames, 2): log f0 above the register, voiced
    frames: list[int]
    lengths: list[int]


def load_clips(packs: list[Path], embeddings: list[Path], longest: int) -> list[Clip]:
    """English clips with text whose embedding is known, at most `longest` frames long."""
    clips: list[Clip] = []
    for pack_folder, embedding_file in zip(packs, embeddings, strict=True):
        pack = SpeechPack(pack_folder)
        if not embedding_file.is_file():
            raise CorpusError(f"{embedding_file} is missing: run python -m voxproof.training.embed first")
        with np.load(embedding_file, allow_pickle=False) as arrays:
            by_path = dict(zip(arrays["path"].tolist(), arrays["embedding"], strict=True))
        for i, row in enumerate(pack.rows):
            if not row["text"] or row.get("language", "en") not in ("", "en") or row["path"] not in by_path:
                continue
            clip = _clip(pack, i, row, by_path[row["path"]])
            if clip is not None and clip.frames <= longest:
                clips.append(clip)
    return clips


def of_some_speakers(clips: list[Clip], speakers: int) -> list[Clip]:
    """The clips of so many speakers, drawn by a fixed seed; a larger number holds those of a smaller one."""
    names = np.array(sorted({clip.speaker for clip in clips}))
    kept = set(np.random.default_rng(0).permutation(names)[:speakers].tolist())
    return [clip for clip in clips if clip.speaker in kept]


def _clip(pack: SpeechPack, i: int, row: dict[str, Any], embedding: NDArray[np.float32]) -> Clip | None:
    try:
        symbols = encode(phonemes(" " + as_sentence(row["text"])))
    except TextError:
        return None
    pitch = pack.f0(i)
    voiced = pitch[pitch > 0]
    if len(voiced) < 10 or row["frames"] < _FEWEST_FRAMES_A_SYMBOL * len(symbols):
        return None
    register = float(np.log(np.median(voiced)))
    return Clip(pack, i, symbols, row["speaker"], embedding.astype(np.float32), register)


class Batches:
    """Endless batches of about `frames` frames, clips of one length together, in random order."""

    def __init__(self, clips: list[Clip], frames: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.frames = frames
        self.clips = sorted(clips, key=lambda c: c.frames)
        self.of_speaker: dict[str, list[NDArray[np.float32]]] = {}
        for clip in clips:
            self.of_speaker.setdefault(clip.speaker, []).append(clip.embedding)

    def __iter__(self) -> Iterator[Batch]:
        while True:
            yield from (self.batch(group) for group in self.groups())

    def groups(self) -> list[list[Clip]]:
        """All clips once, those of one length together, in random order."""
        noisy = sorted(self.clips, key=lambda c: c.frames * self.rng.uniform(0.95, 1.05))
        groups: list[list[Clip]] = [[]]
        for clip in noisy:
            if groups[-1] and (len(groups[-1]) + 1) * clip.frames > self.frames:
                groups.append([])
            groups[-1].append(clip)
        self.rng.shuffle(groups)
        return groups

    def batch(self, group: list[Clip]) -> Batch:
        """The padded arrays of some clips."""
        longest = max(c.frames for c in group)
        longest += longest % 2
        width = max(len(c.symbols) for c in group)
        symbols = np.zeros((len(group), width), np.int64)
        mel = np.zeros((len(group), longest, 80), np.float32)
        pitch = np.zeros((len(group), longest, 2), np.float32)
        embedding = np.zeros((len(group), len(group[0].embedding)), np.float32)
        register = np.zeros(len(group), np.float32)
        for k, clip in enumerate(group):
            symbols[k, : len(clip.symbols)] = clip.symbols
            mel[k, : clip.frames] = (clip.pack.mel(clip.index) - MEL_MEAN) / MEL_SCALE
            f0 = without_blips(clip.pack.f0(clip.index))
            voiced = f0 > 0
            pitch[k, : clip.frames][voiced, 0] = np.clip(np.log(f0[voiced]) - clip.register, -1.0, 1.0)
            pitch[k, : clip.frames, 1] = voiced
            others = self.of_speaker[clip.speaker]
            own = clip.embedding if self.rng.random() < 0.5 else others[int(self.rng.integers(len(others)))]
            noisy = own + self.rng.normal(0, 0.008, own.shape).astype(np.float32)
            embedding[k] = noisy / np.linalg.norm(noisy)
            register[k] = clip.register + self.rng.normal(0, 0.03)
        return Batch(
            torch.from_numpy(symbols),
            torch.from_numpy(embedding),
            torch.from_numpy(register),
            torch.from_numpy(mel),
            torch.from_numpy(pitch),
            [c.frames for c in group],
            [len(c.symbols) for c in group],
        )
