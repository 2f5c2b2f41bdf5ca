"""How near a bandwidth extension comes to what was recorded above 8 kHz, and that it leaves alone what lies below."""

import csv
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voxproof.audio import Audio, read_audio
from voxproof.bandwidth_extension import load_extension, spectrum
from voxproof.bandwidth_extension.base import RATE, SOURCE_RATE
from voxproof.errors import CorpusError
from voxproof.evaluation.bootstrap import Interval, mean_interval, ratio_interval
from voxproof.evaluation.distillmos import DistillMos
from voxproof.evaluation.report import Report, Table
from voxproof.evaluation.tasks import Advance, silent
from voxproof.evaluation.vocoder import copy_synthesis
from voxproof.features.mel import Floats
from voxproof.vocoders import load_vocoder

PLAIN, SIMPLE = "resampled", "mean-envelope"
RECORDED = "recordings"
_UNTOUCHED = 156  # bins of 50 Hz, to 7.8 kHz: where the filters of a change of rate pass everything
_DB = 20.0 / np.log(10.0)  # of log amplitude
_PAUSE_SHARE = 10  # per cent of frames, the quietest


@dataclass(frozen=True)
class WidebandClip:
    """A clip that reaches above 8 kHz. `known`: its speaker was trained on, in other clips."""

    path: Path
    speaker: str
    corpus: str
    reach: float  # Hz
    known: bool


def wideband_clips(folder: Path, *, most: int | None = None) -> list[WidebandClip]:
    """What `voxproof.training.pack_wideband` held out, or the first `most` clips of each speaker of it.

    `CorpusError` if the folder is none of its kind.
    """
    try:
        with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as file:
            clips = [
                WidebandClip(
                    folder / row["path"], row["speaker"], row["corpus"], float(row["reach"]), row["known"] == "1"
                )
                for row in csv.DictReader(file, delimiter="\t")
            ]
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise CorpusError(f"{folder}: no folder of held-out wide-band clips ({error})") from None
    seen: Counter[str] = Counter()
    kept = []
    for clip in clips:
        seen[clip.speaker] += 1
        if most is None or seen[clip.speaker] <= most:
            kept.append(clip)
    return kept


@dataclass(frozen=True)
class Distances:
    """One clip by one extension; distances in dB."""

    above: float  # log-spectral distance between 8 kHz and the clip's reach
    envelope: float  # the same of envelopes over 0.75 kHz and 30 ms, in which noise hardly shows
    below: float  # log-spectral distance to 7.8 kHz from the input at another rate
    level: float  # mean level above 8 kHz over that of the recording, in frames of speech
    pauses: float  # the same in the quietest tenth of the frames


def log_spectral_distance(one: Floats, other: Floats) -> float:
    """Mean over frames of the root mean square difference in dB of power spectra `(frames, bins)`."""
    logs = [_DB / 2 * np.log(power + spectrum.FLOOR) for power in (one, other)]
    return float(np.sqrt(((logs[0] - logs[1]) ** 2).mean(1)).mean())


def distances(made: Floats, real: Floats, plain: Floats, reach: float) -> Distances:
    """Of samples at 24 kHz: what was made, what was recorded, and the input at another rate."""
    size = min(len(made), len(real), len(plain)) // spectrum.HOP * spectrum.HOP
    spectra = [spectrum.transform(samples[:size]) for samples in (made, real, plain)]
    power = [np.abs(one) ** 2 for one in spectra]
    last = int(reach // 50)
    high = slice(spectrum.FIRST, min(last, spectrum.FIRST + spectrum.HIGH_BANDS * spectrum.BAND))
    bands = (high.stop - high.start) // spectrum.BAND
    envelopes = [
        spectrum.log_envelope(one[:, spectrum.FIRST : spectrum.FIRST + bands * spectrum.BAND]) for one in spectra[:2]
    ]
    loudness = power[1].mean(1)
    quiet = loudness <= np.percentile(loudness, _PAUSE_SHARE)
    difference = _DB * (envelopes[0] - envelopes[1]).mean(1)
    return Distances(
        log_spectral_distance(power[0][:, high], power[1][:, high]),
        float(np.sqrt(((_DB * (envelopes[0] - envelopes[1])) ** 2).mean(1)).mean()),
        log_spectral_distance(power[0][:, :_UNTOUCHED], power[2][:, :_UNTOUCHED]),
        float(difference[~quiet].mean()),
        float(difference[quiet].mean()),
    )


@dataclass(frozen=True)
class ExtensionFigures:
    """One extension on one kind of input."""

    name: str
    source: str
    parameters: int
    above: Interval
    envelope: Interval
    below: Interval
    level: Interval
    pauses: Interval
    distillmos_change: Interval
    rtf: Interval
    nearer: float  # share of clips whose envelope is nearer to the recording than that of the simple extension
    worst: float  # dB by which the envelope of the worst clip is farther from the recording than an empty band

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return dict(vars(self))


def evaluate_extensions(
    names: Sequence[str], clips: Sequence[WidebandClip], vocoder: str | None, *, advance: Advance = silent
) -> list[ExtensionFigures]:
    """All extensions on the clips at 16 kHz, or on what the vocoder makes of them there."""
    engines = {name: load_extension(name) for name in dict.fromkeys([PLAIN, SIMPLE, *names])}
    speaker = load_vocoder(vocoder) if vocoder else None
    quality = DistillMos()
    found: dict[str, list[Distances]] = {name: [] for name in engines}
    changes: dict[str, list[float]] = {name: [] for name in engines}
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    for engine in engines.values():
        engine.extend(np.full(SOURCE_RATE, 1e-3, np.float32))  # graphs open before the clock runs
    source = RECORDED if vocoder is None else vocoder
    for done, clip in enumerate(clips):
        advance(source, done, len(clips))
        original = read_audio(clip.path, rate=RATE)
        narrow = original.resampled(SOURCE_RATE)
        if speaker is not None:
            narrow = copy_synthesis(speaker, narrow)
        before = quality.score(narrow)
        plain = engines[PLAIN].extend(narrow.samples)
        for name, engine in engines.items():
            start = time.perf_counter()
            made = engine.extend(narrow.samples)
            seconds[name].append(time.perf_counter() - start)
            found[name].append(distances(made, original.samples, plain, clip.reach))
            changes[name].append(quality.score(Audio(made, RATE).resampled(SOURCE_RATE)) - before)
    advance(source, len(clips), len(clips))
    speakers = [clip.speaker for clip in clips]
    durations = [read_audio(clip.path).duration for clip in clips]
    envelopes = {name: np.array([one.envelope for one in several]) for name, several in found.items()}

    def mean(name: str, part: str) -> Interval:
        return mean_interval([getattr(one, part) for one in found[name]], speakers)

    return [
        ExtensionFigures(
            name,
            source,
            engine.parameters,
            above=mean(name, "above"),
            envelope=mean(name, "envelope"),
            below=mean(name, "below"),
            level=mean(name, "level"),
            pauses=mean(name, "pauses"),
            distillmos_change=mean_interval(changes[name], speakers),
            rtf=ratio_interval(seconds[name], durations, speakers),
            nearer=float((envelopes[name] < envelopes[SIMPLE]).mean()),
            worst=float((envelopes[name] - envelopes[PLAIN]).max()),
        )
        for name, engine in engines.items()
    ]


def extension_report(
    names: Sequence[str],
    clips: Sequence[WidebandClip],
    *,
    vocoder: str = "pulsar",
    command: str = "",
    advance: Advance = silent,
) -> Report:
    """Extensions beside plain resampling and fixed gains, on recordings and on what a vocoder made of them."""
    groups = {
        "speakers that were not trained on": [clip for clip in clips if not clip.known],
        "other clips of speakers that were trained on": [clip for clip in clips if clip.known],
    }
    tables, figures = [], {}
    for title, group in groups.items():
        if not group:
            continue
        found = [one for said in (None, vocoder) for one in evaluate_extensions(names, group, said, advance=advance)]
        figures[title] = {f"{one.source}, {one.name}": one for one in found}
        tables.append(_table(title, group, found))
    about = {
        "Clips": f"{len(clips)} that reach 10 kHz and more, of {', '.join(sorted({clip.corpus for clip in clips}))}",
        "Spectra": "20 ms every 10 ms; log-spectral distance (LSD) is the mean over frames of the root mean square "
        "over bins of 50 Hz, in dB over a floor of 16-bit dither",
    }
    return Report("Bandwidth extension", tables, figures, about, command)


def _table(title: str, clips: Sequence[WidebandClip], found: Sequence[ExtensionFigures]) -> Table:
    rows: list[list[object]] = [
        [
            one.source,
            one.name,
            str(one.parameters) if one.parameters else "-",
            f"{one.above:.2f}",
            f"{one.envelope:.2f}",
            f"{one.below:.3f}",
            f"{one.level:.1f}",
            f"{one.pauses:.1f}",
            f"{one.distillmos_change:.3f}",
            f"{one.rtf:.4f}",
            f"{100 * one.nearer:.0f} %",
            f"{one.worst:.1f}",
        ]
        for one in found
    ]
    return Table(
        title[0].upper() + title[1:],
        [
            "input",
            "extension",
            "parameters",
            "LSD above 8 kHz",
            "of envelopes",
            "LSD below 7.8 kHz",
            "level above 8 kHz",
            "in pauses",
            "DistillMOS at 16 kHz, change",
            "RTF",
            f"nearer than {SIMPLE}",
            "worst clip",
        ],
        rows,
        note=f"{len(clips)} clips of {len({clip.speaker for clip in clips})} speakers. Two noises of one level are "
        "about 8 dB apart, so envelopes (0.75 kHz, 30 ms) say more. Below: against the input at 24 kHz. Level: dB over "
        f"the recording, in speech and in the quietest {_PAUSE_SHARE} % of frames. Nearer: share of clips, by "
        "envelopes. Worst clip: dB by which its envelope is farther from the recording than an empty band; below 0 "
        "every clip gained.",
    )
