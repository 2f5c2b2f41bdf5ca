"""Clips of a manifest to a pack: `python -m voxproof.training.pack_speech MANIFEST.tsv FOLDER [JOBS]`.

The manifest is tab-separated: `path`, `speaker` and, where known, `text`, `corpus`, `gender`, `language`, and
`end`: the second at which the text ends and the clip is cut.
"""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import read_audio
from voxproof.corpora.tables import manifest_cells
from voxproof.errors import VoxproofError
from voxproof.features import MEL, f0, log_mel
from voxproof.features.level import normalise_level

_EDGE_SECONDS = 0.1
_LONGEST_SECONDS = 20.0


def trim_edges(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Cut what is 35 dB under the loud frames at both ends, keeping 0.1 s."""
    step = rate // 100
    count = len(samples) // step
    if count < 10:
        return samples
    energy = np.sqrt((samples[: count * step].reshape(count, step) ** 2).mean(1))
    loud = np.flatnonzero(energy > np.percentile(energy, 95) * 10 ** (-35 / 20))
    if len(loud) == 0:
        return samples
    edge = int(_EDGE_SECONDS * 100)
    return samples[max(0, loud[0] - edge) * step : (loud[-1] + 1 + edge) * step]


def _read(root: Path, row: dict[str, str]) -> tuple[dict[str, Any], Any, Any, Any] | str:
    try:
        audio = read_audio(root / row["path"], rate=MEL.rate)
    except VoxproofError as error:
        return f"{row['path']}: {error}"
    spoken = audio.samples[: round(float(row["end"]) * MEL.rate)] if row.get("end") else audio.samples
    samples = trim_edges(spoken, MEL.rate)[: int(_LONGEST_SECONDS * MEL.rate)]
    if len(samples) < MEL.rate:
        return f"{row['path']}: under a second of speech"
    samples = normalise_level(samples)
    kept = {k: row.get(k, "") for k in ("path", "speaker", "text", "corpus", "gender", "language")}
    pitch = f0(samples, MEL.rate, MEL.hop)
    mel = log_mel(samples).T
    return kept, (samples * 32767).round().astype(np.int16), mel.astype(np.float16), pitch.astype(np.float16)


def pack(manifest: Path, folder: Path, jobs: int = 2) -> None:
    """Read every clip of the manifest and write the pack; clips that cannot be read are told on stderr."""
    rows = manifest_cells(manifest, ("path", "speaker"))
    folder.mkdir(parents=True, exist_ok=True)
    index: list[dict[str, Any]] = []
    sample = frame = 0
    with (
        (folder / "samples.i16").open("wb") as samples_file,
        (folder / "mel.f16").open("wb") as mel_file,
        (folder / "f0.f16").open("wb") as f0_file,
        ProcessPoolExecutor(jobs) as pool,
    ):
        for done in pool.map(partial(_read, manifest.parent), rows, chunksize=16):
            if isinstance(done, str):
                print(f"left out: {done}", file=sys.stderr)
                continue
            row, samples, mel, pitch = done
            samples_file.write(samples.tobytes())
            mel_file.write(mel.tobytes())
            f0_file.write(pitch.tobytes())
            row |= {"sample": sample, "samples": len(samples), "frame": frame, "frames": len(mel)}
            index.append(row)
            sample += len(samples)
            frame += len(mel)
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    print(f"{len(index)} of {len(rows)} clips, {sample / MEL.rate / 3600:.2f} h, {folder}")


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 2)
