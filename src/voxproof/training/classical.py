"""Trains the earlier systems' classifiers: features of whole clips -> StandardScaler -> a classifier of scikit-learn.

Logistic regression, an SVM with a radial kernel, or gradient boosting, with scikit-learn's settings unless the recipe
names others. The clips are heard as they are, without augmentation: that is how those systems learned.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from voxproof.detection.front_ends import front_end
from voxproof.errors import CorpusError, ModelError
from voxproof.files import write_aside
from voxproof.training.classical_graph import classical_graph
from voxproof.training.detector import log, read_clips
from voxproof.training.detector_data import RATE, PackedClips, held_out_pages, pack_clips
from voxproof.training.detector_held_out import held_out_eer, held_out_places
from voxproof.training.recipe import Run, recipe


def make_classifier(name: str, settings: Mapping[str, Any]) -> Any:
    """The classifier called `name`, not fitted."""
    try:
        from sklearn.ensemble import GradientBoostingClassifier
        from sklearn.linear_model import LogisticRegression
        from sklearn.svm import SVC
    except ImportError:
        raise ModelError("this recipe needs scikit-learn: pip install 'voxproof[train]'") from None
    if name == "logistic-regression":
        return LogisticRegression(**{"max_iter": 2000, **settings})
    if name == "svm":
        return SVC(kernel="rbf", **settings)
    if name == "gradient-boosting":
        return GradientBoostingClassifier(**{"random_state": 0, **settings})
    raise CorpusError(f"no classifier {name!r}; there are logistic-regression, svm, gradient-boosting")


def window_samples(config: Mapping[str, Any]) -> int:
    """Samples that one vector of features describes."""
    return int(float(config["window"]) * RATE)


def first_window(samples: NDArray[np.float32], window: int) -> NDArray[np.float32]:
    """The head of a clip, repeated if it is shorter: what the detector does with short sound."""
    return np.resize(samples[:window], window)


def features_of(pack: PackedClips, config: Mapping[str, Any]) -> NDArray[np.float32]:
    """`(clips, values)` of the first window of every clip, computed once and kept in the recipe's `cache`."""
    name, window = str(config["front_end"]), window_samples(config)
    end = front_end(name)
    key = hashlib.sha256(json.dumps([[clip.path for clip in pack.clips], window]).encode())
    key.update(end(first_window(pack[0], window)).tobytes())  # a front end that has changed since is noticed
    path = Path(config["cache"]) / f"{name}-{key.hexdigest()[:16]}.npy"
    if not path.is_file():
        rows = []
        for place in range(len(pack)):
            rows.append(end(first_window(pack[place], window)))
            if place % 500 == 0:
                print(f"features of {place} of {len(pack)} clips", flush=True)
        with write_aside(path, CorpusError) as aside, aside.open("wb") as file:
            np.save(file, np.stack(rows).astype(np.float32))
    features: NDArray[np.float32] = np.load(path)
    return features


@recipe("classical")
def train_classical(run: Run) -> None:
    """Config keys: classifier, settings, front_end, window (s), speech, real, extra_fakes, cache, held_out, judged_on.

    Writes `model.onnx` into the run's folder. It takes the time that it takes: `minutes` means nothing here.
    """
    config = run.config
    classifier = make_classifier(str(config["classifier"]), config.get("settings") or {})
    from sklearn.preprocessing import StandardScaler

    pack = pack_clips(read_clips(config), config["cache"])
    held_out = held_out_pages(pack.clips, float(config["held_out"]), int(config.get("held_out_seed", 0)))
    places = held_out_places(pack, held_out)
    if not places:
        raise CorpusError("no page is held out: raise held_out, or name more data")
    features = features_of(pack, config)
    fake = np.array([clip.fake for clip in pack.clips])
    learning = np.array([clip.page not in held_out for clip in pack.clips])
    scaler = StandardScaler().fit(features[learning])
    classifier.fit(scaler.transform(features[learning]), fake[learning])
    decisions = np.asarray(classifier.decision_function(scaler.transform(features[places])), np.float64)
    log(run, {"clips": int(learning.sum()), "judging": len(places), **held_out_eer(pack, places, decisions)})
    with write_aside(run.folder / "model.onnx", ModelError) as aside:
        onnx.save(classical_graph(scaler, classifier), str(aside))
