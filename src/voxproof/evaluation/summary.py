"""From the measures of many clips to figures with intervals over speakers."""

from collections.abc import Sequence
from pathlib import Path

from voxproof.evaluation.bank import Bank, Speaker
from voxproof.evaluation.bootstrap import Interval, mean_interval, ratio_interval
from voxproof.evaluation.measures import Measures, measure
from voxproof.paths import cache

SPOKEN = ("wer", "cer", "distillmos", "dnsmos", "dnsmos_p808")


def spoken_figures(measured: Sequence[tuple[Speaker, Measures]]) -> dict[str, Interval]:
    """WER and CER (all edits over all words), and the mean opinion scores of the clips."""
    names = [speaker.name for speaker, _ in measured]
    found = [one for _, one in measured]
    return {
        "wer": ratio_interval([one.words.edits for one in found], [one.words.length for one in found], names),
        "cer": ratio_interval([one.characters.edits for one in found], [one.characters.length for one in found], names),
        "distillmos": mean_interval([one.distillmos for one in found], names),
        "dnsmos": mean_interval([one.dnsmos.overall for one in found], names),
        "dnsmos_p808": mean_interval([one.dnsmos.p808 for one in found], names),
    }


def measure_real(bank: Bank, speakers: Sequence[Speaker], recogniser: str) -> list[tuple[Speaker, Measures]]:
    """The real utterances, measured like the synthetic ones; kept in the cache, since they never change."""
    folder = cache() / "evaluation" / "real"
    return [
        (speaker, measure(clip.audio(), clip.text, folder / f"{clip.id}.json", recogniser))
        for speaker in speakers
        for clip in speaker.real
    ]


def worst_speakers(measured: Sequence[tuple[Speaker, Measures]]) -> dict[str, float]:
    """Word error rate of each speaker, the worst first."""
    rates = {}
    for name in dict.fromkeys(speaker.name for speaker, _ in measured):
        counts = [one.words for speaker, one in measured if speaker.name == name]
        rates[name] = sum(count.edits for count in counts) / max(sum(count.length for count in counts), 1)
    return dict(sorted(rates.items(), key=lambda pair: -pair[1]))


def kept_beside(clip: Path) -> Path:
    """Where the measures of a clip lie: `x.wav` -> `x.measures.json` (`x.wav.json` is its manifest)."""
    return clip.with_suffix(".measures.json")
