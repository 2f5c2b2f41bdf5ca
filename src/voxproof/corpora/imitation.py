"""Fake voice recordings (Imitation): originals, and one voice made to sound like another by signal processing.

Rodríguez, Ballesteros and Renza, 2019, Mendeley Data, doi:10.17632/ytkv9w92t6.1; used in "A Machine Learning Model to
Detect Fake Voice" (Rodríguez-Ortega, Ballesteros and Renza, ICAI 2020) and for the histograms of H-Voice
(doi:10.1016/j.dib.2020.105331), which call its two classes `original` and `fake`.

The layout is ASSUMED: no listing of the files was at hand. A clip counts where its name or a folder has one of the two
words as a word of its own (`Fake/12.wav`, `original_12.wav`); the others are told and left out. Hours, speakers,
languages and splits are not told.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tree import sounds
from voxproof.errors import CorpusError

_LABELS = {"original": "real", "originals": "real", "fake": "fake", "fakes": "fake"}
_BETWEEN = re.compile(r"[^a-z]+")


@corpora.register("imitation")
class Imitation(Corpus):
    """The fakes are neither synthesis nor neural conversion: their `generator` is `imitation`."""

    title = "Fake voice recordings (Imitation)"
    hours = 0.0
    speakers = 0
    languages = "not told"
    licence = "the terms on its Mendeley page"
    home = "https://data.mendeley.com/datasets/ytkv9w92t6/1"
    labels = "real, fake"

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` is any folder above the clips."""
        clips = 0
        for path in sounds(folder):
            within = path.relative_to(folder)
            said = _labels(within)
            if len(said) != 1:
                problems.add(path, 0, f"its name and folders say {' and '.join(sorted(said)) or 'no'} label")
                continue
            clips += 1
            (label,) = said
            fake = label == "fake"
            yield Row(
                within.as_posix(),
                label,
                generator="imitation" if fake else "",
                family="other" if fake else "",
                year="2019" if fake else "",
            )
        if not clips:
            raise CorpusError(f"{folder}: no clip in it is called original or fake")


def _labels(within: Path) -> set[str]:
    # the name of the corpus, which may be that of a folder, has one of the words itself
    parts = [part for part in (*within.parts[:-1], within.stem) if "imitation" not in part.lower()]
    return {_LABELS[word] for part in parts for word in _BETWEEN.split(part.lower()) if word in _LABELS}
