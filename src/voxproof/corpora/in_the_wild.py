"""In-the-Wild: real and faked speech of 58 public persons, from the web (Müller et al., Interspeech 2022,
arXiv:2203.16263).

`release_in_the_wild/meta.csv` (file,speaker,label: `bona-fide` or `spoof`) with `0.wav` to `31778.wav` beside it,
16 kHz. 37.9 hours: 20.7 real and 17.2 fake.
"""

from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tables import table
from voxproof.corpora.tree import Sounds, found, needed, sounds

_LABELS = {"bona-fide": "real", "spoof": "fake"}


@corpora.register("in_the_wild")
class InTheWild(Corpus):
    """It is meant for judging only: there is no split, and what made a fake is not told."""

    title = "In-the-Wild"
    hours = 37.9
    speakers = 58
    languages = "en"
    licence = "CC-BY-SA-4.0"
    home = "https://huggingface.co/datasets/mueller91/In-The-Wild"
    labels = "real, fake"

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` is `release_in_the_wild`, or what holds it."""
        root = found(folder, "release_in_the_wild") or folder
        listed = needed(root, "meta.csv")
        clips = Sounds(root)
        named: set[Path] = set()
        for number, cells in table(listed, problems, delimiter=",", needs=("file", "speaker", "label"), quoted=True):
            path = clips.get(cells["file"].strip())
            if path is None:
                problems.add(listed, number, f"there is no {cells['file'].strip()!r}")
                continue
            named.add(path)
            label = _LABELS.get(cells["label"].strip().lower())
            if label is None:
                problems.add(listed, number, f"the label {cells['label']!r} is neither bona-fide nor spoof")
                continue
            yield Row(
                path.relative_to(folder).as_posix(),
                id=path.stem,
                label=label,
                speaker=cells["speaker"].strip(),
                language="en",
            )
        for path in sounds(root):
            if path not in named and path not in clips.doubled:
                problems.add(path, 0, f"no line of {listed.name} names it; it is left out")
