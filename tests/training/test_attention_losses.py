import pytest

torch = pytest.importorskip("torch")

from voxproof.training.alignment_picture import draw_alignment  # noqa: E402
from voxproof.training.attention_losses import diagonality, focus, guided_attention  # noqa: E402


def straight(steps, phonemes):
    return torch.eye(phonemes)[torch.arange(steps) * phonemes // steps].unsqueeze(0)


def test_guided_attention_by_hand():
    alignment = torch.tensor([[[1.0, 0.0], [0.25, 0.75]]])
    expected = 0.25 * (1 - torch.exp(torch.tensor(-(0.5**2) / (2 * 0.2**2)))) / 2
    assert float(guided_attention(alignment, [2], [2])) == pytest.approx(float(expected), rel=1e-5)


def test_a_straight_way_is_free_and_a_wrong_one_is_dear():
    way = straight(40, 20)
    assert float(guided_attention(way, [20], [40])) < 0.01
    assert float(diagonality(way, [20], [40])) == 1.0
    assert float(focus(way, [40])) == 1.0
    back = way.flip(2)
    assert float(guided_attention(back, [20], [40])) > 0.4
    flat = torch.full((1, 40, 20), 1 / 20)
    assert 0.2 < float(diagonality(flat, [20], [40])) < 0.35
    assert float(focus(flat, [40])) == pytest.approx(0.05)


def test_padding_changes_nothing():
    torch.manual_seed(0)
    alignment = torch.softmax(torch.randn(1, 12, 6), -1)
    padded = torch.rand(1, 20, 9)
    padded[:, :12, :6] = alignment
    padded[:, :12, 6:] = 0
    for measure in (guided_attention, diagonality):
        assert float(measure(padded, [6], [12])) == pytest.approx(float(measure(alignment, [6], [12])), rel=1e-5)
    assert float(focus(padded, [12])) == pytest.approx(float(focus(alignment, [12])))


def test_the_picture_is_a_png(tmp_path):
    draw_alignment(straight(40, 5)[0].numpy(), "hˈɛlə", tmp_path / "new" / "x.png", "title")
    assert (tmp_path / "new" / "x.png").read_bytes().startswith(b"\x89PNG")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["x.png"]
