"""GE2E (arXiv 1710.10467) with the weights that the Resemblyzer package carries, on ONNX Runtime.

The package is found but not imported (it would bring torch and librosa with it), and its checkpoint's pickle is read,
not run. The graph is ours and holds no weights.
"""

import numpy as np

from voxproof.errors import ModelError
from voxproof.models import Card, file_path, open_session, read_torch_tensors
from voxproof.speakers.encoder import Floats, SpeakerEncoder, encoders
from voxproof.speakers.ge2e_mel import mel_partials, raise_volume, utterance_embedding
from voxproof.speakers.ge2e_silence import trim_long_silences

CHECKPOINT = "pretrained.pt"
GRAPH = "graph.onnx"
_LAYERS = 3
_HIDDEN = 256
_PARTIALS_AT_ONCE = 64


@encoders.register("ge2e-resemblyzer")
class Ge2eEncoder(SpeakerEncoder):
    """Embeddings as Resemblyzer's `preprocess_wav` and `embed_utterance` give them; no component is negative."""

    # Centres of the two halves of a clip's 2 s windows: 0.77 at the least for 40 speakers, at most 0.68 for pairs of a
    # man and a woman; of pairs of one gender four in five lie below.
    different_below = 0.7

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        self._session = open_session(card, GRAPH, initializers=ge2e_initializers(card))

    @property
    def dim(self) -> int:
        """256."""
        return _HIDDEN

    def _embed(self, samples: Floats) -> Floats:
        return self.embed_preprocessed(trim_long_silences(raise_volume(samples)))

    def embed_preprocessed(self, samples: Floats) -> Floats:
        """The embedding of samples at 16 kHz whose volume is raised and whose long silences are cut already."""
        partials = mel_partials(samples)
        embeddings = [
            self._session.run(None, {"mels": partials[start : start + _PARTIALS_AT_ONCE]})[0]
            for start in range(0, len(partials), _PARTIALS_AT_ONCE)
        ]
        return utterance_embedding(np.concatenate(embeddings))


def ge2e_initializers(card: Card) -> dict[str, Floats]:
    """The checkpoint's weights by the names that the graph gives them (`voxproof.networks.ge2e_graph`).

    torch stacks the gates of an LSTM as input, forget, cell, output; ONNX as input, output, forget, cell.
    """
    path = file_path(card, CHECKPOINT)
    tensors = {
        name.removeprefix("model_state."): values
        for name, values in read_torch_tensors(path, prefix="model_state.").items()
    }
    try:
        named: dict[str, Floats] = {
            "linear_weight": tensors["linear.weight"],
            "linear_bias": tensors["linear.bias"],
        }
        for layer in range(_LAYERS):
            named[f"W{layer}"] = _onnx_gates(tensors[f"lstm.weight_ih_l{layer}"])[None]
            named[f"R{layer}"] = _onnx_gates(tensors[f"lstm.weight_hh_l{layer}"])[None]
            biases = [_onnx_gates(tensors[f"lstm.bias_{kind}_l{layer}"]) for kind in ("ih", "hh")]
            named[f"B{layer}"] = np.concatenate(biases)[None]
    except KeyError as missing:
        raise ModelError(f"{path}: the checkpoint has no tensor {missing}") from None
    return named


def _onnx_gates(stacked: Floats) -> Floats:
    entry, forget, cell, output = np.split(stacked, 4)
    return np.concatenate([entry, output, forget, cell])
