"""ASVspoof 2019 LA: bona fide VCTK speech, and 19 systems that imitate it (Wang et al., CSL 2020; arXiv:1911.01601).

`LA/ASVspoof2019_LA_cm_protocols/ASVspoof2019.LA.cm.train.trn.txt` (`dev.trl`, `eval.trl`) with lines such as
`LA_0079 LA_T_1138215 - A01 spoof` (speaker, clip, unused, system, key), and the clips in
`LA/ASVspoof2019_LA_train/flac/LA_T_1138215.flac` (`_dev`, `_eval`). 121,461 clips, 107 speakers, 16 kHz; A01 to A06
are in train and dev, A07 to A19 in eval, of which A16 is A04 and A19 is A06. The paper does not tell hours.
"""

from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tables import split
from voxproof.corpora.tree import Sounds, below, found
from voxproof.errors import CorpusError

_PARTS = {"train": "train.trn", "dev": "dev.trl", "eval": "eval.trl"}
_CONVERTERS, _BOTH = (5, 6, 17, 18, 19), (13, 14, 15)
FAMILIES = {
    f"A{number:02}": "vc" if number in _CONVERTERS else "tts-vc" if number in _BOTH else "tts"
    for number in range(1, 20)
}
"""What each system is: text to speech, voice conversion, or speech of the first kind put through the second."""


@corpora.register("asvspoof2019")
class AsvSpoof2019(Corpus):
    """The logical access part. `speaker` is who is heard, of a fake who it pretends to be."""

    title = "ASVspoof 2019 LA"
    hours = 0.0
    speakers = 107
    languages = "en"
    licence = "ODC-By-1.0"
    home = "https://datashare.ed.ac.uk/handle/10283/3336"
    labels = "real, fake"

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` is `LA`, or up to two folders above it."""
        tables = (found(place, "ASVspoof2019_LA_cm_protocols") for place in below(folder, but="flac"))
        protocols = next((place for place in tables if place is not None), None)
        if protocols is None:
            raise CorpusError(f"{folder}: no ASVspoof2019_LA_cm_protocols in it")
        for part, name in _PARTS.items():
            listed = found(protocols, f"ASVspoof2019.LA.cm.{name}.txt")
            place = found(protocols.parent, f"ASVspoof2019_LA_{part}")
            clips = place and found(place, "flac")
            if listed is None:
                problems.add(protocols / f"ASVspoof2019.LA.cm.{name}.txt", 0, f"no protocol of {part}; it is left out")
            elif clips is None:
                problems.add(protocols.parent / f"ASVspoof2019_LA_{part}" / "flac", 0, f"no clips of {part}")
            else:
                yield from _part(folder, part, listed, Sounds(clips), problems)


def _part(folder: Path, part: str, listed: Path, clips: Sounds, problems: Problems) -> Iterator[Row]:
    for number, cells in split(listed, delimiter=" "):
        if len(cells) != 5 or cells[4] not in ("bonafide", "spoof"):
            problems.add(listed, number, "no line of a speaker, a clip, '-', a system, and bonafide or spoof")
            continue
        speaker, name, _, system, key = cells
        if system not in (FAMILIES if key == "spoof" else ("-",)):
            problems.add(listed, number, f"the system {system!r} does not go with {key}")
            continue
        clip = clips.get(name)
        if clip is None:
            problems.add(listed, number, f"there is no {name}.flac")
            continue
        yield Row(
            clip.relative_to(folder).as_posix(),
            "fake" if key == "spoof" else "real",
            id=name,
            split=part,
            generator=system if key == "spoof" else "",
            family=FAMILIES.get(system, ""),
            year="2019",
            speaker=speaker,
            language="en",
        )
