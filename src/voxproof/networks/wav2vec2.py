"""XLS-R, a wav2vec 2.0 of many languages (arXiv:2111.09296), as transformers builds it, from a checkpoint's shapes.

What the shapes do not tell is the same in all of its sizes: 16 attention heads, strides of 5 and 2, layer norm before
each layer and in the convolutions.
"""

import re
from collections.abc import Mapping

from torch import Tensor, nn

HEADS = 16
_STRIDES = (5, 2, 2, 2, 2, 2, 2)

# fairseq's names, in which the first detectors on XLS-R were published, and those of transformers.
_FAIRSEQ = (
    (r"^feature_extractor\.conv_layers\.(\d+)\.0\.", r"feature_extractor.conv_layers.\1.conv."),
    (r"^feature_extractor\.conv_layers\.(\d+)\.2\.1\.", r"feature_extractor.conv_layers.\1.layer_norm."),
    (r"^post_extract_proj\.", "feature_projection.projection."),
    (r"^layer_norm\.", "feature_projection.layer_norm."),
    (r"^encoder\.pos_conv\.0\.", "encoder.pos_conv_embed.conv."),
    (r"^encoder\.layers\.(\d+)\.self_attn\.", r"encoder.layers.\1.attention."),
    (r"^encoder\.layers\.(\d+)\.self_attn_layer_norm\.", r"encoder.layers.\1.layer_norm."),
    (r"^encoder\.layers\.(\d+)\.fc1\.", r"encoder.layers.\1.feed_forward.intermediate_dense."),
    (r"^encoder\.layers\.(\d+)\.fc2\.", r"encoder.layers.\1.feed_forward.output_dense."),
)
# Of the pre-training alone: masks, quantiser, contrastive head.
_PRETRAINING = re.compile(r"^(mask_emb|masked_spec_embed|quantizer\.|project_q\.|final_proj\.|project_hid\.)")
_WEIGHT_NORM = (("conv.weight_g", "original0"), ("conv.weight_v", "original1"))


def xlsr_tensors(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A checkpoint's tensors under the names of transformers, whichever of the two namings it has."""
    fairseq = any(name.startswith("post_extract_proj.") for name in tensors)
    named = {}
    for name, tensor in tensors.items():
        if _PRETRAINING.match(name):
            continue
        for old, new in _FAIRSEQ if fairseq else ():
            name = re.sub(old, new, name)
        for old, new in _WEIGHT_NORM:
            name = name.replace(f"pos_conv_embed.{old}", f"pos_conv_embed.conv.parametrizations.weight.{new}")
        named[name] = tensor
    return named


class Xlsr(nn.Module):
    """`(batch, samples)` at 16 kHz -> the state before the first and behind every layer, `(batch, frames, values)`.

    The last one is normed, as transformers and fairseq return it. Frames are 20 ms apart.
    """

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        """A network of the shapes in `tensors` (see `xlsr_tensors`), with their values; KeyError if some lack."""
        super().__init__()
        from transformers import Wav2Vec2Config, Wav2Vec2Model

        convolutions = [tensors[f"feature_extractor.conv_layers.{i}.conv.weight"] for i in range(len(_STRIDES))]
        hidden = tensors["feature_projection.projection.weight"].shape[0]
        layers = 1 + max(int(name.split(".")[2]) for name in tensors if name.startswith("encoder.layers."))
        position = tensors["encoder.pos_conv_embed.conv.parametrizations.weight.original1"]
        config = Wav2Vec2Config(
            hidden_size=hidden,
            num_hidden_layers=layers,
            num_attention_heads=HEADS,
            intermediate_size=tensors["encoder.layers.0.feed_forward.intermediate_dense.weight"].shape[0],
            conv_dim=[weight.shape[0] for weight in convolutions],
            conv_kernel=[weight.shape[2] for weight in convolutions],
            conv_stride=list(_STRIDES),
            conv_bias=True,
            feat_extract_norm="layer",
            num_conv_pos_embeddings=position.shape[2],
            num_conv_pos_embedding_groups=hidden // position.shape[1],
            do_stable_layer_norm=True,
            mask_time_prob=0.0,
            mask_feature_prob=0.0,
            attn_implementation="eager",
        )
        self.model = Wav2Vec2Model(config).eval()
        self.model.load_state_dict(dict(tensors))
        # One fixed weight in place of its parts: the exporter needs no way to compute it.
        nn.utils.parametrize.remove_parametrizations(self.model.encoder.pos_conv_embed.conv, "weight")
        self.hidden = hidden

    def forward(self, samples: Tensor) -> list[Tensor]:
        """The states; see the class."""
        encoder = self.model.encoder
        frames, _ = self.model.feature_projection(self.model.feature_extractor(samples).transpose(1, 2))
        states = [frames + encoder.pos_conv_embed(frames)]
        for layer in encoder.layers:
            state = layer(states[-1])
            states.append(state[0] if isinstance(state, tuple) else state)
        states[-1] = encoder.layer_norm(states[-1])
        return states
