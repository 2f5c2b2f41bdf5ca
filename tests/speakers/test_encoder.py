"""What holds for every speaker encoder."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from voxproof import paths
from voxproof.audio import Audio
from voxproof.errors import AudioError, ModelError
from voxproof.models import describe_file, session_of
from voxproof.speakers import CONDITIONING, JUDGE, encoders, load_encoder


def test_an_embedding_is_a_unit_vector_and_always_the_same(encoder_name: str, speech: Audio) -> None:
    encoder = load_encoder(encoder_name)
    embedding = encoder.embed(speech)
    assert encoder.name == encoder_name
    assert embedding.dtype == np.float32
    assert embedding.shape == (encoder.dim,)
    assert np.linalg.norm(embedding) == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_array_equal(encoder.embed(speech), embedding)


def test_halves_of_a_clip_are_nearer_than_other_people(encoder_name: str, voices: dict[str, Audio]) -> None:
    encoder = load_encoder(encoder_name)
    halves = {}
    for name, audio in voices.items():
        middle = len(audio.samples) // 2
        halves[name] = [
            encoder.embed(Audio(part, audio.rate)) for part in (audio.samples[:middle], audio.samples[middle:])
        ]
    own = np.mean([first @ second for first, second in halves.values()])
    other = np.mean([halves[a][0] @ halves[b][1] for a in halves for b in halves if a != b])
    assert own > other


def test_the_sampling_rate_hardly_matters(encoder_name: str, speech: Audio) -> None:
    encoder = load_encoder(encoder_name)
    assert encoder.embed(speech.resampled(44_100)) @ encoder.embed(speech) > 0.99


@pytest.mark.parametrize("seconds", [0.12, 0.5, 1.7])
def test_short_speech_has_an_embedding(encoder_name: str, speech: Audio, seconds: float) -> None:
    piece = Audio(speech.samples[16_000 : 16_000 + round(seconds * 16_000)], 16_000)
    assert np.linalg.norm(load_encoder(encoder_name).embed(piece)) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(
    ("samples", "says"), [(np.zeros(16_000), "silent"), (np.ones(800), "too short"), (np.zeros(1), "too short")]
)
def test_what_holds_no_voice_is_refused(encoder_name: str, samples: np.ndarray, says: str) -> None:
    with pytest.raises(AudioError, match=says):
        load_encoder(encoder_name).embed(Audio(samples.astype(np.float32), 16_000))


def test_the_conditioning_encoder_never_judges() -> None:
    assert CONDITIONING != JUDGE
    assert {"ge2e-resemblyzer", "onnx"} <= set(encoders.names())


def test_a_card_of_another_kind_is_refused() -> None:
    with pytest.raises(ModelError, match="is a vocoder, not a speaker-encoder"):
        load_encoder("pulsar")


def change_card(**config: object) -> None:
    path = paths.user_models() / "tiny-encoder" / "card.yaml"
    card = yaml.safe_load(path.read_text(encoding="utf-8"))
    card["config"].update(config)
    path.write_text(yaml.safe_dump(card), encoding="utf-8")
    load_encoder.cache_clear()


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"dim": 0}, "dim"),
        ({"dims": 3}, "dims"),
        ({"mel": {"hopp": 160}}, "hopp"),
        ({"mel": {"hop": "often"}}, "hop"),
        ({"output": "embeddings"}, r"the graph has no embeddings; it has \['embedding', 'log_mel'\]"),
    ],
)
def test_a_wrong_config_is_refused_when_the_encoder_is_loaded(config: dict[str, object], says: str) -> None:
    change_card(**config)
    with pytest.raises(ModelError, match=says):
        load_encoder("tiny-encoder")


def test_a_wrong_dim_is_noticed(speech: Audio) -> None:
    change_card(dim=31)
    with pytest.raises(ModelError, match=r"\(32,\), not \(31,\)"):
        load_encoder("tiny-encoder").embed(speech)


def test_crops_cover_the_clip(speech: Audio) -> None:
    whole = load_encoder("tiny-encoder").embed(speech)
    change_card(crop_seconds=2.0, step_seconds=1.0)
    cropped = load_encoder("tiny-encoder")
    assert cropped.embed(speech) @ whole > 0.95
    # A sound at the very end is in the last crop.
    changed = speech.samples.copy()
    changed[-8_000:] = np.random.default_rng(0).standard_normal(8_000) * 0.2
    assert cropped.embed(Audio(changed, 16_000)) @ cropped.embed(speech) < 0.9999


def test_a_level_in_the_card_makes_loudness_matter_less(speech: Audio) -> None:
    quiet = Audio(speech.samples * 0.01, speech.rate)
    levelled = load_encoder("tiny-encoder")
    with_level = levelled.embed(quiet) @ levelled.embed(speech)
    change_card(level=None)
    plain = load_encoder("tiny-encoder")
    without = plain.embed(quiet) @ plain.embed(speech)
    assert with_level > 0.9999
    assert without < 0.997  # the floor of the logarithm swallows what is quiet


def test_a_file_that_is_no_graph_gives_one_line(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"not a graph")
    with pytest.raises(ModelError) as caught:
        session_of(path)
    assert "\n" not in str(caught.value)
    assert describe_file(path).size == 11


@pytest.mark.parametrize("threads", ["0", "many", "-1"])
def test_a_wrong_number_of_threads_is_refused(threads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXPROOF_THREADS", threads)
    with pytest.raises(ModelError, match="VOXPROOF_THREADS"):
        load_encoder("tiny-encoder")
