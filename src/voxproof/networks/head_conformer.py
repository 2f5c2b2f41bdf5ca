"""A conformer (arXiv:2005.08100) with a class token and tokens of the attention heads, for detecting spoofed speech.

The class token carries the verdict (Rosello et al., Interspeech 2023); head tokens (arXiv:2210.05958), one a head, are
made of the mean of all frames and enrich the class token (Truong et al., arXiv:2406.17376). Sizes come from the tensors
of a checkpoint.
"""

import re
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

_LONGEST = 10_000.0  # wavelength of the slowest position signal, frames

# Names in the published checkpoints and ours.
_NAMES = (
    (r"^encoder_blocks\.", "blocks."),
    (r"\.ff(\d)\.fn\.norm\.", r".dense\1.0."),
    (r"\.ff(\d)\.fn\.fn\.net\.0\.", r".dense\1.1."),
    (r"\.ff(\d)\.fn\.fn\.net\.3\.", r".dense\1.3."),
    (r"\.attn\.norm\.", ".attention.norm."),
    (r"\.attn\.fn\.", ".attention."),
    (r"\.conv\.net\.0\.", ".convolution.norm."),
    (r"\.conv\.net\.2\.", ".convolution.widen."),
    (r"\.conv\.net\.4\.conv\.", ".convolution.depthwise."),
    (r"\.conv\.net\.5\.", ".convolution.batch_norm."),
    (r"\.conv\.net\.7\.", ".convolution.narrow."),
    (r"^fc5\.", "output."),
)


def conformer_tensors(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A published checkpoint's tensors under our names, without its table of positions, which is computed."""
    named = {}
    for name, tensor in tensors.items():
        for old, new in _NAMES:
            name = re.sub(old, new, name)
        named[name] = tensor
    named.pop("positional_emb", None)
    return named


def positions(frames: int, width: int) -> Tensor:
    """Sines and cosines by turns, `(1, frames, width)`."""
    angle = torch.arange(frames)[:, None] / _LONGEST ** (2 * (torch.arange(width) // 2) / width)
    even = torch.arange(width) % 2 == 0
    return torch.where(even, torch.sin(angle), torch.cos(angle))[None]


class HeadAttention(nn.Module):
    """Self-attention over class token, frames and one token a head, which only the class token keeps."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads, self.each = heads, width // heads
        self.norm = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.proj = nn.Linear(width, width)
        self.ht_proj = nn.Linear(self.each, width)
        self.ht_norm = nn.LayerNorm(self.each)
        self.pos_embed = nn.Parameter(torch.zeros(1, heads, width))

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, 1 + frames, width)` of the same shape."""
        x = self.norm(x)
        batch, tokens, _ = x.shape
        means = x.mean(1).reshape(batch, self.heads, self.each)
        spread = self.ht_proj(means).reshape(batch, self.heads, self.heads, self.each)
        head_tokens = functional.gelu(self.ht_norm(spread)).flatten(2) + self.pos_embed
        parts = self.qkv(torch.cat([x, head_tokens], dim=1)).unflatten(2, (3, self.heads, self.each))
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        weights = torch.softmax(query @ key.transpose(2, 3) * self.each**-0.5, dim=3)
        x = self.proj((weights @ value).transpose(1, 2).flatten(2))
        frames = x[:, 1:tokens]
        verdict = x[:, :1] + x[:, tokens:].mean(1, keepdim=True) + frames.mean(1, keepdim=True)
        return torch.cat([verdict, frames], dim=1)


class Convolution(nn.Module):
    """Pointwise, gate, depthwise, pointwise."""

    def __init__(self, width: int, inner: int, taps: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.widen = nn.Conv1d(width, 2 * inner, 1)
        self.depthwise = nn.Conv1d(inner, inner, taps, groups=inner)
        self.batch_norm = nn.BatchNorm1d(inner)
        self.narrow = nn.Conv1d(inner, width, 1)
        self.padding = (taps // 2, taps // 2 - (taps + 1) % 2)

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, tokens, width)` of the same shape."""
        inner = functional.glu(self.widen(self.norm(x).transpose(1, 2)), dim=1)
        inner = self.batch_norm(self.depthwise(functional.pad(inner, self.padding)))
        return self.narrow(functional.silu(inner)).transpose(1, 2)


class Block(nn.Module):
    """Half a dense layer, attention, convolution, half a dense layer, norm."""

    def __init__(self, width: int, heads: int, dense: int, inner: int, taps: int) -> None:
        super().__init__()
        self.dense1 = self._dense(width, dense)
        self.attention = HeadAttention(width, heads)
        self.convolution = Convolution(width, inner, taps)
        self.dense2 = self._dense(width, dense)
        self.post_norm = nn.LayerNorm(width)

    @staticmethod
    def _dense(width: int, inner: int) -> nn.Sequential:
        return nn.Sequential(nn.LayerNorm(width), nn.Linear(width, inner), nn.SiLU(), nn.Linear(inner, width))

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, tokens, width)` of the same shape."""
        x = x + self.dense1(x) / 2
        x = x + self.attention(x)
        x = x + self.convolution(x)
        return self.post_norm(x + self.dense2(x) / 2)


class HeadConformer(nn.Module):
    """`(batch, frames, width) -> (batch, 2)`."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        """A network of the shapes in `tensors` (see `conformer_tensors`), with their values."""
        super().__init__()
        count = 1 + max(int(name.split(".")[1]) for name in tensors if name.startswith("blocks."))
        _, heads, width = tensors["blocks.0.attention.pos_embed"].shape
        inner, _, taps = tensors["blocks.0.convolution.depthwise.weight"].shape
        dense = tensors["blocks.0.dense1.1.weight"].shape[0]
        self.class_token = nn.Parameter(torch.zeros(1, width))
        self.blocks = nn.Sequential(*(Block(width, heads, dense, inner, taps) for _ in range(count)))
        self.output = nn.Linear(width, 2)
        self.load_state_dict(dict(tensors))

    def forward(self, x: Tensor) -> Tensor:
        """Two values: synthetic, genuine."""
        x = x + positions(x.shape[1], x.shape[2]).to(x)
        x = torch.cat([self.class_token.expand(x.shape[0], 1, -1), x], dim=1)
        return self.output(self.blocks(x)[:, 0])
