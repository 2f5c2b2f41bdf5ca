"""The earlier systems' networks: shapes, sizes, and what their parts compute."""

import pytest

torch = pytest.importorskip("torch")

from voxproof.networks.mel_cnn import MelCnn  # noqa: E402
from voxproof.networks.resnet import ResNet18  # noqa: E402
from voxproof.networks.simple_cnn import SimpleCnn  # noqa: E402


def parameters(module):
    return sum(p.numel() for p in module.parameters())


def test_resnet18_has_the_parameters_of_the_paper():
    # torchvision's has 11,689,512 for a thousand classes; 998 outputs of 512 weights and a bias each are gone.
    assert parameters(ResNet18()) == 11_177_538 == 11_689_512 - 998 * 513
    assert parameters(ResNet18(1000)) == 11_689_512


def test_resnet18_names_its_tensors_as_torchvision_does():
    names = set(ResNet18().state_dict())
    assert len(names) == 122
    assert {"conv1.weight", "bn1.running_var", "layer1.0.conv1.weight", "fc.bias"} <= names
    assert {"layer2.0.downsample.0.weight", "layer4.0.downsample.1.num_batches_tracked"} <= names
    assert not any(name.startswith("layer1.0.downsample") for name in names)


def test_resnet18_halves_five_times():
    module = ResNet18().eval()
    seen = []
    for place in (1, 2, 3, 4):
        module.get_submodule(f"layer{place}").register_forward_hook(lambda _, __, y: seen.append(tuple(y.shape[1:])))
    with torch.no_grad():
        assert module(torch.randn(2, 3, 224, 224)).shape == (2,)
    assert seen == [(64, 56, 56), (128, 28, 28), (256, 14, 14), (512, 7, 7)]


def test_a_block_adds_its_input():
    block = ResNet18().layer1[0].eval()
    torch.nn.init.zeros_(block.bn2.weight)
    x = torch.rand(1, 64, 8, 8)
    torch.testing.assert_close(block(x), x)


def test_resnet18_takes_all_but_the_last_layer_from_imagenet():
    given, module = ResNet18(1000), ResNet18()
    last = module.fc.weight.clone()
    module.start_from_imagenet(given.state_dict())
    assert torch.equal(module.layer4[1].conv2.weight, given.layer4[1].conv2.weight)
    assert torch.equal(module.fc.weight, last)
    with pytest.raises(KeyError):
        module.start_from_imagenet({})


def test_simple_cnn_is_lenet_enlarged():
    module = SimpleCnn().eval()
    # By hand: 6 * 76, 16 * 151, 120 * 44945, 84 * 121, 2 * 85.
    assert parameters(module) == 456 + 2_416 + 5_393_400 + 10_164 + 170
    with torch.no_grad():
        assert module(torch.randn(2, 3, 224, 224)).shape == (2,)


@pytest.mark.parametrize("network", [SimpleCnn, ResNet18])
def test_one_logit_has_the_cross_entropy_of_two(network):
    module = network().eval()
    pictures, labels = torch.randn(2, 3, 224, 224), torch.tensor([0, 1])
    with torch.no_grad():
        two = torch.nn.functional.cross_entropy(module.classes(pictures), labels)
        one = torch.nn.functional.binary_cross_entropy_with_logits(module(pictures), labels.float())
    torch.testing.assert_close(one, two)


def test_mel_cnn_is_small():
    module = MelCnn().eval()
    # Convolutions, batch norms (scale and shift), and two dense layers.
    assert parameters(module) == (144 + 4_608 + 18_432 + 36_864) + 2 * 176 + (64 * 65 + 65)
    with torch.no_grad():
        assert module(torch.randn(3, 1, 128, 128)).shape == (3,)
        assert module(torch.randn(1, 1, 128, 50)).shape == (1,)
