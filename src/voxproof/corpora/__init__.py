"""Corpora: from the folder that their owners publish to one kind of manifest."""

from voxproof.corpora import (  # noqa: F401 (they register themselves)
    asvspoof5,
    asvspoof2019,
    audioset,
    blizzard,
    chime5,
    common_voice,
    cstr_nam_timit_plus,
    deep_voice,
    folder,
    imitation,
    in_the_wild,
    librispeech,
    libritts,
    ljspeech,
    mlaad,
    ravdess,
    speech_accent_archive,
    timit,
    vctk,
    voxceleb,
    wavefake,
)
from voxproof.corpora.archives import Archive
from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.download import Downloaded, download
from voxproof.corpora.manifest import placed, read_manifest, write_manifest
from voxproof.corpora.prepare import Prepared, prepare
from voxproof.corpora.problems import Problem, Problems
from voxproof.corpora.row import COLUMNS, Row

__all__ = [
    "COLUMNS",
    "Archive",
    "Corpus",
    "Downloaded",
    "Prepared",
    "Problem",
    "Problems",
    "Row",
    "corpora",
    "download",
    "placed",
    "prepare",
    "read_manifest",
    "write_manifest",
]
