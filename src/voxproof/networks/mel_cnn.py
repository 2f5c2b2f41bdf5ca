"""The usual small network on mel spectrograms: blocks of convolution, batch norm, ReLU and pooling, then dense layers.

What dozens of student projects and notebooks train on 128 mel bands in decibels (for one, Hari0002's and
hbjorndalseter's repositories of audio deepfake detection): each block halves both axes. The last map is averaged rather
than flattened, so that 65 thousand parameters do.
"""

from torch import Tensor, nn

CHANNELS = (16, 32, 64, 64)


class MelCnn(nn.Module):
    """`(batch, 1, bands, frames) -> (batch,)` logits; bands and frames are 16 at least."""

    def __init__(self, channels: tuple[int, ...] = CHANNELS, hidden: int = 64, dropout: float = 0.3) -> None:
        super().__init__()
        blocks: list[nn.Module] = []
        for before, after in zip((1, *channels[:-1]), channels, strict=True):
            convolution = nn.Conv2d(before, after, 3, padding=1, bias=False)
            blocks.append(nn.Sequential(convolution, nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2)))
        self.blocks = nn.Sequential(*blocks)
        self.hidden = nn.Linear(channels[-1], hidden)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(hidden, 1)

    def forward(self, spectrogram: Tensor) -> Tensor:
        """Logits; see the class."""
        pooled = self.blocks(spectrogram).mean((2, 3))
        logits: Tensor = self.output(self.dropout(self.hidden(pooled).relu())).squeeze(1)
        return logits
