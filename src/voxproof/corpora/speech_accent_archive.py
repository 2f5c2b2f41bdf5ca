"""Speech Accent Archive: one paragraph of English, read by people with 214 first languages (Weinberger, George Mason
University, accent.gmu.edu).

The tree is Kaggle's (2,138 recordings of 2017; the archive itself grows): `recordings/recordings/english1.mp3`, and
`speakers_all.csv` with age, age_onset, birthplace, filename, native_language, sex, speakerid, country, file_missing?,
and three columns without a name. `famale` is written for one woman. Rows whose `file_missing?` is TRUE have no file.
"""

from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tables import table
from voxproof.corpora.tree import Sounds, needed, sounds

PARAGRAPH = (
    "Please call Stella. Ask her to bring these things with her from the store: Six spoons of fresh snow peas, five "
    "thick slabs of blue cheese, and maybe a snack for her brother Bob. We also need a small plastic snake and a big "
    "toy frog for the kids. She can scoop these things into three red bags, and we will go meet her Wednesday at the "
    "train station."
)
_GENDERS = {"male": "m", "female": "f", "famale": "f"}
_NEEDED = ("age", "filename", "native_language", "sex", "speakerid", "file_missing?")
_EXTRA = ("native_language", "age_onset", "birthplace", "country")


@corpora.register("speech_accent_archive")
class SpeechAccentArchive(Corpus):
    """`accent` is the first language, in the archive's words; everybody reads `PARAGRAPH`. There is no split."""

    title = "Speech Accent Archive"
    hours = 0.0
    speakers = 2138
    languages = "en"
    licence = "CC-BY-NC-SA-4.0"
    home = "https://accent.gmu.edu"
    how = "Kaggle has a copy of 2017 in one archive (rtatman/speech-accent-archive)."

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` holds `speakers_all.csv` and `recordings`."""
        listed = needed(folder, "speakers_all.csv")
        place = needed(folder, "recordings")
        clips = Sounds(place)
        named: set[Path] = set()
        for number, cells in table(listed, problems, delimiter=",", needs=_NEEDED, quoted=True):
            if cells["file_missing?"].strip().upper() == "TRUE":
                continue
            name = cells["filename"].strip()
            path = clips.get(name)
            if path is None:
                problems.add(listed, number, f"there is no {name}.mp3")
                continue
            named.add(path)
            yield _row(folder, path, listed, number, {key: value.strip() for key, value in cells.items()}, problems)
        for path in sounds(place):
            if path not in named and path not in clips.doubled:
                problems.add(path, 0, f"no line of {listed.name} names it; it is left out")


def _row(folder: Path, path: Path, listed: Path, number: int, cells: dict[str, str], problems: Problems) -> Row:
    gender = _GENDERS.get(cells["sex"].lower(), "")
    if not gender:
        problems.add(listed, number, f"the sex {cells['sex']!r} is neither male nor female; it is left empty")
    return Row(
        path.relative_to(folder).as_posix(),
        id=path.stem,
        speaker=cells["speakerid"],
        gender=gender,
        language="en",
        text=PARAGRAPH,
        age=_age(cells["age"]),
        accent=cells["native_language"],
        extra={key: value for key in _EXTRA if (value := cells.get(key, ""))},
    )


def _age(said: str) -> str:
    """Years without the `.0` that some have; 0 is not told."""
    whole = said.removesuffix(".0")
    return "" if whole == "0" else whole
