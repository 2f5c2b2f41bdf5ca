"""ASVspoof 5, track 1: read English books of volunteers, and 32 attacks on them (Wang et al., arXiv:2408.08739).

`ASVspoof5.train.tsv`, `ASVspoof5.dev.track_1.tsv` and `ASVspoof5.eval.track_1.tsv` have no names in the first line and
ten columns apart by blanks: speaker (T_4850), clip (T_0000000000), gender, codec (C01 to C11, or -), its quality, the
clip that was coded, how the attacker adapted (AC1 to AC3), attack (A01 to A32) or bonafide, the key spoof or bonafide,
and one without use. The clips are in `flac_T`, `flac_D` and `flac_E_eval`. 1,004,081 clips, about 2,000 speakers,
16 kHz. What the participants of the challenge got (six columns, or no key) is not read.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tables import split
from voxproof.corpora.tree import below, found
from voxproof.errors import CorpusError

_PARTS = {
    "train": ("ASVspoof5.train.tsv", ("flac_T",)),
    "dev": ("ASVspoof5.dev.track_1.tsv", ("flac_D",)),
    "eval": ("ASVspoof5.eval.track_1.tsv", ("flac_E_eval", "flac_E")),
}
_NAME = re.compile(r"[TDE]_\d+")
_ATTACKS = frozenset(f"A{number:02}" for number in range(1, 33))


@corpora.register("asvspoof5")
class AsvSpoof5(Corpus):
    """`extra` has `codec`, `codec_q` and `adaptation` (AC1 to AC3); a clip and its coded copies are one `pair`.

    `family` is not told: the protocols name attacks, not their kinds. Bona fide clips are CC-BY-4.0, others ODC-By.
    """

    title = "ASVspoof 5"
    hours = 0.0
    speakers = 2000
    languages = "en"
    licence = "ODC-By-1.0"
    home = "https://zenodo.org/records/14498691"
    labels = "real, fake"

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. The tables and folders of clips are in `folder`, or up to two folders below it."""
        places = list(below(folder, but="flac_"))
        tables = {part: _first(places, name) for part, (name, _) in _PARTS.items()}
        if not any(tables.values()):
            raise CorpusError(f"{folder}: no ASVspoof5.train.tsv or other protocol of ASVspoof 5 in it")
        for part, (name, names) in _PARTS.items():
            listed, clips = tables[part], _first(places, *names)
            if listed is None:
                problems.add(folder / name, 0, f"no protocol of {part}; it is left out")
            elif clips is None:
                problems.add(folder / names[0], 0, f"no clips of {part}")
            else:
                yield from _part(folder, part, listed, clips, problems)


def _first(places: list[Path], *names: str) -> Path | None:
    return next((entry for place in places if (entry := found(place, *names)) is not None), None)


def _part(folder: Path, part: str, listed: Path, clips: Path, problems: Problems) -> Iterator[Row]:
    for number, cells in split(listed, delimiter=" "):
        if len(cells) != 10 or not _NAME.fullmatch(cells[1]) or cells[8] not in ("bonafide", "spoof"):
            problems.add(listed, number, "no line of ten columns with a clip, and bonafide or spoof in the ninth")
            continue
        speaker, name, gender, codec, quality, seed, adaptation, attack, key, _ = cells
        if attack not in (_ATTACKS if key == "spoof" else ("bonafide",)):
            problems.add(listed, number, f"the attack {attack!r} does not go with {key}")
            continue
        # not listed beforehand: the names of 680,774 files are more than one wants to hold
        clip = next((clips / f"{name}{end}" for end in (".flac", ".FLAC") if (clips / f"{name}{end}").is_file()), None)
        if clip is None:
            problems.add(listed, number, f"there is no {name}.flac")
            continue
        told = {"codec": codec, "codec_q": quality, "adaptation": adaptation}
        yield Row(
            clip.relative_to(folder).as_posix(),
            "fake" if key == "spoof" else "real",
            id=name,
            split=part,
            generator=attack if key == "spoof" else "",
            year="2024",
            speaker=speaker,
            gender=gender.lower() if gender in ("F", "M") else "",
            language="en",
            licence="" if key == "spoof" else "CC-BY-4.0",
            pair=name if seed == "-" else seed,
            extra={column: value for column, value in told.items() if value != "-"},
        )
