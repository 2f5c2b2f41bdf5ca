"""A text of more than 10,000 characters in one go: is a sentence lost or said twice, does the voice drift?

    python benchmarks/long_text.py

clones benchmarks/long_text.txt in a bundled voice and in that of a speaker of the frozen bank, prints the tables and
writes them to benchmarks/results/long_text.md (and .json).
"""

import argparse
from pathlib import Path

from voxproof.errors import VoxproofError
from voxproof.evaluation.bank import HEADLINE, load_bank
from voxproof.evaluation.long_text import evaluate_long_text
from voxproof.evaluation.long_text_report import long_text_report
from voxproof.evaluation.recognition import DEFAULT
from voxproof.evaluation.report import command_line
from voxproof.evaluation.tasks import progress_bar
from voxproof.speakers import enroll_voice

HERE = Path(__file__).parent
BUNDLED = HERE.parent / "examples" / "voices" / "anna.flac"


def main() -> None:
    parser = argparse.ArgumentParser(description="Clone a long text and count what is lost, said twice or garbled.")
    parser.add_argument("--text", type=Path, default=HERE / "long_text.txt")
    parser.add_argument("--bank", type=Path, help="folder of the bank; ../shared/bench if not given")
    parser.add_argument("--speaker", default="librispeech_2033", help="of the bank, 10 s of reference")
    parser.add_argument("--recogniser", default=DEFAULT)
    parser.add_argument("--keep", type=Path, help="folder to keep the sound in")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "long_text.md")
    given = parser.parse_args()
    bank = load_bank(given.bank)
    speaker = next((one for one in bank.speakers if one.name == given.speaker), None)
    if speaker is None:
        raise VoxproofError(f"the bank has no speaker {given.speaker!r}: {', '.join(s.name for s in bank.speakers)}")
    bundled = enroll_voice(BUNDLED, BUNDLED.stem)
    text = given.text.read_text(encoding="utf-8")
    with progress_bar() as advance:
        found = evaluate_long_text(
            text,
            [bundled, enroll_voice(speaker.reference(HEADLINE), speaker.name)],
            recogniser=given.recogniser,
            keep=given.keep,
            advance=advance,
        )
    command = command_line("python benchmarks/long_text.py")
    report = long_text_report(text, found, recogniser=given.recogniser, command=command)
    report.save(given.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
