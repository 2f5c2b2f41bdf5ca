"""What a corpus is: facts about it, and how its folder becomes rows."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from voxproof.corpora.archives import Archive
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.registry import Registry


class Corpus(ABC):
    """One corpus in the layout that its owners publish.

    A new one is a file with a class: the facts, and `rows`. `prepare` does what is the same for all.
    """

    title: ClassVar[str]
    hours: ClassVar[float]
    """Hours of speech, 0 where that is not told or grows."""
    speakers: ClassVar[int]
    languages: ClassVar[str]
    licence: ClassVar[str]
    """SPDX where there is one; else the owner's terms in a few words."""
    home: ClassVar[str]
    """Where its owners publish it."""
    labels: ClassVar[str] = "real"
    """`real`, `fake` or `real, fake`; empty where nobody told."""
    how: ClassVar[str] = ""
    """How to get it, in a sentence, where it cannot be downloaded by a program."""
    archives: ClassVar[tuple[Archive, ...]] = ()
    """What `download` fetches; nothing where its owners want to be asked."""

    @abstractmethod
    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """The rows of the corpus in `folder`, as they come, with paths relative to `folder`.

        What `prepare` fills in may be left out: `corpus`, `licence`, `id` (from the path), and what the header of each
        file says. Broken lines and missing files are told to `problems`; `CorpusError` is for a folder that is not this
        corpus at all.
        """


corpora: Registry[Corpus] = Registry("corpus", "voxproof.corpora")
