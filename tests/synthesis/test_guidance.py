"""Guidance: where the mel is below the average speaker's it goes further down, and nothing else changes."""

import shutil

import numpy as np
import pytest

from voxproof.audio import read_audio
from voxproof.errors import ModelError
from voxproof.models import describe_file, load_card, save_card
from voxproof.speakers import load_encoder
from voxproof.synthesis.cantor import AVERAGE, CantorSynthesizer
from voxproof.text import phonemes

TEXT = phonemes("The ferry leaves the harbour.")


def cantor(folder, guidance, average=None):
    """The shipped Cantor with another guidance, and maybe another average speaker."""
    shipped = load_card("cantor")
    for file in shipped.files:
        shutil.copyfile(shipped.folder / file.name, folder / file.name)
    if average is not None:
        if isinstance(average, bytes):
            (folder / AVERAGE).write_bytes(average)
        else:
            np.save(folder / AVERAGE, average)
    files = tuple(describe_file(folder / file.name) for file in shipped.files)
    config = dict(shipped.config) | {"guidance": guidance}
    save_card(shipped.model_copy(update={"files": files, "config": config}), folder)
    return CantorSynthesizer(load_card(folder))


@pytest.fixture
def embedding(voice_path):
    return load_encoder("voice-encoder").embed(read_audio(voice_path("anna")))


def say(engine, embedding):
    return engine.synthesize(TEXT, embedding, register=120.0)


def test_the_mel_goes_down_where_it_is_below_the_average_by_that_factor(tmp_path, embedding):
    folders = [tmp_path / name for name in ("none", "some", "more")]
    for folder in folders:
        folder.mkdir()
    none, some, more = (say(cantor(folder, g), embedding) for folder, g in zip(folders, (0.0, 0.5, 1.0), strict=True))
    assert np.array_equal(none.f0, some.f0)
    assert np.array_equal(none.symbols, some.symbols)
    step = some.mel - none.mel
    assert step.max() <= 1e-4
    assert 0.05 < (step < -1e-3).mean() < 0.95  # elsewhere the speaker is above the average, and stays
    assert np.allclose(more.mel - none.mel, 2 * step, atol=1e-3)


def test_the_average_speaker_is_not_led_anywhere(tmp_path, embedding):
    guided, plain = tmp_path / "guided", tmp_path / "plain"
    guided.mkdir()
    plain.mkdir()
    one, other = say(cantor(guided, 1.0, embedding), embedding), say(cantor(plain, 0.0), embedding)
    assert np.allclose(one.mel, other.mel, atol=1e-3)


def test_the_shipped_voice_is_guided():
    assert CantorSynthesizer().guidance > 0


def test_an_average_that_is_no_array_is_one_line(tmp_path):
    with pytest.raises(ModelError, match=r"average\.npy: not an array of NumPy"):
        cantor(tmp_path, 0.5, b"mel")


def test_an_average_of_another_size_is_one_line(tmp_path):
    with pytest.raises(ModelError, match=r"average\.npy: shape \(255,\), where the encoder takes 256"):
        cantor(tmp_path, 0.5, np.zeros(255, np.float32))
