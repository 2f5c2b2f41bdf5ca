"""AudioSet: ten seconds of two million videos, by 527 classes of sound (Gemmeke et al., ICASSP 2017).

`balanced_train_segments.csv`, `unbalanced_train_segments.csv` and `eval_segments.csv` (at the root or in a folder
there) have three lines of comment and then `YTID, start_seconds, end_seconds, positive_labels`, where the labels are a
quoted list of ids; `ontology.json` (or `class_labels_indices.csv`) has their names. The sound is not published: people
cut it themselves, so that files are found by name anywhere below: `YTID.wav`, `YYTID.wav`, and either with the start,
or start and end, after it (`_30.000`, `_30`, `_30000`, `_30.000_40.000`, and so on). 2,084,320 clips, 5,790 hours, half
of them with speech.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from voxproof.audio.header import read_header
from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tables import split, table
from voxproof.corpora.tree import sounds
from voxproof.errors import AudioError, CorpusError

_SPLITS = ("balanced_train", "unbalanced_train", "eval")
_LONGER = 1.0  # seconds by which a file that is no cut is longer than the clip


@corpora.register("audioset")
class AudioSet(Corpus):
    """`label` is empty: nobody has checked what is real. `page` is the video.

    `extra` has `labels` (ids) and `classes` (their names), and `start` and `end` in the video. Where a file named after
    the video alone is longer than the clip, the row is that stretch of it.
    """

    title = "AudioSet"
    hours = 5790.0
    speakers = 0
    languages = "any"
    licence = "CC-BY-4.0"  # of the lists; the sound is its makers'
    home = "https://research.google.com/audioset/"
    labels = ""
    how = "Its lists are published; the sound is cut from the videos by whoever needs it."

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` holds the lists, in a folder or not, and the files."""
        lists = {name: place for name in _SPLITS if (place := _beside(folder, f"{name}_segments.csv")) is not None}
        if not lists:
            raise CorpusError(f"{folder}: no balanced_train_segments.csv or other list of AudioSet in it")
        names = _class_names(folder, problems)
        files: dict[str, Path] = {}
        for path in sounds(folder):
            files.setdefault(path.stem, path)  # in their own case: ids that differ in nothing else are other videos
        for name, listed in lists.items():
            # whoever has one part of the corpus does not want to hear of each clip of the others
            if any(_file(files, video, start, end) for _, video, start, end, _ in _segments(listed, Problems())):
                yield from _rows(folder, name, listed, files, names, problems)
            else:
                problems.add(listed, 0, "no file of this list is there")


def _rows(
    folder: Path, name: str, listed: Path, files: dict[str, Path], names: dict[str, str], problems: Problems
) -> Iterator[Row]:
    for number, video, start, end, labels in _segments(listed, problems):
        path = _file(files, video, start, end)
        if path is None:
            problems.add(listed, number, f"there is no file of {video}")
            continue
        unknown = [label for label in labels if names and label not in names]
        if unknown:
            problems.add(listed, number, f"no class is called {unknown[0]}")
        whole = path.stem in (video, f"Y{video}") and _seconds(path) > end - start + _LONGER
        yield Row(
            path.relative_to(folder).as_posix(),
            id=video,
            label="",
            split=name,
            page=video,
            start_s=start if whole else 0.0,
            end_s=end if whole else 0.0,
            extra={
                "start": f"{start:g}",
                "end": f"{end:g}",
                "labels": ",".join(labels),
                **({"classes": "; ".join(names.get(label, label) for label in labels)} if names else {}),
            },
        )


def _segments(listed: Path, problems: Problems) -> Iterator[tuple[int, str, float, float, list[str]]]:
    """Line, video, start, end and labels. A blank stands before the quoted list, which is why no CSV reader fits."""
    for number, cells in split(listed, delimiter=","):
        if cells[0].startswith("#"):
            continue
        try:
            video, start, end = cells[0].strip(), float(cells[1]), float(cells[2])
            labels = [label for cell in cells[3:] if (label := cell.strip().strip('"'))]
            if not (video and labels and 0 <= start < end):
                raise ValueError
        except (ValueError, IndexError):
            problems.add(listed, number, "no line of a video, its start and end, and labels")
            continue
        yield number, video, start, end, labels


def _file(files: dict[str, Path], video: str, start: float, end: float) -> Path | None:
    spans = [""]
    for one, other in ((f"{start:.3f}", f"{end:.3f}"), (f"{start:.0f}", f"{end:.0f}"), (_ms(start), _ms(end))):
        spans += [f"_{one}", f"_{one}_{other}"]
    return next((files[name] for span in spans for name in (video + span, f"Y{video}{span}") if name in files), None)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"


def _seconds(path: Path) -> float:
    try:
        return read_header(path).seconds
    except AudioError:  # told by whoever reads it next
        return 0.0


def _beside(folder: Path, name: str) -> Path | None:
    """A file of the corpus: in its folder, or in one of the folders there."""
    places = [folder, *(place for place in sorted(folder.iterdir()) if place.is_dir())]
    return next((entry for place in places if (entry := place / name).is_file()), None)  # no list of a million names


def _class_names(folder: Path, problems: Problems) -> dict[str, str]:
    ontology, indices = _beside(folder, "ontology.json"), _beside(folder, "class_labels_indices.csv")
    if ontology is not None:
        try:
            return {str(one["id"]): str(one["name"]) for one in json.loads(ontology.read_text(encoding="utf-8-sig"))}
        except (OSError, ValueError, KeyError, TypeError):
            problems.add(ontology, 0, "no list of classes with id and name")
    if indices is not None:
        lines = table(indices, problems, delimiter=",", needs=("mid", "display_name"), quoted=True)
        return {cells["mid"]: cells["display_name"] for _, cells in lines}
    if ontology is None:
        problems.add(folder / "ontology.json", 0, "there is no such file; classes have no names")
    return {}
