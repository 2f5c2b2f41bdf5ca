"""The weights of a ResNet-18 learned on ImageNet, from the hub where there is a network."""

from torch import Tensor

from voxproof.errors import ModelError
from voxproof.models.file import CardFile
from voxproof.models.sources import HubSource, Wanted

# Wightman et al., "ResNet strikes back" (arXiv:2110.00476), Apache-2.0.
_HUB = HubSource(repo="timm/resnet18.a1_in1k", revision="491b427b45c94c7fb0e78b5474cc919aff584bbf")
_FILE = CardFile(
    name="model.safetensors",
    sha256="80c49dee3da4822c009c5a7fe591e9223c5a2cfcf95a4067ca4dfb5a7b89c612",
    size=46_807_446,
)


def imagenet_weights() -> dict[str, Tensor]:
    """Tensors by torchvision's names; `ModelError` if they are neither in the cache nor to be had."""
    from safetensors.torch import load_file

    try:
        path = _HUB.find(Wanted(model="resnet18-imagenet", folder=None, file=_FILE))
    except ModelError as error:
        raise ModelError(f"no ImageNet weights ({error}): go online once, or leave `start: imagenet` out") from None
    assert path is not None
    return dict(load_file(path))
