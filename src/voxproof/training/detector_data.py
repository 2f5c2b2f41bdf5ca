"""Clips for training a detector: which there are, packed for fast reading, and drawn so that no shortcut pays.

A *page* is a domain: real and fake of one page were published side by side, so drawing both classes from one page
leaves recording, language and mastering without value for telling them apart. The same holds for *coding* (the codec
that a copy went through): a pair is always drawn within one page and one coding.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from voxproof.audio import read_audio
from voxproof.corpora.tables import manifest_cells
from voxproof.errors import AudioError, CorpusError

RATE = 16_000  # Hz
LONGEST = 6.0  # seconds kept of a clip
SHORTEST = 0.5  # shorter clips teach nothing
OWN = "own-"  # how pages begin that we made ourselves: their generators are on all of them, so none is held out
WIDE = "wide"  # the page of real speech that has no fakes beside it
WIDE_HELD_OUT = "wide held out"  # the same, of speakers that are held out
WIDE_HELD_OUT_SHARE = 0.04  # of the speakers
COLUMNS = ("path", "label", "page", "generator", "family", "speaker")


@dataclass(frozen=True)
class Clip:
    """One clip of the training set."""

    path: str
    label: str  # "real" or "fake"
    page: str
    coding: str  # copies of one coding are comparable: the folder's name and the file's suffix
    generator: str
    family: str
    speaker: str
    matched: bool = True  # real and fake of its page have the same codec and sample rate
    origin: str = ""  # repository and path of the recording, where the manifest tells it

    @property
    def fake(self) -> bool:
        """Whether a machine made it."""
        return self.label == "fake"

    @property
    def domain(self) -> tuple[str, str]:
        """Where its opposite may come from."""
        return (self.page, self.coding)


def read_manifest(manifest: str | Path, split: str | None = None) -> list[Clip]:
    """The clips of a `manifest.tsv` (or of the folder that holds one), with paths beside it.

    Needs the columns path, label, page, generator, family, speaker. A manifest with a column `split` is read for that
    split alone; asking for none of such a manifest means `train`, so that nothing is ever trained on what judges.
    """
    path = Path(manifest)
    path = path / "manifest.tsv" if path.is_dir() else path
    rows = manifest_cells(path, COLUMNS)
    clips = []
    for row in rows:
        if row["label"] not in ("real", "fake"):
            raise CorpusError(f"{path}: label {row['label']!r} of {row['path']} is neither real nor fake")
        if "split" in row and row["split"] != (split or "train"):
            continue
        if row["page"].startswith("wide-"):  # real speech alone, coded otherwise than the pages: its coding would tell
            continue
        place = path.parent / row["path"]
        coding = f"{path.parent.name}{place.suffix}"
        fields = {name: row[name] for name in COLUMNS if name != "path"}
        clips.append(
            Clip(path=str(place), coding=coding, matched=row.get("matched", "1") == "1", origin=_origin(row), **fields)
        )
    return clips


def read_real(folder: str | Path, coding: str | None = None, share: float = 1.0) -> list[Clip]:
    """Real speech of a manifest with the columns path and speaker, all of it one page, `wide` (and one for
    the few speakers that are held out).

    `coding` is that of the pages which it may be set against; the file's suffix is none, as it cannot be known there.
    Of the speakers a `share` is taken, by a hash of their names.
    """
    path = Path(folder) / "manifest.tsv"
    rows = manifest_cells(path, ("path", "speaker"))
    return [
        Clip(
            path=str(path.parent / row["path"]),
            label="real",
            page=WIDE_HELD_OUT if _fraction(row["speaker"]) < WIDE_HELD_OUT_SHARE else WIDE,
            coding=coding or f"{path.parent.name}{Path(row['path']).suffix}",
            generator="",
            family="",
            speaker=row["speaker"],
            matched=False,
            origin=_origin(row),
        )
        for row in rows
        if _fraction(f"share:{row['speaker']}") < share
    ]


def _origin(row: dict[str, str]) -> str:
    return f"{row['repo']}:{row['source_path']}" if row.get("repo") and row.get("source_path") else ""


def refuse_overlap(clips: Iterable[Clip], corpus: str | Path) -> None:
    """`CorpusError` if a clip is of a page or a recording of the split `dev` of `corpus`, which judges detectors.

    Pages named `wide-*` are whole corpora and may occur, with other recordings.
    """
    dev = [row for row in manifest_cells(Path(corpus), ("path", "split", "page")) if row["split"] == "dev"]
    pages = {row["page"] for row in dev if not row["page"].startswith("wide-")}
    origins = {_origin(row) for row in dev} - {""}
    for clip in clips:
        if clip.page in pages or clip.origin in origins:
            raise CorpusError(
                f"{clip.path} is of the page or the recording of a clip that judges detectors: leave it out"
            )


def held_out_pages(clips: Iterable[Clip], share: float, seed: int = 0) -> set[str]:
    """Pages kept from training: a `share` of those with four clips of each class and more, by a hash of their names.

    Besides, always, the page of the wide speakers that are held out.
    """
    classes: dict[str, list[int]] = {}
    for clip in clips:
        classes.setdefault(clip.page, [0, 0])[clip.fake] += 1
    able = sorted(
        (page for page, counts in classes.items() if min(counts) >= 4 and not page.startswith(OWN)),
        key=lambda p: _fraction(f"{seed}:{p}"),
    )
    return {*able[: round(share * len(able))], *({WIDE_HELD_OUT} & set(classes))}


def _fraction(text: str) -> float:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") / 2**64


class PackedClips:
    """Clips as one memory map of 16-bit samples at 16 kHz: `pack[i]` is float32 `(samples,)`."""

    def __init__(self, folder: Path, clips: Sequence[Clip], starts: NDArray[np.int64]) -> None:
        self.clips = list(clips)
        self._starts = starts
        self._samples = np.memmap(folder / "samples.i16", np.int16, "r") if len(clips) else np.zeros(0, np.int16)

    def __len__(self) -> int:
        return len(self.clips)

    def length(self, index: int) -> int:
        """Samples of a clip."""
        return int(self._starts[index + 1] - self._starts[index])

    def __getitem__(self, index: int) -> NDArray[np.float32]:
        part = self._samples[self._starts[index] : self._starts[index + 1]]
        return part.astype(np.float32) / 32768.0

    def crop(self, index: int, samples: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """A random stretch of a clip; shorter clips are repeated, starting anywhere."""
        length = self.length(index)
        start = int(rng.integers(0, max(length - samples, 0) + 1))
        clip = self[index]
        if length >= samples:
            return clip[start : start + samples]
        turned = np.roll(clip, -int(rng.integers(0, length)))
        return np.resize(turned, samples)


def pack_clips(clips: Sequence[Clip], cache: str | Path, progress: bool = True) -> PackedClips:
    """Decode all clips once into `cache`; clips that cannot be read or are too short are left out and counted.

    The cache is named by a hash of the list (paths, labels, sizes): a changed list is packed anew, beside the old one.
    """
    key = hashlib.sha256()
    for clip in clips:
        place = Path(clip.path)
        if not place.is_file():
            raise CorpusError(f"{place} is named in a manifest but is not there")
        key.update(json.dumps([asdict(clip), place.stat().st_size], sort_keys=True).encode())
    folder = Path(cache) / key.hexdigest()[:16]
    index = folder / "index.json"
    if not index.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        kept, lengths, aside = [], [0], folder / "samples.part"
        with aside.open("wb") as file:
            for count, clip in enumerate(clips):
                samples = _decode(clip.path)
                if samples is None:
                    continue
                file.write(samples.tobytes())
                kept.append(asdict(clip))
                lengths.append(len(samples))
                if progress and count % 500 == 0:
                    print(f"packed {count} of {len(clips)} clips", flush=True)
        aside.replace(folder / "samples.i16")
        facts = {"clips": kept, "starts": np.cumsum(lengths).tolist(), "left_out": len(clips) - len(kept)}
        (folder / "index.part").write_text(json.dumps(facts), encoding="utf-8")
        (folder / "index.part").replace(index)
    facts = json.loads(index.read_text(encoding="utf-8"))
    return PackedClips(folder, [Clip(**row) for row in facts["clips"]], np.array(facts["starts"], np.int64))


def _decode(path: str) -> NDArray[np.int16] | None:
    try:
        samples = read_audio(path, rate=RATE).samples[: int(LONGEST * RATE)]
    except (AudioError, soundfile.LibsndfileError):
        return None
    if len(samples) < SHORTEST * RATE or float(np.abs(samples).max()) < 1e-3:
        return None
    return np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16)


_ByGroup = dict[str, list[int]]


class PairSampler:
    """Batches of equally many real and fake clips, always two of a kind: one page, one coding, both classes.

    Pages are drawn by the square root of their number of clips (large ones more often, but not in proportion); the
    fake of a pair is drawn by generator first, so that no generator drowns the others. A share `mixed` of the pairs
    takes the real clip from any page or from speech without fakes and the fake from any other page, of one suffix:
    so pages with one class alone count, and a speaker's microphone is not always that of a fake.
    """

    def __init__(self, clips: Sequence[Clip], pages: set[str] | None = None, mixed: float = 0.0) -> None:
        domains: dict[tuple[str, str], tuple[list[int], _ByGroup]] = {}
        self._real: dict[str, _ByGroup] = {}
        self._fake: dict[str, _ByGroup] = {}
        self.mixed = mixed
        for place, clip in enumerate(clips):
            if pages is not None and clip.page not in pages:
                continue
            real, fake = domains.setdefault(clip.domain, ([], {}))
            suffix = Path(clip.path).suffix
            if clip.fake:
                fake.setdefault(clip.generator, []).append(place)
                self._fake.setdefault(suffix, {}).setdefault(f"{clip.page}:{clip.generator}", []).append(place)
            else:
                real.append(place)
                # Of wide speech every speaker is a group, so that it outweighs the few pages.
                group = clip.speaker if clip.page == WIDE else clip.page
                self._real.setdefault(suffix, {}).setdefault(group, []).append(place)
        self.domains = {name: both for name, both in domains.items() if both[0] and both[1]}
        if not self.domains:
            raise CorpusError("no page holds both real and fake clips: there is nothing to tell apart")
        self._suffixes = sorted(set(self._real) & set(self._fake))
        counts = [min(len(real), sum(map(len, fake.values()))) for real, fake in self.domains.values()]
        self._weights = np.sqrt(counts) / np.sqrt(counts).sum()
        self._names = list(self.domains)

    def pair(self, rng: np.random.Generator) -> tuple[int, int]:
        """Indices of a real and a fake clip of one domain."""
        if self._suffixes and rng.random() < self.mixed:
            suffix = self._suffixes[rng.integers(len(self._suffixes))]
            return _draw(self._real[suffix], rng), _draw(self._fake[suffix], rng)
        real, fake = self.domains[self._names[rng.choice(len(self._names), p=self._weights)]]
        return real[rng.integers(len(real))], _draw(fake, rng)

    def pairs(self, count: int, rng: np.random.Generator) -> Iterator[tuple[int, int]]:
        """`count` pairs."""
        return (self.pair(rng) for _ in range(count))


def _draw(groups: _ByGroup, rng: np.random.Generator) -> int:
    names = list(groups)
    group = groups[names[rng.integers(len(names))]]
    return group[rng.integers(len(group))]
