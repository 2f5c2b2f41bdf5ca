"""The clip's text by speech engines of the system: espeak-ng, flite, festival.

espeak-ng (formants, and Klatt's 1980 synthesizer) is the library that the package has. flite and festival (diphones,
units, hidden Markov models; clustergen, Black 2006) are programs: they are used where they are installed, with fixed
arguments and the text in a file. Debian has them as flite, festival and festvox-*.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np

from voxproof.audio import read_audio
from voxproof.datasets.fakes.maker import RATE, Maker, Source, maker, makers_of
from voxproof.datasets.fakes.spoken import ENGLISH
from voxproof.datasets.fakes.timing import fitted
from voxproof.errors import AudioError
from voxproof.features.mel import Floats
from voxproof.text import as_sentence

TIMEOUT = 60.0  # seconds a text may take
_USUAL_RATE = 175  # words a minute, espeak-ng's own
_ESPEAK = Path(__file__).with_name("espeak_process.py")
ENGLISH_VOICES = ["en-us", "en-gb-x-rp", "en-gb-scotland"]
# Languages that espeak-ng reads from ordinary script; Japanese and Chinese text it would spell out or read letterwise.
ESPEAK = frozenset(
    "ca cs cy da de el en es et eu fa fi fr ga hi hu id it ka kn ky lt lv mt nl or pa pl pt ro ru sk sl sv ta tr tt vi"
    .split()
)  # fmt: skip
ESPEAK_VARIANTS = ("", "f1", "f2", "f3", "f4", "m1", "m2", "m3", "m4", "m5", "m6", "m7")
KLATT_VARIANTS = ("klatt", "klatt2", "klatt3", "klatt4", "klatt6")
FLITE = {"kal16": "concatenative", "awb": "statistical", "rms": "statistical", "slt": "statistical"}
FESTIVAL = {  # voice -> name here, family, language, encoding of the text
    "kal_diphone": ("kal", "concatenative", "en", "latin-1"),
    "ked_diphone": ("ked", "concatenative", "en", "latin-1"),
    "cmu_us_slt_arctic_hts": ("slt-hts", "statistical", "en", "latin-1"),
    "lp_diphone": ("lp", "concatenative", "it", "latin-1"),
    "pc_diphone": ("pc", "concatenative", "it", "latin-1"),
    "czech_dita": ("dita", "concatenative", "cs", "iso-8859-2"),
    "czech_machac": ("machac", "concatenative", "cs", "iso-8859-2"),
    "suo_fi_lj_diphone": ("lj", "concatenative", "fi", "latin-1"),
    "hy_fi_mv_diphone": ("mv", "concatenative", "fi", "latin-1"),
    "upc_ca_ona_hts": ("ona-hts", "statistical", "ca", "latin-1"),
    "msu_ru_nsh_clunits": ("nsh", "concatenative", "ru", "utf-8"),
}


def _run(command: Sequence[str], out: Path, text: str = "") -> Floats:
    """The sound that a program leaves in `out`; `AudioError` says what became of it if it leaves none."""
    try:
        done = subprocess.run(list(command), input=text.encode(), capture_output=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        raise AudioError(f"{Path(command[0]).name} took more than {TIMEOUT:.0f} s for a text") from None
    if done.returncode != 0 or not out.is_file() or out.stat().st_size == 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise AudioError(f"{Path(command[0]).name} said nothing ({said[-1] if said else f'exit {done.returncode}'})")
    return read_audio(out, rate=RATE).samples


def espeak(source: Source, voice: str) -> Floats:
    """The text by espeak-ng's `voice` (`de+f3`, say)."""

    def say(rate: float) -> Floats:
        with tempfile.TemporaryDirectory(prefix="voxproof-") as folder:
            out = Path(folder) / "out.wav"
            script = [sys.executable, "-P", str(_ESPEAK)]
            return _run([*script, voice, str(round(rate * _USUAL_RATE)), str(out)], out, as_sentence(source.text))

    return fitted(source.samples, say)


def _espeak_voice(source: Source, variants: Sequence[str], seed: int) -> str:
    rng = np.random.default_rng(seed)
    language = rng.choice(ENGLISH_VOICES) if source.language == "en" else source.language
    variant = str(rng.choice(list(variants)))
    return f"{language}+{variant}" if variant else str(language)


@maker("own-espeak", "formant", "espeak-ng, its own voices", 2006, share=4.0, aligned=False, speaks=ESPEAK)
def formants(source: Source, seed: int) -> Floats:
    """Sums of sine waves under formants."""
    return espeak(source, _espeak_voice(source, ESPEAK_VARIANTS, seed))


@maker("own-espeak-klatt", "formant", "espeak-ng, Klatt's synthesizer", 1980, share=2.0, aligned=False, speaks=ESPEAK)
def klatt(source: Source, seed: int) -> Floats:
    """Resonators in cascade and in parallel."""
    return espeak(source, _espeak_voice(source, KLATT_VARIANTS, seed))


def _flite(voice: str) -> Callable[[Source, int], Floats]:
    def make(source: Source, seed: int) -> Floats:
        def say(rate: float) -> Floats:
            with tempfile.TemporaryDirectory(prefix="voxproof-") as folder:
                text, out = Path(folder) / "text", Path(folder) / "out.wav"
                text.write_text(as_sentence(source.text), encoding="ascii", errors="ignore")
                stretch = f"duration_stretch={1 / rate:.3f}"
                return _run(["flite", "-voice", voice, "--setf", stretch, "-f", str(text), "-o", str(out)], out)

        return fitted(source.samples, say)

    return make


def _festival(voice: str, encoding: str) -> Callable[[Source, int], Floats]:
    def make(source: Source, seed: int) -> Floats:
        def say(rate: float) -> Floats:
            with tempfile.TemporaryDirectory(prefix="voxproof-") as folder:
                text, out = Path(folder) / "text", Path(folder) / "out.wav"
                text.write_text(as_sentence(source.text), encoding=encoding, errors="ignore")
                setting = f"(begin (voice_{voice}) (Parameter.set 'Duration_Stretch {1 / rate:.3f}))"
                return _run(["text2wave", "-eval", setting, "-o", str(out), str(text)], out)

        return fitted(source.samples, say)

    return make


def _no_program(program: str) -> str:
    return "" if shutil.which(program) else f"the program {program} is not installed"


@cache
def _festival_voices() -> frozenset[str]:
    if shutil.which("festival") is None:
        return frozenset()
    listed = subprocess.run(
        ["festival", "-b", "(print (voice.list))"], capture_output=True, timeout=TIMEOUT, check=False
    )
    return frozenset(re.findall(r"[a-zA-Z_]\w*", listed.stdout.decode(errors="replace")))


def _no_voice(voice: str) -> str:
    lacking = _no_program("text2wave")
    return lacking or ("" if voice in _festival_voices() else f"festival has no voice {voice}")


@makers_of
def programs() -> Sequence[Maker]:
    """One maker a voice of flite and of festival, whether they are installed or not."""
    of_flite = [
        Maker(
            f"own-flite-{voice}", family, f"flite, voice {voice}", 2009 if family == "statistical" else 2001,
            _flite(voice), share=1.2, aligned=False, speaks=ENGLISH, missing=lambda: _no_program("flite"),
        )
        for voice, family in FLITE.items()
    ]  # fmt: skip
    of_festival = [
        Maker(
            f"own-festival-{name}", family, f"festival, voice {voice}", 2007 if family == "statistical" else 1997,
            _festival(voice, encoding), share=1.2 if language == "en" else 0.35, aligned=False,
            speaks=frozenset({language}), missing=partial(_no_voice, voice),
        )
        for voice, (name, family, language, encoding) in FESTIVAL.items()
    ]  # fmt: skip
    return of_flite + of_festival
