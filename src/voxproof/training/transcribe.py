"""Text for clips that have none: `python -m voxproof.training.transcribe MANIFEST.tsv OUT.tsv [--corpora A,B]`.

Speech of many speakers mostly comes without a transcript, and a synthesizer learns what voices there are from as many
speakers as it can get. The project's recogniser writes down the English clips; those that it is not sure of are left
out, since a wrong text teaches a wrong alignment. Of a long clip only the beginning counts, up to a pause. `OUT.tsv` is
the manifest of what is kept, for `voxproof.training.pack_speech`; it must lie beside the first, whose paths it keeps.
"""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from voxproof.audio import Audio, read_audio, speech_segments
from voxproof.corpora.tables import manifest_cells
from voxproof.errors import CorpusError, VoxproofError
from voxproof.evaluation.recognition import Heard, Recogniser
from voxproof.files import write_aside

SURE = -0.5  # mean log probability of a token; tiny.en gives clean read speech -0.2 to -0.5
FEWEST_WORDS = 3
LONGEST = 14.0  # seconds
_COLUMNS = ("path", "speaker", "text", "corpus", "gender", "language", "end")


def transcribe_manifest(
    manifest: Path, out: Path, *, corpora: frozenset[str] = frozenset(), hear: Callable[[Audio], Heard] | None = None
) -> dict[str, int]:
    """Write `out` with the texts that were surely heard, or are known; how many were kept, unsure and unreadable.

    Only English clips, of the named corpora if any are named. Raises `CorpusError` for a manifest that cannot be read
    or lies elsewhere than `out`.
    """
    if manifest.resolve().parent != out.resolve().parent:
        raise CorpusError(f"{out}: the new manifest must lie beside {manifest}, as its paths are kept")
    rows = [
        row
        for row in manifest_cells(manifest)
        if row.get("language") == "en" and (not corpora or row.get("corpus") in corpora)
    ]
    if not rows:
        raise CorpusError(f"{manifest}: no English clip in it (columns language, corpus)")
    listen = hear or Recogniser().hear
    kept: list[Mapping[str, str]] = []
    counts = {"kept": 0, "unsure": 0, "unreadable": 0}
    for number, row in enumerate(rows, start=1):
        try:
            end, heard = _told(read_audio(manifest.parent / row["path"]), row.get("text") or "", listen)
        except VoxproofError as problem:
            print(f"left out: {problem}", file=sys.stderr)
            counts["unreadable"] += 1
            continue
        sure = heard.log_probability >= SURE and len(heard.text.split()) >= FEWEST_WORDS
        counts["kept" if sure else "unsure"] += 1
        if sure:
            kept.append({**row, "text": heard.text, "end": f"{end:.2f}" if end else ""})
        if number % 100 == 0:
            print(json.dumps({"clips": number, **counts}), flush=True)
    with write_aside(out, CorpusError) as aside, aside.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
        table.writerow(_COLUMNS)
        table.writerows([(row.get(name) or "").replace("\t", " ") for name in _COLUMNS] for row in kept)
    return counts


def _told(audio: Audio, text: str, listen: Callable[[Audio], Heard]) -> tuple[float, Heard]:
    """What is said up to a time in seconds (0: the whole clip)."""
    if audio.duration <= LONGEST:
        return 0.0, Heard(text, 0.0) if text else listen(audio)
    ends = [end for _, end in speech_segments(audio) if end <= LONGEST]
    if not ends:
        return 0.0, Heard("", -np.inf)
    return ends[-1], listen(Audio(audio.samples[: round(ends[-1] * audio.rate)], audio.rate))


def main() -> int:
    """Parse and run."""
    cli = argparse.ArgumentParser(prog="python -m voxproof.training.transcribe", description=__doc__)
    cli.add_argument("manifest", type=Path)
    cli.add_argument("out", type=Path)
    cli.add_argument("--corpora", default="", help="only these, with commas between them")
    args = cli.parse_args()
    try:
        wanted = frozenset(filter(None, args.corpora.split(",")))
        print(json.dumps(transcribe_manifest(args.manifest, args.out, corpora=wanted)))
    except VoxproofError as error:
        print(f"voxproof: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
