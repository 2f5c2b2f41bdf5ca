"""The discretised mixture of logistics (arXiv 1701.05517): a probability for each level of a sample, from few numbers.

A level owns the interval half a step around it, the lowest all below it too and the highest all above, so that the
probabilities sum to one. The paper's case distinctions are not needed: the logarithm of a difference of two sigmoids,
`s(a) - s(b) = s(a) s(-b) (1 - exp(b - a))`, is exact for every scale.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from voxproof.features.sample_levels import lowest_log_scale


def log_probability(parameters: Tensor, levels: Tensor, count: int) -> Tensor:
    """Natural logarithm of the probability of each level, `(batch, samples)`.

    `parameters` `(batch, 3 * mixtures, samples)`: logits of the components, their means on [-1, 1], and the logarithms
    of their scales. `levels` `(batch, samples)` are whole numbers from 0 to `count - 1`.
    """
    logits, means, log_scales = parameters.chunk(3, dim=1)
    scales = log_scales.clamp_min(lowest_log_scale(count)).exp()
    level = levels.unsqueeze(1)
    distance = 2.0 * level.to(means.dtype) / (count - 1) - 1.0 - means
    half = 1.0 / (count - 1)
    upper, lower = (distance + half) / scales, (distance - half) / scales
    inside = F.logsigmoid(upper) + F.logsigmoid(-lower) + torch.log(-torch.expm1(-2.0 * half / scales))
    below, above = F.logsigmoid(upper), F.logsigmoid(-lower)
    component = torch.where(level == 0, below, torch.where(level == count - 1, above, inside))
    return torch.logsumexp(F.log_softmax(logits, dim=1) + component, dim=1)
