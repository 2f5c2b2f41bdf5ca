"""The earlier systems' detectors end to end on a few seconds of speech: train, export, score by ONNX Runtime."""

import csv

import numpy as np
import pytest
import yaml

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from voxproof.audio import Audio  # noqa: E402
from voxproof.detection import detectors  # noqa: E402
from voxproof.detection.front_ends import front_end  # noqa: E402
from voxproof.errors import CorpusError, ModelError  # noqa: E402
from voxproof.models import Card, describe_file, load_card, save_card  # noqa: E402
from voxproof.training.checkpoint import load_checkpoint  # noqa: E402
from voxproof.training.detector import train_detector  # noqa: E402
from voxproof.training.detector_data import held_out_pages, pack_clips, read_manifest  # noqa: E402
from voxproof.training.detector_joined import JoinedClips  # noqa: E402
from voxproof.training.detector_networks import find_network  # noqa: E402
from voxproof.training.export_detector import UNFITTED, _framed, export_detector  # noqa: E402
from voxproof.training.imagenet_weights import imagenet_weights  # noqa: E402
from voxproof.training.recipe import RECIPES, Run  # noqa: E402

EARLIER = ("mel-cnn", "simple-cnn", "resnet18")
CLASSIFIERS = ("logistic-regression", "svm", "gradient-boosting")


def robotic(samples):
    """A crude fake of a real clip: magnitudes kept, phases set to zero, frame by frame."""
    frames = samples[: len(samples) // 400 * 400].reshape(-1, 400)
    flat = np.fft.irfft(np.abs(np.fft.rfft(frames, axis=1)), axis=1)
    return (0.5 * flat / np.abs(flat).max()).ravel().astype(np.float32)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, voices):
    """Four pages, each a voice: five real clips of 1.25 s, and their robotic copies by a speaker whom nobody names."""
    folder = tmp_path_factory.mktemp("corpus")
    with (folder / "manifest.tsv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, delimiter="\t")
        table.writerow(["path", "label", "page", "generator", "family", "speaker"])
        for name, audio in voices.items():
            for number in range(5):
                part = audio.samples[number * 20_000 : number * 20_000 + 20_000]
                for label, samples in (("real", part), ("fake", robotic(part))):
                    path = f"{name}-{label}{number}.wav"
                    Audio(samples, 16_000).save(folder / path)
                    generator, speaker = ("robot", "") if label == "fake" else ("", name)
                    table.writerow([path, label, name, generator, "vocoder", speaker])
    return folder


@pytest.fixture(scope="module")
def config(corpus, tmp_path_factory):
    return {
        "speech": [str(corpus)],
        "cache": str(tmp_path_factory.mktemp("cache")),
        "held_out": 0.25,
        "judge_minutes": 60,
        "card": {"summary": "A detector of a test.", "licence": "Apache-2.0"},
    }


@pytest.mark.parametrize("network", EARLIER)
def test_networks_train_and_score_by_onnx_runtime(config, network, tmp_path, voices):
    recipe = {**config, "network": network, "batch": 2, "optimiser": "adam", "rate": 1e-4, "average": 0.0}
    recipe["join"] = network == "simple-cnn"
    train_detector(Run(recipe, tmp_path, 0.01, False, 1))
    kind = find_network(recipe)
    module = kind.build(recipe).eval()
    assert load_checkpoint(tmp_path / "best.safetensors", module)["step"] >= 1
    # A few steps teach nothing that could be calibrated, so the card is written without its figures.
    engine, settings = _framed(recipe, tmp_path, tmp_path)
    parts = {"name": network, "kind": "detector", "engine": engine, **config["card"]}
    parts["files"] = [describe_file(tmp_path / "model.onnx").model_dump()]
    parts["config"] = {**settings, "calibration": UNFITTED.model_dump()}
    save_card(Card.model_validate(parts), tmp_path)
    detector = detectors.get(engine)(load_card(tmp_path))
    samples = np.resize(voices["ben"].samples, kind.window)
    with torch.no_grad():
        expected = module(torch.from_numpy(front_end(kind.front_end)(samples))[None]).numpy()
    found = detector.raw_scores(samples)[1]
    np.testing.assert_allclose(found, expected, atol=0.02, rtol=0.02)  # weights are stored in half precision


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_classifiers_train_and_score_by_onnx_runtime(config, classifier, tmp_path, corpus):
    pytest.importorskip("sklearn")
    from sklearn.preprocessing import StandardScaler

    from voxproof.training.classical import features_of, make_classifier, train_classical

    recipe = {**config, "recipe": "classical", "classifier": classifier, "front_end": "classical", "window": 1.25}
    run = Run(recipe, tmp_path, 1.0, False, 1)
    train_classical(run)
    export_detector(recipe, tmp_path, tmp_path / "detector-classical")
    detector = detectors.get("framed")(load_card(tmp_path / "detector-classical"))
    pack = pack_clips(read_manifest(corpus), config["cache"])
    features = features_of(pack, recipe)
    assert features.shape == (40, 193)
    fake = np.array([clip.fake for clip in pack.clips])
    scores = np.array([detector.raw_scores(pack[place])[1][0] for place in range(len(pack))])
    held_out = held_out_pages(pack.clips, recipe["held_out"])
    learning = np.array([clip.page not in held_out for clip in pack.clips])
    assert scores[learning & fake].min() > scores[learning & ~fake].max()
    # The same classifier, fitted here on the same clips, decides the same.
    scaler = StandardScaler().fit(features[learning])
    fitted = make_classifier(classifier, {}).fit(scaler.transform(features[learning]), fake[learning])
    np.testing.assert_allclose(scores, fitted.decision_function(scaler.transform(features)), atol=2e-3, rtol=1e-3)


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_graphs_decide_as_scikit_learn_on_overlapping_classes(classifier, voices):
    pytest.importorskip("sklearn")
    import onnxruntime
    from sklearn.preprocessing import StandardScaler

    from voxproof.training.classical import make_classifier
    from voxproof.training.classical_graph import classical_graph

    # Real features of 0.5 s each; odd and even voices are classes that no line parts without error.
    end, rows, fake = front_end("classical-20"), [], []
    for number, audio in enumerate(voices.values()):
        for start in range(0, len(audio.samples) - 8_000, 8_000):
            rows.append(end(audio.samples[start : start + 8_000]))
            fake.append(number % 2 == 1)
    features = np.stack(rows)
    learning = np.arange(len(rows)) % 2 == 0
    scaler = StandardScaler().fit(features[learning])
    fitted = make_classifier(classifier, {}).fit(scaler.transform(features[learning]), np.array(fake)[learning])
    session = onnxruntime.InferenceSession(classical_graph(scaler, fitted).SerializeToString())
    scores = session.run(["scores"], {"features": features})[0]
    assert scores.shape == (len(rows),)
    expected = fitted.decision_function(scaler.transform(features))
    assert np.ptp(expected) > 1
    np.testing.assert_allclose(scores, expected, atol=1e-3, rtol=1e-3)


def test_an_unknown_classifier_and_kernel_are_refused():
    pytest.importorskip("sklearn")
    from voxproof.training.classical import make_classifier

    with pytest.raises(CorpusError, match="logistic-regression, svm"):
        make_classifier("perceptron", {})


def test_joined_clips_are_of_one_speaker_and_label(corpus, config):
    pack = pack_clips(read_manifest(corpus), config["cache"])
    joined, rng = JoinedClips(pack), np.random.default_rng(0)
    real = next(place for place, clip in enumerate(pack.clips) if not clip.fake)
    crop = joined.crop(real, 100_000, rng)
    mates = [place for place, clip in enumerate(pack.clips) if not clip.fake and clip.page == pack.clips[real].page]
    # All five clips of the speaker, the asked one first, each once.
    np.testing.assert_array_equal(crop[:20_000], pack[real])
    found = [next(place for place in mates if np.array_equal(pack[place], part)) for part in crop.reshape(5, -1)]
    assert sorted(found) == mates
    # Where nobody says who speaks, a clip goes on with itself.
    fake = next(place for place, clip in enumerate(pack.clips) if clip.fake)
    alone = joined.crop(fake, 50_000, rng)
    np.testing.assert_array_equal(alone[: pack.length(fake)], pack[fake])
    np.testing.assert_array_equal(alone[pack.length(fake) : 2 * pack.length(fake)], pack[fake])
    assert len(joined.crop(real, 10_000, rng)) == 10_000


def test_imagenet_weights_are_one_line_offline(monkeypatch, tmp_path):
    monkeypatch.setenv("VOXPROOF_OFFLINE", "1")
    monkeypatch.setenv("VOXPROOF_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match=r"no ImageNet weights.*start: imagenet") as error:
        imagenet_weights()
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", EARLIER)
def test_recipes_name_their_networks(name):
    config = yaml.safe_load((RECIPES / f"detector-{name}.yaml").read_text(encoding="utf-8"))
    kind = find_network(config)
    assert config["optimiser"] == "adam"
    assert front_end(kind.front_end)
    assert config["judged_on"]


@pytest.mark.parametrize(("name", "classifier"), list(zip(("lr", "svm", "gb"), CLASSIFIERS, strict=True)))
def test_recipes_name_their_classifiers(name, classifier):
    pytest.importorskip("sklearn")
    from voxproof.training.classical import make_classifier

    config = yaml.safe_load((RECIPES / f"detector-classical-{name}.yaml").read_text(encoding="utf-8"))
    assert config["classifier"] == classifier
    assert make_classifier(config["classifier"], config["settings"]).get_params()
    assert config["judged_on"]


@pytest.mark.parametrize("name", ["classical", "classical-20", "classical-deviations", "mel-db", "picture"])
def test_the_level_is_not_heard(name, speech):
    samples = speech.samples[16_000:56_000]
    found, quieter = front_end(name)(samples), front_end(name)(0.1 * samples)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, quieter, atol=1e-2, rtol=1e-3)


def test_with_the_level_it_is_heard(speech):
    samples = speech.samples[16_000:56_000]
    end = front_end("classical-level")
    assert end(0.1 * samples)[0] < end(samples)[0] - 20  # the first cepstral coefficient is the level
