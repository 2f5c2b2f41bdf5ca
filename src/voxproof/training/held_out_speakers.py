"""The equal error rate of a speaker encoder in training, on speakers that it does not learn from.

For watching a training and comparing two: trials are all pairs of clips, of men and women alike and partly of one
microphone, so the figure is lower than that of `benchmarks/encoders.py`.
"""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional as F

from voxproof.evaluation.detection_metrics import Trials, eer
from voxproof.training.speech_pack import Clip

_MOST_CLIPS = 4  # of a speaker
_MOST_CROPS = 4  # of a clip, evenly spread
_AT_ONCE = 64


class HeldOutSpeakers:
    """Clips of two speakers or more; each clip is heard in crops of `frames` frames and must have so many."""

    def __init__(self, speakers: Mapping[str, list[Clip]], frames: int) -> None:
        crops: list[NDArray[np.float32]] = []
        clip_of: list[int] = []  # the clip of each crop
        speaker_of: list[int] = []  # the speaker of each clip
        for speaker, clips in enumerate(speakers.values()):
            for pack, i in clips[:_MOST_CLIPS]:
                mel = pack.mel(i).T
                count = min(_MOST_CROPS, -(-mel.shape[1] // frames))
                starts = np.linspace(0, mel.shape[1] - frames, count).round().astype(int)
                crops += [mel[:, start : start + frames] for start in starts]
                clip_of += [len(speaker_of)] * count
                speaker_of.append(speaker)
        self.crops = torch.from_numpy(np.stack(crops))
        self.clip_of = torch.tensor(clip_of)
        self.speaker_of = np.array(speaker_of)

    @torch.no_grad()
    def eer(self, encoder: nn.Module) -> float:
        """Of `encoder`, `(batch, n_mels, frames)` -> `(batch, dim)`; a clip is the mean of its crops."""
        was_training = encoder.training
        encoder.eval()
        embeddings = torch.cat([F.normalize(encoder(some), dim=1) for some in self.crops.split(_AT_ONCE)])
        encoder.train(was_training)
        sums = torch.zeros(len(self.speaker_of), embeddings.shape[1]).index_add_(0, self.clip_of, embeddings)
        clips = F.normalize(sums, dim=1).numpy()
        one, two = np.triu_indices(len(clips), 1)
        scores = np.einsum("nd,nd->n", clips[one], clips[two]).astype(np.float64)
        return float(eer(Trials(scores, self.speaker_of[one] == self.speaker_of[two]))[0])
