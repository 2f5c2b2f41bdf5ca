"""What is said of a recording in the end."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from voxproof.detection.calibration import Label
from voxproof.detection.condition import UNHEARD, UNJUDGED, Caution
from voxproof.detection.explain import Explanation

LEADING = {"real": "This sounds like a real voice", "fake": "This sounds like a synthetic voice"}
BETTER = "ask for a longer recording without noise or music, not over a telephone, or reach the person another way"
GIVE = {
    "silent": "give a recording in which somebody speaks",
    "no-speech": "give a recording in which somebody speaks",
    "too-short": "give a longer recording, of 5 s of speech or more",
}


@dataclass(frozen=True)
class Window:
    """One stretch of the recording (seconds), its log-likelihood ratio and probability of being synthetic."""

    start: float
    end: float
    llr: float
    probability: float


@dataclass(frozen=True)
class Finding:
    """Something that the file itself says of where it comes from: a watermark, a manifest.

    `kind` names it; `message` is a sentence; `synthetic` is whether it proves that the sound was made by a machine;
    `details` fit into JSON.
    """

    kind: str
    message: str
    synthetic: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """The answer to "was this spoken, or made?".

    `label` is `real`, `fake` or `uncertain`; `llr` the natural log-likelihood ratio by the sound alone (positive:
    synthetic) and `probability` that of synthetic speech if both were equally likely beforehand; `windows` the same
    over time; `warnings` why to doubt it; `findings` what the file carries (a watermark that proves a machine makes
    the label `fake` whatever the sound says); `model` and `card_sha256` which detector spoke; `explanation` what moved
    the score, if it was asked for; `limits` what the model's card says that it cannot do.
    """

    label: Label
    probability: float
    llr: float
    windows: tuple[Window, ...]
    warnings: tuple[Caution, ...]
    findings: tuple[Finding, ...]
    model: str
    card_sha256: str
    seconds: float = 0.0
    speech_seconds: float = 0.0
    explanation: Explanation | None = None
    limits: tuple[str, ...] = ()

    def with_findings(self, *findings: Finding) -> "Verdict":
        """The verdict with what the file was found to carry."""
        proven = any(finding.synthetic for finding in findings)
        return replace(self, findings=(*self.findings, *findings), label="fake" if proven else self.label)

    @property
    def proven(self) -> bool:
        """Whether a finding, not the sound, settles that a machine made it."""
        return any(finding.synthetic for finding in self.findings)

    def __str__(self) -> str:
        parts = [self._headline()]
        parts += [_sentence(finding.message) for finding in self.findings]
        parts += [_sentence(f"Note: {warning.message}") for warning in self.warnings]
        if self.advice:
            parts.append(_sentence(f"What to do: {self.advice}"))
        return " ".join(parts)

    @property
    def judged(self) -> bool:
        """Whether the sound could be judged at all, so that its probability says something."""
        return bool(self.windows) and not {warning.code for warning in self.warnings} & set(UNJUDGED)

    @property
    def advice(self) -> str:
        """What to do when the answer is `uncertain`; else nothing."""
        if self.label != "uncertain":
            return ""
        return next((GIVE[warning.code] for warning in self.warnings if warning.code in GIVE), BETTER)

    def _headline(self) -> str:
        percent = f"{100 * min(max(self.probability, 0.01), 0.99):.0f} %"
        codes = {warning.code for warning in self.warnings}
        if self.proven:
            if not self.windows or codes & set(UNHEARD):
                return "This was made by a machine."
            return f"This was made by a machine. (By the sound alone: {percent} likely to be synthetic.)"
        if self.label == "uncertain":
            if not self.judged:
                return "This cannot be judged."
            return f"This could be either, a real or a synthetic voice ({percent} likely to be synthetic)."
        return f"{LEADING[self.label]} ({percent} likely to be synthetic)."

    def as_dict(self) -> dict[str, Any]:
        """Everything, as plain numbers, strings, lists and dictionaries."""
        return {
            "label": self.label,
            "probability": round(self.probability, 6),
            "llr": round(self.llr, 6),
            "seconds": round(self.seconds, 3),
            "speech_seconds": round(self.speech_seconds, 3),
            "windows": [
                {
                    "start": round(window.start, 3),
                    "end": round(window.end, 3),
                    "llr": round(window.llr, 4),
                    "probability": round(window.probability, 4),
                }
                for window in self.windows
            ],
            "warnings": [{"code": warning.code, "message": warning.message} for warning in self.warnings],
            "findings": [
                {
                    "kind": finding.kind,
                    "message": finding.message,
                    "synthetic": finding.synthetic,
                    "details": dict(finding.details),
                }
                for finding in self.findings
            ],
            "model": self.model,
            "card_sha256": self.card_sha256,
            "sentence": str(self),
            **({"explanation": self.explanation.as_dict()} if self.explanation is not None else {}),
        }

    def to_json(self) -> str:
        """`as_dict` as JSON text."""
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False, allow_nan=False)


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
