"""MLAAD: fakes of very many speech synthesisers in very many languages (Müller et al., IJCNN 2024; arXiv:2401.09512).

`fake/LANG/MODEL/*.wav`, and `meta.csv` in each model's folder: names in the first line, bars between, nothing quoted.
Columns: path, original_file, language, is_original_language, duration, training_data, model_name, architecture,
transcript; some versions have more. It grows: version 3 has 163.9 hours of 54 models in 23 languages, version 8 has
570.3 of 119 in 40, version 9 has 678.3 of 140 in 51. The real counterpart is M-AILABS, which is another corpus.
"""

from collections.abc import Iterator
from pathlib import Path

from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tables import table
from voxproof.corpora.tree import Sounds, below, found
from voxproof.errors import CorpusError

_ELSEWHERE = frozenset({"path", "original_file", "language", "duration", "model_name", "transcript"})


@corpora.register("mlaad")
class Mlaad(Corpus):
    """`generator` is the model, `pair` the clip of M-AILABS whose text it reads; `extra` has the other columns.

    Who is heard is not told. All of it is fake.
    """

    title = "MLAAD"
    hours = 0.0
    speakers = 0
    languages = "51 in version 9"
    licence = "CC-BY-NC-4.0"
    home = "https://huggingface.co/datasets/mueller91/MLAAD"
    labels = "fake"

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` is `fake`, or up to three folders above it."""
        fakes = next((fake for place in below(folder) if (fake := found(place, "fake")) is not None), folder)
        models = [model for language in _folders(fakes) for model in _folders(language)]
        if not any(found(model, "meta.csv") for model in models):
            raise CorpusError(f"{folder}: no fake/LANGUAGE/MODEL/meta.csv in it, as MLAAD has")
        for model in models:
            yield from _model(folder, model, problems)


def _folders(folder: Path) -> list[Path]:
    return sorted(place for place in folder.iterdir() if place.is_dir() and not place.name.startswith("."))


def _model(folder: Path, model: Path, problems: Problems) -> Iterator[Row]:
    listed = found(model, "meta.csv")
    if listed is None:
        problems.add(model, 0, "no meta.csv in this model's folder; its clips are left out")
        return
    clips = Sounds(model)
    for number, cells in table(listed, problems, delimiter="|", needs=("path",)):
        known = {key: value.strip() for key, value in cells.items()}
        name = Path(known["path"].replace("\\", "/")).name  # some versions name a wrong folder before it (zh for zh-cn)
        clip = clips.get(name) if name else None
        if clip is None:
            problems.add(listed, number, f"there is no {name!r} in this folder")
            continue
        yield Row(
            clip.relative_to(folder).as_posix(),
            "fake",
            id=f"{model.parent.name}/{model.name}/{clip.stem}",
            generator=known.get("model_name") or model.name,
            family="tts",
            language=known.get("language") or model.parent.name,
            text=known.get("transcript", ""),
            pair=known.get("original_file", ""),
            extra={key: value for key, value in known.items() if key and value and key not in _ELSEWHERE},
        )
