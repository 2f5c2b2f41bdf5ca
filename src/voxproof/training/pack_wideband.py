"""Wide-band clips to a pack: `python -m voxproof.training.pack_wideband MANIFEST.tsv FOLDER [--hold-out SPEAKERS]`.

The manifest is that of `pack_speech` with clips at the rate of their source. What does not reach above 8 kHz is left
out: of files upsampled from 16 kHz there are many. Held out are the named speakers, every fifth of the speakers with
few clips, and every twentieth clip of the others; they go to FOLDER/held-out as files, for the benchmark.
"""

import argparse
import csv
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from voxproof.audio import Audio, read_audio, resample, write_audio
from voxproof.bandwidth_extension import spectrum
from voxproof.bandwidth_extension.base import RATE, SOURCE_RATE
from voxproof.corpora.tables import manifest_cells
from voxproof.errors import VoxproofError
from voxproof.features import MEL, f0, log_mel
from voxproof.features.level import normalise_level
from voxproof.features.mel import Floats
from voxproof.training.pack_speech import trim_edges
from voxproof.vocoders import Vocoder, load_vocoder

FEW_CLIPS = 20  # a speaker with more is held out by clips
EVERY_SPEAKER, EVERY_CLIP = 5, 20
LEAST_REACH = 10_000.0  # Hz
_LONGEST_SECONDS = 15.0
_PASSED = 0.913  # of half the source's rate: where a resampler's filter begins to fall
_BELOW = 45.0  # dB under 4 to 7 kHz, where a band counts as empty
_RANGE = 12.0  # dB between loud and quiet moments; less is noise of the recording, not speech


def reach(samples: Floats, source_rate: int) -> float:
    """Up to which frequency (Hz, at most 12,000) a clip at 24 kHz holds speech; 8,000 where there is none above.

    Looked at in steps of 500 Hz: the loud moments of a band must stand out of its quiet ones and may not lie far under
    those of 4 to 7 kHz.
    """
    power = spectrum.band_power(spectrum.transform(samples)[:, :240])
    bands = 10 * np.log10(power.reshape(len(power), -1, 2).mean(2) + 1e-10)
    loud, quiet = np.percentile(bands, (95, 10), axis=0)
    filled = (loud - quiet >= _RANGE) & (loud >= loud[8:14].mean() - _BELOW)
    # The last step is where the filter to 24 kHz falls.
    empty = np.flatnonzero(~filled[16:23])
    limit = RATE / 2 if len(empty) == 0 else 8_000.0 + 500.0 * int(empty[0])
    return limit if _PASSED * source_rate / 2 > RATE / 2 else min(limit, _PASSED * source_rate / 2)


def held_out(rows: list[dict[str, str]], named: set[str]) -> list[bool]:
    """Which rows are for judging; the same manifest gives the same answer."""
    counts = Counter(row["speaker"] for row in rows)
    few = sorted(speaker for speaker, count in counts.items() if count <= FEW_CLIPS and speaker not in named)
    speakers = named | set(few[::EVERY_SPEAKER])
    seen: Counter[str] = Counter()
    out = []
    for row in rows:
        speaker = row["speaker"]
        out.append(speaker in speakers or (counts[speaker] > FEW_CLIPS and seen[speaker] % EVERY_CLIP == 0))
        seen[speaker] += 1
    return out


def read_clip(path: Path) -> tuple[Floats, int] | str:
    """A clip at 24 kHz, whole steps of 10 ms long, and its source's rate; or why it is left out."""
    try:
        audio = read_audio(path)
    except VoxproofError as error:
        return str(error)
    samples = trim_edges(audio.resampled(RATE).samples, RATE)[: int(_LONGEST_SECONDS * RATE)]
    if len(samples) < RATE:
        return "under a second of speech"
    samples = normalise_level(samples[: len(samples) // spectrum.HOP * spectrum.HOP])
    return np.clip(samples, -1.0, 1.0), audio.rate


def vocoded(vocoder: Vocoder, narrow: Floats) -> Floats:
    """The clip at 16 kHz as a vocoder says it from the clip's own mel and pitch, as long as it was."""
    made = vocoder.vocode(log_mel(narrow, MEL), f0(narrow, MEL.rate, MEL.hop))
    return np.pad(np.clip(made, -1.0, 1.0), (0, max(0, len(narrow) - len(made))))[: len(narrow)]


def _mean_gains(samples: Floats) -> Floats:
    """Log envelope of 8 to 12 kHz over that of its mirror where the clip is loud, `(frames, HIGH_BANDS)`."""
    whole = spectrum.transform(samples)
    high = whole[:, spectrum.FIRST : spectrum.FIRST + spectrum.HIGH_BANDS * spectrum.BAND]
    mirror = spectrum.log_envelope(spectrum.mirrored(whole))
    loud = mirror.mean(1) > np.percentile(mirror.mean(1), 30)
    return (spectrum.log_envelope(high) - mirror)[loud]


def pack(manifest: Path, folder: Path, hold_out: set[str], vocoder: Vocoder | None) -> None:
    """Write the pack and what is held out; clips that are left out are counted by reason on stderr."""
    rows = manifest_cells(manifest, ("path", "speaker"))
    (folder / "held-out").mkdir(parents=True, exist_ok=True)
    index: list[dict[str, Any]] = []
    judged: list[dict[str, Any]] = []
    reasons: Counter[str] = Counter()
    gains: list[Floats] = []
    names = ["samples.i16", "narrow.i16", *(["copies.i16"] if vocoder else [])]
    files: list[BinaryIO] = [(folder / name).open("wb") for name in names]
    step = 0
    for row, apart in zip(rows, held_out(rows, hold_out), strict=True):
        read = read_clip(manifest.parent / row["path"])
        if isinstance(read, str):
            reasons[read] += 1
            continue
        samples, source_rate = read
        limit = reach(samples, source_rate)
        if limit < LEAST_REACH:
            reasons[f"{row.get('corpus', '')}: reaches less than {LEAST_REACH:.0f} Hz"] += 1
            continue
        kept: dict[str, Any] = {key: row.get(key, "") for key in ("path", "speaker", "text", "corpus")}
        kept["reach"] = limit
        if apart:
            kept["path"] = f"{len(judged):04d}.flac"
            write_audio(folder / "held-out" / kept["path"], Audio(samples, RATE))
            judged.append(kept)
            continue
        narrow = resample(samples, RATE, SOURCE_RATE)
        arrays = [samples, narrow, *([vocoded(vocoder, narrow)] if vocoder else [])]
        for target, array in zip(files, arrays, strict=True):
            target.write((array * 32767).round().astype(np.int16).tobytes())
        index.append(kept | {"step": step, "steps": len(samples) // spectrum.HOP})
        step += len(samples) // spectrum.HOP
        if limit >= RATE / 2:
            gains.append(_mean_gains(samples))
    for target in files:
        target.close()
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    with (folder / "held-out" / "manifest.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, ["path", "speaker", "text", "corpus", "reach", "known"], delimiter="\t")
        table.writeheader()
        trained = {row["speaker"] for row in index}
        table.writerows(one | {"known": int(one["speaker"] in trained)} for one in judged)
    for reason, count in reasons.most_common():
        print(f"left out {count}: {reason}", file=sys.stderr)
    print(f"{len(index)} of {len(rows)} clips, {step / 360_000:.2f} h, {len(judged)} held out, {folder}")
    for corpus, count in Counter(row["corpus"] for row in index).items():
        hours = sum(row["steps"] for row in index if row["corpus"] == corpus) / 360_000
        speakers = len({row["speaker"] for row in index if row["corpus"] == corpus})
        print(f"{corpus}: {count} clips, {hours:.2f} h, {speakers} speakers")
    if gains:
        print("mean gains:", ", ".join(f"{value:.2f}" for value in np.concatenate(gains).mean(0)))


def main() -> None:
    """Parse and pack."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("manifest", type=Path)
    cli.add_argument("folder", type=Path)
    cli.add_argument("--hold-out", default="", help="speakers that are not trained on, with commas between")
    cli.add_argument("--vocoder", default="", help="also keep each clip as this vocoder says it")
    given = cli.parse_args()
    named = {name for name in given.hold_out.split(",") if name}
    pack(given.manifest, given.folder, named, load_vocoder(given.vocoder) if given.vocoder else None)


if __name__ == "__main__":
    main()
