"""Which clips are judged together: the sets of the protocol; generators, families, codecs, languages, genders.

A generator, and a family of them, stands against the real clips of the pages that it is on: real speech of other pages
differs from it in more than being real. A codec, a language or a gender holds the fake and the real clips that have it.
"""

from collections.abc import Callable, Sequence

from voxproof.evaluation.detector_overlap import apart
from voxproof.evaluation.detector_protocol import Row, that_counts, with_real_of_their_pages
from voxproof.evaluation.detector_scores import Scored

Groups = dict[str, list[Scored]]

COUNTS = "the figure that counts"
ALL = "all dev"
GENDERS = {"f": "female", "m": "male", "": "not told"}


def sets_of(scored: Sequence[Scored], rows: Sequence[Row]) -> Groups:
    """The sets of the protocol; `rows` is the whole corpus, training too, to know whom that has heard."""
    counting = that_counts(scored)

    def unheard(*kinds: str) -> list[Scored]:
        kept = {row.name for row in apart(rows, *kinds)}
        return [s for s in counting if s.row.name in kept]

    return {
        COUNTS: counting,
        ALL: list(scored),
        "all dev but codec copies": [s for s in scored if s.row.family != "codec"],
        "counts, speakers unseen in train": unheard("speakers"),
        "counts, texts unseen in train": unheard("texts"),
        "counts, speakers and texts unseen": unheard("speakers", "texts"),
    }


def by_generator(scored: Sequence[Scored]) -> Groups:
    """Each generator against the real clips of its pages; generators without any are left out."""
    groups = _against_their_pages(scored, lambda row: row.generator)
    return {name: members for name, members in groups.items() if any(not s.row.fake for s in members)}


def by_family(scored: Sequence[Scored]) -> Groups:
    """Each family of generators against the real clips of its pages."""
    return _against_their_pages(scored, lambda row: row.family or "not told")


def by_codec(scored: Sequence[Scored]) -> Groups:
    """Fake and real clips that were published in one coding."""
    return _sharing(scored, lambda row: codec_name(row.codec))


def by_language(scored: Sequence[Scored]) -> Groups:
    """Fake and real clips in one language."""
    return _sharing(scored, lambda row: row.language or "not told")


def by_gender(scored: Sequence[Scored]) -> Groups:
    """Fake and real clips of one gender."""
    return _sharing(scored, lambda row: GENDERS.get(row.gender, row.gender))


def codec_name(told: str) -> str:
    """One name for a coding that manifests write in several ways (`WAV/PCM_16` and `pcm_s16le`)."""
    container, _, coding = told.lower().rpartition("/")
    if "mp3" in told.lower() or coding == "mpeg_layer_iii":
        return "mp3"
    if container == "flac":
        return "flac"
    return {"pcm_16": "pcm_s16le", "pcm_24": "pcm_s24le", "float": "pcm_f32le", "": "not told"}.get(coding, coding)


def _against_their_pages(scored: Sequence[Scored], of: Callable[[Row], str]) -> Groups:
    names = sorted({of(s.row) for s in scored if s.row.fake})
    return {
        name: with_real_of_their_pages([s for s in scored if s.row.fake and of(s.row) == name], scored)
        for name in names
    }


def _sharing(scored: Sequence[Scored], of: Callable[[Row], str]) -> Groups:
    groups: Groups = {}
    for one in scored:
        groups.setdefault(of(one.row), []).append(one)
    return dict(sorted(groups.items(), key=lambda pair: -len(pair[1])))
