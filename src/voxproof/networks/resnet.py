"""ResNet-18: He et al., "Deep Residual Learning for Image Recognition" (arXiv:1512.03385), as earlier detectors use it.

Its tensors are named as torchvision and timm name them, so that weights learned on ImageNet load by name.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

STAGES = ((64, 1), (128, 2), (256, 2), (512, 2))  # channels and stride; two blocks each


class BasicBlock(nn.Module):
    """Two 3 x 3 convolutions, and the input added to what comes out."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(after)
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or before != after:
            self.downsample = nn.Sequential(
                nn.Conv2d(before, after, 1, stride=stride, bias=False), nn.BatchNorm2d(after)
            )

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, before, height, width) -> (batch, after, height / stride, width / stride)`."""
        y = self.bn1(self.conv1(x)).relu()
        summed: Tensor = self.bn2(self.conv2(y)) + self.downsample(x)
        return summed.relu()


class ResNet18(nn.Module):
    """`(batch, 3, height, width) -> (batch,)`: the logit of fake less that of real. 11,177,538 parameters."""

    def __init__(self, classes: int = 2) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        before = 64
        for place, (channels, stride) in enumerate(STAGES, start=1):
            blocks = nn.Sequential(BasicBlock(before, channels, stride), BasicBlock(channels, channels, 1))
            self.add_module(f"layer{place}", blocks)
            before = channels
        self.fc = nn.Linear(before, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def classes(self, picture: Tensor) -> Tensor:
        """`(batch, classes)` logits: real, fake."""
        x = functional.max_pool2d(self.bn1(self.conv1(picture)).relu(), 3, stride=2, padding=1)
        for place in range(1, len(STAGES) + 1):
            x = self.get_submodule(f"layer{place}")(x)
        logits: Tensor = self.fc(x.mean((2, 3)))
        return logits

    def forward(self, picture: Tensor) -> Tensor:
        """Cross-entropy over two classes is that of one logit, their difference."""
        classes = self.classes(picture)
        return classes[:, 1] - classes[:, 0]

    def start_from_imagenet(self, tensors: Mapping[str, Tensor]) -> None:
        """Take another ResNet-18's tensors but for the last layer, whose classes are others; KeyError if one lacks."""
        own = self.state_dict()
        with torch.no_grad():
            for name, tensor in own.items():
                if not name.startswith("fc."):
                    tensor.copy_(tensors[name])
