"""Two convolutions and three dense layers on a picture of 224 x 224: LeNet-5's plan (LeCun et al., 1998), enlarged.

The network that introductions to PyTorch teach and that earlier detectors call SimpleCNN. Nearly all of its 5.4 million
parameters stand between the last map and the first dense layer.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

_SIDE = 53  # of the last map: (((224 - 4) / 2) - 4) / 2


class SimpleCnn(nn.Module):
    """`(batch, 3, 224, 224) -> (batch,)`: the logit of fake less that of real."""

    def __init__(self, classes: int = 2) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * _SIDE * _SIDE, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, classes)

    def classes(self, picture: Tensor) -> Tensor:
        """`(batch, classes)` logits: real, fake."""
        x = functional.max_pool2d(self.conv1(picture).relu(), 2)
        x = functional.max_pool2d(self.conv2(x).relu(), 2)
        x = self.fc2(self.fc1(torch.flatten(x, 1)).relu()).relu()
        logits: Tensor = self.fc3(x)
        return logits

    def forward(self, picture: Tensor) -> Tensor:
        """Cross-entropy over two classes is that of one logit, their difference."""
        classes = self.classes(picture)
        return classes[:, 1] - classes[:, 0]
