"""The models: loaded once for all requests, by the names that clients may give."""

import time
from collections.abc import Callable

import numpy as np

import voxproof
from voxproof.audio import Audio
from voxproof.detection import DEFAULT_DETECTOR, detect_audio
from voxproof.errors import VoxproofError
from voxproof.models import cards
from voxproof.server.errors import ApiError
from voxproof.server.logs import log
from voxproof.server.settings import Feature, Settings
from voxproof.speakers import CONDITIONING, Voice, load_encoder

SPEECH = ("voxproof", "tts-1", "tts-1-hd", "gpt-4o-mini-tts")  # all of them the native voice: clients have to name one
_WARM_UP = "1 sentence to begin with."  # numbers, too, are read for the first time then
_WARM_UP_SAMPLES = 48_000


class Models:
    """`ready` says of each feature whether its models are loaded: true, false, or why they cannot be."""

    def __init__(self, settings: Settings) -> None:
        loaders: dict[Feature, Callable[[], object]] = {
            "detections": load_detections,
            "speech": load_speech,
            "conversions": load_conversions,
        }
        self._loaders = {name: loader for name, loader in loaders.items() if name in settings.features}
        self.ready: dict[str, bool | str] = dict.fromkeys(self._loaders, False)

    @property
    def all_ready(self) -> bool:
        """Whether every feature may be used."""
        return all(state is True for state in self.ready.values())

    def load(self) -> None:
        """Load everything, what is quick first. Called once, on a worker."""
        for feature, loader in self._loaders.items():
            started = time.perf_counter()
            try:
                loader()
                self.ready[feature] = True
            except VoxproofError as problem:
                self.ready[feature] = str(problem)
            facts = {"feature": feature, "ready": self.ready[feature], "seconds": time.perf_counter() - started}
            log.info("loaded", extra={"facts": facts})

    def check(self, feature: Feature) -> None:
        """Raise the error 503 unless the models of a feature are loaded."""
        state = self.ready.get(feature, False)
        if state is not True:
            message = state or "the models are being loaded; try again in a second"
            raise ApiError(503, str(message), "not_ready", headers={"Retry-After": "1"})


def names(settings: Settings) -> list[str]:
    """What a client may give as `model` to the features that are switched on."""
    spoken = SPEECH if "speech" in settings.features else ()
    judging = _detectors() if "detections" in settings.features else []
    return [*spoken, *judging]


def _detectors() -> list[str]:
    return sorted(card.name for card in cards() if card.kind == "detector")


def detector_named(name: str | None) -> str:
    """A detector that there is; never a path. The error 404 lists the names."""
    if name is None:
        return DEFAULT_DETECTOR
    known = _detectors()
    if name not in known:
        raise ApiError(404, f"there is no detector of that name; there are {', '.join(known)}", "model_not_found")
    return name


def load_detections() -> None:
    """The default detector and the search for speech; they have run once then."""
    noise = np.random.default_rng(0).standard_normal(_WARM_UP_SAMPLES, np.float32)
    detect_audio(Audio(0.1 * noise, 16_000))


def load_speech() -> None:
    """The encoder of voices and all that one sentence needs."""
    _spoken()


def load_conversions() -> None:
    """The converter and the vocoder."""
    voxproof.convert(_spoken(), _voice())


def _spoken() -> Audio:
    return voxproof.clone(_WARM_UP, _voice())


def _voice() -> Voice:
    """Nobody's voice, to warm up with."""
    encoder = load_encoder(CONDITIONING)
    embedding = np.random.default_rng(0).standard_normal(encoder.dim).astype(np.float32)
    return Voice("nobody", embedding / np.linalg.norm(embedding), encoder.name, 10.0, 150.0)
