"""DEEP-VOICE: speeches of eight famous people, each converted to the other seven (Bird and Lotfi, arXiv:2308.12734).

`KAGGLE/AUDIO/REAL/biden-original.wav` and `KAGGLE/AUDIO/FAKE/biden-to-trump.wav` (what Biden says in Trump's voice;
some names have capitals), 8 and 56 recordings of minutes each, by retrieval-based voice conversion (RVC). The clips in
`DEMONSTRATION` are pieces of them and are not read; the table of features is not sound.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tree import below, found, sounds
from voxproof.errors import CorpusError

_REAL = re.compile(r"(.+)-original", re.IGNORECASE)
_FAKE = re.compile(r"(.+)-to-(.+)", re.IGNORECASE)


@corpora.register("deep_voice")
class DeepVoice(Corpus):
    """`speaker` is who is heard, `pair` who spoke; a recording and its conversions are one `page` and one `pair`.

    Recordings are long: cut them, and keep a `page` in one split.
    """

    title = "DEEP-VOICE"
    hours = 0.0
    speakers = 8
    languages = "en"
    licence = "the terms on its Kaggle page"
    home = "https://www.kaggle.com/datasets/birdy654/deep-voice-deepfake-voice-recognition"
    labels = "real, fake"

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` is what holds `REAL` and `FAKE`, or up to two folders above it."""
        root = next((place for place in below(folder) if found(place, "REAL") and found(place, "FAKE")), None)
        if root is None:
            raise CorpusError(f"{folder}: no folder in it has REAL and FAKE, as DEEP-VOICE has")
        for label in ("real", "fake"):
            place = found(root, label)
            assert place is not None
            for path in sounds(place):
                named = (_REAL if label == "real" else _FAKE).fullmatch(path.stem)
                if named is None:
                    problems.add(path, 0, "not called after who speaks (biden-original.wav, biden-to-trump.wav)")
                    continue
                yield _row(path.relative_to(folder).as_posix(), label, named)


def _row(path: str, label: str, named: re.Match[str]) -> Row:
    people = [name.lower() for name in named.groups()]
    fake = label == "fake"
    return Row(
        path,
        label,
        id=named.group().lower(),
        page=f"{people[0]}-original",
        generator="RVC" if fake else "",
        family="vc" if fake else "",
        year="2023" if fake else "",
        speaker=people[-1],
        language="en",
        pair=people[0],
    )
