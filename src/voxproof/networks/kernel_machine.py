"""A support vector machine with a radial kernel (Cortes and Vapnik, "Support-vector networks", 1995) on a projection.

Standardised values, each kind with its own scale, are projected onto principal components before they meet the support
vectors: distances stay as they are, and what ships is a tenth of the size.
"""

import torch
from torch import Tensor, nn

LARGEST = 5.0  # deviations; values beyond are cut


class KernelMachine(nn.Module):
    """`(batch, values) -> (batch,)`: the decision function, positive for fake.

    All that it knows is buffers: `mean` and `scale` `(values,)` (the inverse deviation), `share` `(values,)`,
    `projection` `(values, components)`, `supports` `(vectors, components)`, `coefficients` `(vectors,)`, `offset` `()`.
    """

    mean: Tensor
    scale: Tensor
    share: Tensor
    projection: Tensor
    supports: Tensor
    coefficients: Tensor
    offset: Tensor

    def __init__(self, values: int, components: int, vectors: int, gamma: float) -> None:
        super().__init__()
        self.gamma = gamma
        shapes = {
            "mean": (values,),
            "scale": (values,),
            "share": (values,),
            "projection": (values, components),
            "supports": (vectors, components),
            "coefficients": (vectors,),
            "offset": (),
        }
        for name, shape in shapes.items():
            self.register_buffer(name, torch.zeros(shape))

    def project(self, values: Tensor) -> Tensor:
        """Where vectors lie among the support vectors: `(batch, values) -> (batch, components)`."""
        standardised = ((values - self.mean) * self.scale).clamp(-LARGEST, LARGEST)
        return (standardised * self.share) @ self.projection

    def forward(self, values: Tensor) -> Tensor:
        """The decision function; see the class."""
        x = self.project(values)
        supports = self.supports.T  # once, so that an exported graph holds them once
        squares = (x**2).sum(1, keepdim=True) + (supports**2).sum(0)
        distances = (squares - 2 * x @ supports).clamp(min=0)
        return torch.exp(-self.gamma * distances) @ self.coefficients + self.offset
