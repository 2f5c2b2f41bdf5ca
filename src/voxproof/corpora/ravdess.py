"""RAVDESS: two sentences spoken and sung with eight emotions (Livingstone & Russo, PLoS ONE 13(5), 2018,
doi:10.1371/journal.pone.0196391).

`Actor_12/03-01-06-01-02-01-12.wav`, and `.mp4` where the face is to be seen; seven fields of two digits: modality (01
sound and picture, 02 picture, 03 sound), vocal channel (01 speech, 02 song), emotion, intensity, statement, repetition,
actor (odd ones are men). The archives unpack to `Actor_NN`, or to `Audio_Speech_Actors_01-24/Actor_NN` and so on;
Kaggle's has every clip twice. 24 actors, 7,356 files, 2,452 of them sound alone (1,440 spoken and 1,012 sung; about 2.8
hours). Pictures without sound (02) are not clips.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.archives import Archive
from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tree import sounds
from voxproof.errors import CorpusError

_NAME = re.compile(r"\d{2}(?:-\d{2}){6}")
_ACTOR = re.compile(r"actor_(\d{2})", re.IGNORECASE)
_STATEMENTS = {"01": "Kids are talking by the door.", "02": "Dogs are sitting by the door."}
_FIELDS: tuple[tuple[str, dict[str, str]], ...] = (
    ("modality", {"01": "sound and picture", "02": "picture", "03": "sound"}),
    ("channel", {"01": "speech", "02": "song"}),
    (
        "emotion",
        dict(zip(
            (f"{number:02}" for number in range(1, 9)),
            "neutral calm happy sad angry fearful disgust surprised".split(),
            strict=True,
        )),
    ),
    ("intensity", {"01": "normal", "02": "strong"}),
    ("statement", _STATEMENTS),
    ("repetition", {"01": "1", "02": "2"}),
    ("actor", {f"{number:02}": f"{number:02}" for number in range(1, 25)}),
)  # fmt: skip


@corpora.register("ravdess")
class Ravdess(Corpus):
    """`extra` has `channel` (speech, song), `emotion`, `intensity`, `repetition`, `modality`.

    `page` is the take, of which there may be a file with the picture and one without.
    """

    title = "RAVDESS"
    hours = 2.8
    speakers = 24
    languages = "en"
    licence = "CC-BY-NC-SA-4.0"
    home = "https://zenodo.org/records/1188976"
    archives = (
        Archive(
            "speech",
            "https://zenodo.org/record/1188976/files/Audio_Speech_Actors_01-24.zip",
            "md5:bc696df654c87fed845eb13823edef8a",
        ),
    )

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` holds the `Actor_NN`, or folders that hold them."""
        if not any(_ACTOR.fullmatch(path.parent.name) for path in sounds(folder)):
            raise CorpusError(f"{folder}: no Actor_01 or other folder of an actor with clips in it")
        taken: set[str] = set()
        for path in sounds(folder):
            fields = _fields(path, problems)
            if fields is None or fields["modality"] == "picture" or path.stem in taken:
                continue
            taken.add(path.stem)
            yield Row(
                path.relative_to(folder).as_posix(),
                id=path.stem,
                page=path.stem.partition("-")[2],
                speaker=f"Actor_{fields['actor']}",
                gender="m" if int(fields["actor"]) % 2 else "f",
                language="en",
                accent="North American",
                text=fields["statement"],
                extra={name: said for name, said in fields.items() if name not in ("actor", "statement")},
            )


def _fields(path: Path, problems: Problems) -> dict[str, str] | None:
    """What the seven fields of a name say; None, and a problem, if that is none of the corpus."""
    if not _NAME.fullmatch(path.stem):
        problems.add(path, 0, "its name is not seven fields of two digits")
        return None
    fields = {}
    for (name, known), code in zip(_FIELDS, path.stem.split("-"), strict=True):
        if code not in known:
            problems.add(path, 0, f"no {name} {code} is known")
            return None
        fields[name] = known[code]
    folder = _ACTOR.fullmatch(path.parent.name)
    if folder is None or folder.group(1) != fields["actor"]:
        problems.add(path, 0, f"actor {fields['actor']} by its name, but it is in {path.parent.name}")
        return None
    return fields
