"""WaveNet one sample at a time, from what was computed before (Fast WaveNet, arXiv 1611.09482).

A dilated convolution of the newest sample needs the layer's inputs of one `dilation` ago (two, for a kernel of 3), and
those were computed then. `WaveNetStep` takes them as an argument, so what remains is a few small matrix products a
layer; who calls it remembers. `WaveNetConditions` does beforehand what depends on the mel alone.
"""

import torch
from torch import Tensor, nn

from voxproof.networks.wavenet import WaveNet


class WaveNetStep(nn.Module):
    """`forward(previous, past, condition)`, with a copy of the weights of a `WaveNet`.

    previous: the sample before, on [-1, 1], `(1, 1)`. past: what each layer was given `dilation` samples ago, then
    twice as long ago and so on, `(layers, 1, (kernel - 1) * residual)`. condition: each layer's, with its bias,
    `(layers, 1, 2 * gates)`. Returns the distribution `(1, outputs)` and what each layer was given now
    `(layers, residual)`.
    """

    past: Tensor

    def __init__(self, net: WaveNet) -> None:
        super().__init__()
        kernels = torch.stack([block.dilated.weight for block in net.blocks]).detach()
        taps = kernels[..., :-1].flip(3).permute(0, 3, 2, 1)  # layers, taps, residual, 2 * gates
        self.register_buffer("past", taps.flatten(1, 2).contiguous())
        self.now = nn.ParameterList([_turned(kernel[..., -1]) for kernel in kernels])
        self.residual = nn.ParameterList([_turned(block.residual.weight[..., 0]) for block in net.blocks[:-1]])
        self.enter, self.enter_bias = _turned(net.enter.weight[..., 0]), nn.Parameter(net.enter.bias.detach())
        self.skip = _turned(torch.cat([block.skip.weight[..., 0] for block in net.blocks], dim=1))
        self.skip_bias = nn.Parameter(torch.stack([block.skip.bias for block in net.blocks]).sum(0).detach())
        self.hidden, self.hidden_bias = _turned(net.hidden.weight[..., 0]), nn.Parameter(net.hidden.bias.detach())
        self.leave, self.leave_bias = _turned(net.leave.weight[..., 0]), nn.Parameter(net.leave.bias.detach())

    def forward(self, previous: Tensor, past: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        prepared = (torch.matmul(past, self.past) + condition).unbind(0)
        x = previous * self.enter + self.enter_bias
        given, gated = [], []
        for layer, now in enumerate(self.now):
            given.append(x)
            signal, gate = torch.addmm(prepared[layer], x, now).chunk(2, dim=1)
            gated.append(torch.tanh(signal) * torch.sigmoid(gate))
            if layer < len(self.residual):
                x = torch.addmm(x, gated[-1], self.residual[layer])
        skips = torch.relu(torch.addmm(self.skip_bias, torch.cat(gated, dim=1), self.skip))
        hidden = torch.relu(torch.addmm(self.hidden_bias, skips, self.hidden))
        return torch.addmm(self.leave_bias, hidden, self.leave), torch.cat(given)


class WaveNetConditions(nn.Module):
    """`forward(mel)`: `(1, frames, n_mels)` to `(frames * hop / repeat, layers, 1, 2 * gates)` for the step."""

    def __init__(self, net: WaveNet) -> None:
        super().__init__()
        self.net = net
        self.shape = (-1, net.config.layers, 1, 2 * net.config.gates)
        self.project = nn.Linear(net.config.condition, net.config.layers * 2 * net.config.gates)
        with torch.no_grad():
            self.project.weight.copy_(torch.cat([block.condition.weight[..., 0] for block in net.blocks]))
            self.project.bias.copy_(torch.cat([block.dilated.bias for block in net.blocks]))

    def forward(self, mel: Tensor) -> Tensor:
        """See the class."""
        projected: Tensor = self.project(self.net.places(mel)[0].t())
        return projected.reshape(self.shape)


def _turned(weight: Tensor) -> nn.Parameter:
    return nn.Parameter(weight.detach().t().contiguous())
