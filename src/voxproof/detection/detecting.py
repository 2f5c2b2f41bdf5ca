"""From a recording to a verdict: decode, find the speech, score, calibrate, warn, explain."""

import numpy as np

from voxproof.audio import Audio, AudioLike, as_audio, speech_segments
from voxproof.detection.calibration import probability
from voxproof.detection.condition import UNHEARD, UNJUDGED, believed, inspect, without_offset
from voxproof.detection.detector import DEFAULT_DETECTOR, Detector, load_detector
from voxproof.detection.explain import explain_scores
from voxproof.detection.verdict import Verdict, Window

_FAINT_PEAK = 0.05  # speech with a lower peak is made louder before speech is looked for, which needs a level


def detect_audio(
    source: AudioLike, model: str | Detector = DEFAULT_DETECTOR, *, rate: int | None = None, explain: bool = False
) -> Verdict:
    """Was this spoken by a person or made by a machine?

    `source` is a path, an `Audio`, bytes, an open binary file, or an array with `rate=`. By the sound alone: watermark
    and manifest are read by `voxproof.detect`. Readable sound always gets a verdict, if need be `uncertain`; what
    cannot be read raises `AudioError`, an unknown or missing model `ModelError`. Ratios are those of the detector
    times what its cautions leave of them (`voxproof.detection.condition`). With `explain` the verdict says which
    seconds and which bands moved it, for about eight times the work.
    """
    detector = load_detector(model) if isinstance(model, str) else model
    recorded = as_audio(source, rate=rate)
    audio = without_offset(recorded).resampled(detector.rate)
    speech = speech_segments(_audible(audio))
    warnings = inspect(recorded, speech)
    scores = detector.score(audio, speech)
    codes = {warning.code for warning in warnings}
    unheard = bool(codes & set(UNHEARD))
    weight = believed(warnings)
    llr = 0.0 if unheard or not len(scores.llr) else weight * scores.clip_llr
    label = "uncertain" if codes & set(UNJUDGED) or not len(scores.llr) else detector.calibration.label(llr)
    ratios = [weight * float(one) for one in scores.llr]
    return Verdict(
        label=label,
        probability=probability(llr),
        llr=llr,
        windows=tuple(
            Window(float(start), float(end), one, probability(one))
            for (start, end), one in zip(scores.times, ratios, strict=True)
        ),
        warnings=tuple(warnings),
        findings=(),
        model=detector.name,
        card_sha256=detector.card.sha256,
        seconds=audio.duration,
        speech_seconds=sum(end - start for start, end in speech),
        explanation=explain_scores(audio, speech, detector, scores, weight) if explain and not unheard else None,
        limits=tuple(detector.card.limits),
    )


def _audible(audio: Audio) -> Audio:
    """Faint recordings made louder: the search for speech goes by level, the detector does not."""
    peak = float(np.abs(audio.samples).max(initial=0.0))
    if peak == 0.0 or peak >= _FAINT_PEAK:
        return audio
    return Audio(audio.samples * np.float32(0.5 / peak), audio.rate)
