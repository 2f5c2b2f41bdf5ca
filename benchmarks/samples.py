"""Clones to hear: three speakers of the frozen bank, each with the reference that the clones were made from.

    python benchmarks/samples.py

writes `benchmarks/samples/`: of the bank's LibriSpeech speakers (whose licence lets us pass the references on) the one
whose clones are most like the speaker, the median and the least like, saying the texts of the protocol in 24 kHz, and
`README.md` with what the recogniser heard.
"""

import argparse
from pathlib import Path

from voxproof import api
from voxproof.audio import write_audio
from voxproof.evaluation.bank import HEADLINE, Speaker, load_bank
from voxproof.evaluation.clone_report import similarity_of
from voxproof.evaluation.clones import NATIVE, SEED, Clone, default_run, make_clones
from voxproof.evaluation.measures import Measures
from voxproof.evaluation.similarity import SimilarityJudge
from voxproof.evaluation.tasks import progress_bar
from voxproof.speakers import JUDGE, enroll_voice, load_encoder

FOLDER = Path(__file__).parent / "samples"
CORPUS = "librispeech"
TEXTS = ("short", "long")  # one of each is kept
RANKS = ("most", "median", "least")

_HEAD = """# Samples

Clones from {seconds} s of a speaker that no model was trained on, made by `python benchmarks/samples.py`. The speakers
were not picked by ear: of the bank's {speakers} LibriSpeech speakers these are the one whose clones are most like the
speaker by the judge (0: another voice of the same gender, 1: the speaker), the median, and the least like. Every clone
carries the watermark and its manifest; the licence of the references is CC BY 4.0 (LibriSpeech, Panayotov et al. 2015).

| speaker | likeness | reference | clone | said | heard by Whisper tiny.en |
|---|---|---|---|---|---|
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Write clones to hear.")
    parser.add_argument("--bank", type=Path, help="folder of the bank; ../shared/bench if not given")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--out", type=Path, default=FOLDER)
    given = parser.parse_args()
    bank = load_bank(given.bank)
    with progress_bar() as advance:
        measured = make_clones(bank, default_run("clones", NATIVE, bank), jobs=given.jobs, advance=advance)
    judge = SimilarityJudge(load_encoder(JUDGE), bank)
    clones: dict[str, list[tuple[Clone, Measures]]] = {}
    for clone, found in measured:
        if clone.speaker.name.startswith(CORPUS):
            clones.setdefault(clone.speaker.name, []).append((clone, found))
    likeness = {}
    for name, own in clones.items():
        heard = {clone.path: judge.embed(clone.audio()) for clone, _ in own}
        likeness[name] = similarity_of([clone for clone, _ in own], judge, heard).normalised.value
    ranked = sorted(likeness, key=lambda name: -likeness[name])
    given.out.mkdir(parents=True, exist_ok=True)
    lines = [_HEAD.format(seconds=HEADLINE, speakers=len(ranked))]
    for rank, name in zip(RANKS, (ranked[0], ranked[len(ranked) // 2], ranked[-1]), strict=True):
        lines += _write(given.out, clones[name], f"{rank} like", likeness[name])
    (given.out / "README.md").write_text("".join(lines), encoding="utf-8")
    print("".join(lines))


def _write(folder: Path, own: list[tuple[Clone, Measures]], rank: str, likeness: float) -> list[str]:
    """The speaker's reference and a clone of each length of text; the rows of the table come back."""
    speaker: Speaker = own[0][0].speaker
    reference = speaker.reference(HEADLINE)
    told = f"{speaker.name}-reference.opus"
    write_audio(folder / told, reference)
    voice = enroll_voice(reference, speaker.name)
    rows = []
    for length in TEXTS:
        clone, found = next((clone, found) for clone, found in own if clone.text.length == length)
        name = f"{speaker.name}-{length}.opus"
        api.clone(clone.text.text, voice, seed=SEED).save(folder / name)
        rows.append(
            f"| {speaker.name}, {rank} | {likeness:.2f} | [{told}]({told}) | [{name}]({name}) "
            f"| {clone.text.text} | {found.heard} |\n"
        )
    return rows


if __name__ == "__main__":
    main()
