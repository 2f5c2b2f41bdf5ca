"""The SSL leaders on tiny random checkpoints of the same architecture: read, built, exported, scored, refused."""

import re

import numpy as np
import onnxruntime
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
transformers = pytest.importorskip("transformers")

from safetensors.torch import save_file  # noqa: E402

from voxproof.detection import detectors  # noqa: E402
from voxproof.errors import ModelError  # noqa: E402
from voxproof.models import load_card  # noqa: E402
from voxproof.networks.aasist import AasistSize, GraphBackEnd, residual_encoder  # noqa: E402
from voxproof.networks.df_arena import DfArena  # noqa: E402
from voxproof.networks.head_conformer import positions  # noqa: E402
from voxproof.networks.wav2vec2 import Xlsr, xlsr_tensors  # noqa: E402
from voxproof.networks.xlsr_aasist import XlsrAasist  # noqa: E402
from voxproof.training import import_ssl  # noqa: E402

XLSR_300M = {"hidden": 1024, "layers": 24, "inner": 4096, "channels": 512, "taps": 128}
WINDOW = 16_000  # samples: a quarter of what the published networks hear
TINY = {"hidden": 32, "layers": 3, "inner": 48, "channels": 16, "taps": 8}

# From the names of transformers to those of fairseq.
TO_FAIRSEQ = (
    (r"^(feature_extractor\.conv_layers\.\d+)\.conv\.", r"\1.0."),
    (r"^(feature_extractor\.conv_layers\.\d+)\.layer_norm\.", r"\1.2.1."),
    (r"^feature_projection\.projection\.", "post_extract_proj."),
    (r"^feature_projection\.layer_norm\.", "layer_norm."),
    (r"^encoder\.pos_conv_embed\.conv\.parametrizations\.weight\.original0", "encoder.pos_conv.0.weight_g"),
    (r"^encoder\.pos_conv_embed\.conv\.parametrizations\.weight\.original1", "encoder.pos_conv.0.weight_v"),
    (r"^encoder\.pos_conv_embed\.conv\.bias", "encoder.pos_conv.0.bias"),
    (r"^(encoder\.layers\.\d+)\.attention\.", r"\1.self_attn."),
    (r"^(encoder\.layers\.\d+)\.layer_norm\.", r"\1.self_attn_layer_norm."),
    (r"^(encoder\.layers\.\d+)\.feed_forward\.intermediate_dense\.", r"\1.fc1."),
    (r"^(encoder\.layers\.\d+)\.feed_forward\.output_dense\.", r"\1.fc2."),
    (r"^masked_spec_embed$", "mask_emb"),
)


def xlsr(hidden, layers, inner, channels, taps):
    """A random XLS-R of transformers."""
    config = transformers.Wav2Vec2Config(
        hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=16, intermediate_size=inner,
        conv_dim=[channels] * 7, conv_kernel=[10, 3, 3, 3, 3, 2, 2], conv_stride=[5, 2, 2, 2, 2, 2, 2], conv_bias=True,
        feat_extract_norm="layer", num_conv_pos_embeddings=taps, do_stable_layer_norm=True,
    )  # fmt: skip
    return transformers.Wav2Vec2Model(config).eval()


def conformer(width, heads=4):
    """Random tensors of four conformer blocks, under the published names."""
    inner, each = 2 * width, width // heads
    shapes = {"class_token": (1, width), "fc5.weight": (2, width), "fc5.bias": (2,)}
    shapes["positional_emb"] = (1, 10_000, width)
    for place in range(4):
        block = f"encoder_blocks.{place}"
        for dense in (f"{block}.ff1.fn", f"{block}.ff2.fn"):
            shapes |= {f"{dense}.norm.weight": (width,), f"{dense}.norm.bias": (width,)}
            shapes |= {f"{dense}.fn.net.0.weight": (4 * width, width), f"{dense}.fn.net.0.bias": (4 * width,)}
            shapes |= {f"{dense}.fn.net.3.weight": (width, 4 * width), f"{dense}.fn.net.3.bias": (width,)}
        attention, net = f"{block}.attn.fn", f"{block}.conv.net"
        shapes |= {f"{block}.attn.norm.weight": (width,), f"{block}.attn.norm.bias": (width,)}
        shapes |= {f"{attention}.qkv.weight": (3 * width, width), f"{attention}.pos_embed": (1, heads, width)}
        shapes |= {f"{attention}.proj.weight": (width, width), f"{attention}.proj.bias": (width,)}
        shapes |= {f"{attention}.ht_proj.weight": (width, each), f"{attention}.ht_proj.bias": (width,)}
        shapes |= {f"{attention}.ht_norm.weight": (each,), f"{attention}.ht_norm.bias": (each,)}
        shapes |= {f"{net}.0.weight": (width,), f"{net}.0.bias": (width,)}
        shapes |= {f"{net}.2.weight": (2 * inner, width, 1), f"{net}.2.bias": (2 * inner,)}
        shapes |= {f"{net}.4.conv.weight": (inner, 1, 31), f"{net}.4.conv.bias": (inner,)}
        shapes |= {f"{net}.5.{name}": (inner,) for name in ("weight", "bias", "running_mean", "running_var")}
        shapes |= {f"{net}.5.num_batches_tracked": (), f"{net}.7.weight": (width, inner, 1), f"{net}.7.bias": (width,)}
        shapes |= {f"{block}.post_norm.weight": (width,), f"{block}.post_norm.bias": (width,)}
    return {name: torch.rand(shape) * 0.4 + ("var" in name) for name, shape in shapes.items()}


def df_arena(sizes):
    """A checkpoint of DF Arena's architecture."""
    hidden = sizes["hidden"]
    tensors = {f"ssl_model.{name}": tensor for name, tensor in xlsr(**sizes).state_dict().items()}
    tensors |= {f"conformer.{name}": tensor for name, tensor in conformer(hidden).items()}
    tensors |= {"first_bn.weight": torch.ones(1), "first_bn.bias": torch.zeros(1)}
    tensors |= {"first_bn.running_mean": torch.zeros(1), "first_bn.running_var": torch.ones(1)}
    tensors |= {"first_bn.num_batches_tracked": torch.tensor(1), "attn_scores.weight": torch.randn(1, hidden)}
    tensors |= {"fc0.weight": torch.randn(1, hidden), "fc0.bias": torch.zeros(1)}
    return {f"backbone.{name}": tensor.detach() for name, tensor in tensors.items()}


def xlsr_aasist(sizes):
    """A checkpoint of XLS-R + AASIST, named as fairseq and data-parallel training leave it."""
    size = AasistSize((32, 32, 64, 64, 64, 64), 64, 32, 0.5, 0.5, 0.5)
    head = torch.nn.ModuleDict(
        {
            "encoder": residual_encoder(size.channels),
            "first_bn": torch.nn.BatchNorm2d(1),
            "first_bn1": torch.nn.BatchNorm2d(64),
            "LL": torch.nn.Linear(sizes["hidden"], 128),
            "attention": torch.nn.Sequential(
                torch.nn.Conv2d(64, 128, 1), torch.nn.SELU(), torch.nn.BatchNorm2d(128), torch.nn.Conv2d(128, 64, 1)
            ),
        }
    )
    tensors = {**GraphBackEnd(64, 42, size).state_dict(), **head.state_dict()}
    for name, tensor in xlsr(**sizes).state_dict().items():
        for ours, theirs in TO_FAIRSEQ:
            name = re.sub(ours, theirs, name)
        tensors[f"ssl_model.model.{name}"] = tensor
    tensors["ssl_model.model.quantizer.vars"] = torch.zeros(1, 2, 3)
    return {f"module.{name}": tensor.detach() for name, tensor in tensors.items()}


def millions(module):
    return sum(parameter.numel() for parameter in module.parameters()) / 1e6


def test_sizes_are_those_of_the_published_networks():
    with torch.device("meta"):
        # The published counts: with mask, quantiser (2 x 320 entries of 384) and the two projections of pre-training,
        pretraining = 1024 + 320 * 2 * 384 + 513 * 640 + 769 * 768 + 1025 * 768
        assert millions(XlsrAasist(xlsr_aasist(XLSR_300M))) + pretraining / 1e6 == pytest.approx(317.84, abs=0.005)
        # and with a table of 10,000 positions, which is computed here.
        assert millions(DfArena(df_arena(XLSR_300M))) + 10.24 == pytest.approx(436, abs=0.5)


def test_the_states_are_those_of_transformers():
    torch.manual_seed(0)
    whole = xlsr(**TINY)
    samples = torch.randn(2, 4000)
    with torch.no_grad():
        theirs = whole(samples, output_hidden_states=True)
        ours = Xlsr(xlsr_tensors(whole.state_dict()))(samples)
    assert len(ours) == 4
    for mine, other in zip(ours[:-1], theirs.hidden_states, strict=False):
        torch.testing.assert_close(mine, other)
    torch.testing.assert_close(ours[-1], theirs.last_hidden_state)


def test_positions_by_hand():
    table = positions(3, 4)[0]
    np.testing.assert_allclose(table[2], [np.sin(2), np.cos(2), np.sin(0.02), np.cos(0.02)], rtol=1e-6)


@pytest.mark.parametrize(("name", "make", "file"), [
    ("xlsr-aasist", xlsr_aasist, "LA_model.pth"),
    ("df-arena-500m", df_arena, "pytorch_model.bin"),
    ("df-arena-1b", df_arena, "model.safetensors"),
])  # fmt: skip
def test_a_leader_by_name_scores_speech(name, make, file, tmp_path, voices):
    torch.manual_seed(0)
    tensors = make(TINY)
    checkpoint = tmp_path / file
    (save_file if file.endswith("safetensors") else torch.save)(tensors, checkpoint)
    card = import_ssl.import_ssl(name, tmp_path / name, checkpoint, None, WINDOW)
    assert {path.name for path in (tmp_path / name).iterdir()} == {"card.yaml", "model.onnx"}
    assert import_ssl.LEADERS[name].revision in card.training_data[0].origin
    detector = detectors.get(card.engine)(load_card(tmp_path / name))
    network = import_ssl.LEADERS[name].network(tensors)
    samples = [voice.samples[16_000 : 16_000 + WINDOW] for voice in voices.values()][:2]
    with torch.no_grad():
        expected = network(torch.from_numpy(np.stack(samples))).numpy()
    scores = [float(detector.raw_scores(window)[1][0]) for window in samples]
    np.testing.assert_allclose(scores, expected, atol=5e-3 * max(1.0, np.abs(expected).max()))


def test_a_large_one_is_stored_in_eight_bits(tmp_path):
    torch.manual_seed(0)
    sizes = {**TINY, "hidden": 160}
    torch.save(df_arena(sizes), tmp_path / "pytorch_model.bin")
    small = import_ssl.import_ssl("df-arena-1b", tmp_path / "eight", tmp_path / "pytorch_model.bin", None, WINDOW)
    large = import_ssl.import_ssl("df-arena-500m", tmp_path / "sixteen", tmp_path / "pytorch_model.bin", None, WINDOW)
    assert small.bytes < 0.75 * large.bytes
    samples = {"features": np.random.default_rng(0).standard_normal((1, WINDOW)).astype(np.float32)}
    scores = [
        onnxruntime.InferenceSession(str(tmp_path / name / "model.onnx")).run(["scores"], samples)[0][0]
        for name in ("eight", "sixteen")
    ]
    assert scores[0] == pytest.approx(scores[1], rel=0.05, abs=0.05)


def test_wrong_names_and_checkpoints_are_refused(tmp_path, capsys, monkeypatch):
    with pytest.raises(ModelError, match="df-arena-1b"):
        import_ssl.find_leader("df-arena-9b")
    torch.save(df_arena(TINY), tmp_path / "pytorch_model.bin")
    monkeypatch.setattr(
        "sys.argv",
        ["import_ssl", "xlsr-aasist", str(tmp_path / "out"), "--checkpoint", str(tmp_path / "pytorch_model.bin")],
    )
    assert import_ssl.main() == 3
    line = capsys.readouterr().err
    assert "not the checkpoint of SpeechAntiSpoofingBenchmarks/W2V2-AASIST" in line
    assert line.count("\n") == 1


def test_without_a_network_one_line_says_what_to_do(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("VOXPROOF_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("sys.argv", ["import_ssl", "df-arena-500m", str(tmp_path / "out")])
    assert import_ssl.main() == 3
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "Speech-Arena-2025/DF_Arena_500M_V_1 at 8258fa8e74ff" in line
    assert "--checkpoint" in line
    assert not (tmp_path / "out").exists()
