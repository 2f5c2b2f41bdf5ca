"""From a recording to a verdict: decode, find the speech, score, calibrate, warn."""

from voxproof.audio import Audio, AudioLike, as_audio, speech_segments
from voxproof.detection.calibration import probability
from voxproof.detection.condition import inspect
from voxproof.detection.detector import DEFAULT_DETECTOR, Detector, load_detector
from voxproof.detection.verdict import Verdict, Window

UNJUDGED = ("silent", "no-speech", "too-short")  # warnings with which no label but `uncertain` is given
UNHEARD = ("silent", "no-speech")  # and with these the score itself means nothing


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
    codes = {warning.code for warning in warnings}
    llr = 0.0 if codes & set(UNHEARD) or not len(scores.llr) else scores.clip_llr
    label = "uncertain" if codes & set(UNJUDGED) else detector.calibration.label(llr)
    return Verdict(
        label=label,
        probability=probability(llr),
        llr=llr,
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
