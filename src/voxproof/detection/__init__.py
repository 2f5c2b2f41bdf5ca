"""Waveform -> scores over time -> verdict. Runs on ONNX Runtime; never imports torch."""

# Importing an engine registers it.
from voxproof.detection import framed as _framed
from voxproof.detection import fused as _fused
from voxproof.detection import spectral as _spectral
from voxproof.detection import texture as _texture
from voxproof.detection.calibration import Calibration, Line, fit_calibration, probability
from voxproof.detection.condition import Caution
from voxproof.detection.detecting import detect_audio
from voxproof.detection.detector import DEFAULT_DETECTOR, Detector, Scores, detectors, load_detector
from voxproof.detection.explain import Explanation
from voxproof.detection.verdict import Finding, Verdict, Window

__all__ = [
    "DEFAULT_DETECTOR",
    "Calibration",
    "Caution",
    "Detector",
    "Explanation",
    "Finding",
    "Line",
    "Scores",
    "Verdict",
    "Window",
    "detect_audio",
    "detectors",
    "fit_calibration",
    "load_detector",
    "probability",
]

del _framed, _fused, _spectral, _texture
