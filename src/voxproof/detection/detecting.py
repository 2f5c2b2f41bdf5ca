"""From a recording to a verdict: decode, find the speech, score, calibrate, warn."""

from voxproof.audio import Audio, AudioLike, as_audio, speech_segments
from voxproof.detection.calibration import probability
from voxproof.detection.condition import inspect
from voxproof.detection.detector import DEFAULT_DETECTOR, Detector, load_detector
from voxproof.detection.verdict import Verdict, Window

UNJUDGED = ("silent", "no-speech", "too-short")  # warnings with which no label but `uncertain` is given


def detect_audio(source: AudioLike, model: str | Detector = DEFAULT_DETECTOR, *, rate: int | None = None) -> Verdict:
    """Was this spoken by a person or made by a machine?

    `source` is a path, an `Audio`, bytes, an open binary file, or an array with `rate=`. By the sound alone: watermark
    and manifest are read by `voxproof.detect`. Readable sound always gets a verdict, if need be `uncertain`; what
    cannot be read raises `AudioError`, an unknown or missing model `ModelError`.
    """
    detector = load_detector(model) if isinstance(model, str) else model
    audio: Audio = as_audio(source, rate=rate).resampled(detector.rate)
    speech = speech_segments(audio)
    warnings = inspect(audio, speech)
    scores = detector.score(audio, speech)
    label = detector.calibration.label(scores.clip_llr)
    if not len(scores.llr) or any(warning.code in UNJUDGED for warning in warnings):
        label = "uncertain"
    return Verdict(
        label=label,
        probability=probability(scores.clip_llr),
        llr=scores.clip_llr,
        windows=tuple(
            Window(float(start), float(end), float(llr), probability(float(llr)))
            for (start, end), llr in zip(scores.times, scores.llr, strict=True)
        ),
        warnings=tuple(warnings),
        findings=(),
        model=detector.name,
        card_sha256=detector.card.sha256,
        seconds=audio.duration,
        speech_seconds=sum(end - start for start, end in speech),
    )
