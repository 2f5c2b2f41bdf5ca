"""Vocoders of one graph: what their cards and graphs must say, and sound too long to be made at once."""

import numpy as np
import pytest

from voxproof.errors import ModelError, VoxproofError
from voxproof.features import log_mel
from voxproof.vocoders import load_vocoder, onnx, stream, vocoder_names, vocoders
from voxproof.vocoders.onnx import OnnxVocoder
from voxproof.vocoders.streaming import pieces


@pytest.fixture(params=["tiny-melgan", "tiny-hifigan"])
def vocoder(request, tiny_vocoder):
    return tiny_vocoder(request.param)


def changed(card, **fields):
    new = card.model_copy(update=fields)
    new._folder = card.folder
    return new


def test_the_engine_alone_is_no_vocoder():
    assert "onnx" in vocoders.names()
    assert "onnx" not in vocoder_names()
    assert {"griffinlim", "pulsar"} <= set(vocoder_names())
    with pytest.raises(ModelError, match="give the name of one"):
        load_vocoder("onnx")


def test_a_folder_of_the_users_is_enough(vocoder, tmp_path, monkeypatch, speech):
    monkeypatch.setenv("VOXPROOF_HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / vocoder.name).symlink_to(vocoder.card.folder)
    assert vocoder.name in vocoder_names()
    mel = log_mel(speech.samples[:16_000])
    loaded = load_vocoder(vocoder.name)
    assert loaded.parameters > 1000
    assert np.array_equal(loaded.vocode(mel), vocoder.vocode(mel))
    assert np.abs(loaded.vocode(mel)).max() > 1e-2  # or no comparison of its samples would say anything


def test_long_sound_is_made_in_pieces_that_say_the_same(vocoder, speech, monkeypatch):
    mel = log_mel(speech.samples)
    whole = vocoder.vocode(mel)
    longest = []
    run = OnnxVocoder._run
    monkeypatch.setattr(OnnxVocoder, "_run", lambda self, mel: longest.append(mel.shape[1]) or run(self, mel))
    monkeypatch.setattr(onnx, "_MOST_FRAMES", 100)
    assert np.abs(vocoder.vocode(mel) - whole).max() < 1e-4
    assert len(longest) > 5
    assert max(longest) <= 100 + 2 * vocoder.context + 1


def test_less_context_leaves_seams(vocoder, speech):
    """The context that the export measured is not more than is needed, by a frame or two."""
    mel = log_mel(speech.samples[:32_000])
    whole = vocoder.vocode(mel)
    made = pieces(lambda a, b: vocoder.vocode(mel[:, a:b]), mel.shape[1], vocoder.context // 2, 200, 30)
    assert np.abs(np.concatenate(list(made)) - whole).max() > 1e-4


def test_pieces_need_a_frame(vocoder):
    with pytest.raises(VoxproofError, match="give 1 or more"):
        list(stream(vocoder, np.zeros((80, 20), np.float32), frames=0))


def test_wrong_cards_say_what_is_wrong(vocoder):
    with pytest.raises(ModelError, match=r"config\.kontext"):
        OnnxVocoder(changed(vocoder.card, config={"kontext": 3}))
    with pytest.raises(ModelError, match=r"config\.context"):
        OnnxVocoder(changed(vocoder.card, config={"context": -1}))


def test_a_graph_of_another_kind_is_refused():
    from voxproof.models import load_card

    with pytest.raises(ModelError, match="must take 'mel' of 80 bands"):
        OnnxVocoder(changed(load_card("pulsar"), config={}))
