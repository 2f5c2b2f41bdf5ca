"""WaveFake: vocoded and synthetic speech without its originals (Frank & Schönherr, arXiv:2111.02813; version 1.2.0).

`generated_audio/FOLDER/CLIP.wav`, ten folders: nine vocoders that say again a clip of LJSpeech or of JSUT basic5000
(`LJ001-0001_gen.wav`; `LJ001-0001_generated.wav` in `ljspeech_hifiGAN`; `LJ001-0001.wav` in `ljspeech_waveglow`;
`BASIC5000_0001_gen.wav`), and 16,283 prompts of Common Voice spoken by a synthesizer in LJSpeech's voice (`gen_0.wav`),
which the archive has a second time in a folder `generated` within. About 196 hours, 117,983 clips, two voices.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from voxproof.corpora.base import Corpus, corpora
from voxproof.corpora.problems import Problems
from voxproof.corpora.row import Row
from voxproof.corpora.tree import found, sounds
from voxproof.errors import CorpusError


class _Made(NamedTuple):
    generator: str
    family: str
    voice: str
    language: str
    original: re.Pattern[str] | None


_LJ = re.compile(r"(LJ\d{3}-\d{4})(?:_gen|_generated)?", re.IGNORECASE)
_JSUT = re.compile(r"(BASIC5000_\d{4})(?:_gen|_generated)?", re.IGNORECASE)
_VOCODERS = (
    "melgan",
    "melgan_large",
    "full_band_melgan",
    "multi_band_melgan",
    "parallel_wavegan",
    "hifiGAN",
    "waveglow",
)
_SPOKEN = "common_voices_prompts_from_conformer_fastspeech2_pwg_ljspeech"
_FOLDERS = {
    **{f"ljspeech_{name}".lower(): _Made(name.lower(), "vocoder", "LJ", "en", _LJ) for name in _VOCODERS},
    **{
        f"jsut_{name}": _Made(name, "vocoder", "JSUT", "ja", _JSUT)
        for name in ("multi_band_melgan", "parallel_wavegan")
    },
    _SPOKEN: _Made("conformer_fastspeech2_pwg", "tts-nar", "LJ", "en", None),
}


@corpora.register("wavefake")
class WaveFake(Corpus):
    """All of it is fake; `pair` is the original clip that a vocoder says again, by its id in LJSpeech or JSUT.

    `speaker` and `page` are as in LJSpeech, so that both can be kept on one side of a split; there is no official one.
    What is spoken in `common_voices_…` is not told.
    """

    title = "WaveFake"
    hours = 196.0
    speakers = 2
    languages = "en, ja"
    licence = "CC-BY-SA-4.0"
    home = "https://zenodo.org/records/5642694"
    labels = "fake"

    def rows(self, folder: Path, problems: Problems) -> Iterator[Row]:
        """See `Corpus.rows`. `folder` is `generated_audio`, or what holds it."""
        root = found(folder, "generated_audio") or folder
        places = [place for name in _FOLDERS if (place := found(root, name)) is not None and place.is_dir()]
        if not places:
            raise CorpusError(f"{folder}: no ljspeech_melgan or other folder of WaveFake in it")
        for place in places:
            for path in sounds(place):
                # its second copy is the same, byte by byte
                if path.parent.name.lower() == "generated" and (path.parent.parent / path.name).is_file():
                    continue
                row = _row(folder, place.name.lower(), path, problems)
                if row is not None:
                    yield row


def _row(folder: Path, kind: str, path: Path, problems: Problems) -> Row | None:
    made = _FOLDERS[kind]
    original = ""
    if made.original is not None:
        named = made.original.fullmatch(path.stem)
        if named is None:
            problems.add(path, 0, f"its name is none of a clip in {kind}; it is left out")
            return None
        original = named.group(1).upper()
    return Row(
        path.relative_to(folder).as_posix(),
        id=f"{kind}/{original or path.stem}",
        label="fake",
        generator=made.generator,
        family=made.family,
        speaker=made.voice,
        gender="f",
        language=made.language,
        pair=original,
        page=original.partition("-")[0],
    )
