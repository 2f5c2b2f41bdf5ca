"""What a cloner speaks, piece by piece: words, phonemes and the pause behind."""

import warnings
from dataclasses import dataclass

from voxproof.errors import TextError
from voxproof.text.clauses import LONGEST_PIECE, clauses
from voxproof.text.phonemes import MARKS, phonemes
from voxproof.text.sentences import paragraphs, whole_sentences
from voxproof.text.spoken import checked, verbalise

# Silence behind a piece, in seconds.
PAUSE_CLAUSE = 0.15
PAUSE_SENTENCE = 0.35
PAUSE_PARAGRAPH = 0.7


@dataclass(frozen=True)
class Utterance:
    """One piece of speech: its words, their phonemes (`voxproof.text.SYMBOLS`), the silence behind in seconds."""

    text: str
    phonemes: str
    pause_after_seconds: float


def plan(text: str) -> list[Utterance]:
    """The utterances of a text of at most 100,000 characters, each short enough for one breath of a synthesizer.

    A sentence is one utterance; a long one is split at its clauses. The last utterance has no pause behind it. What
    cannot be spoken (emoji, other scripts, control characters) is left out with a UserWarning that names it; TextError
    says why nothing can be spoken at all.
    """
    cleaned, left_out = checked(text)
    utterances: list[Utterance] = []
    for paragraph in paragraphs(cleaned):
        for sentence in whole_sentences(paragraph):
            pieces = [piece for piece in clauses(verbalise(sentence), LONGEST_PIECE) if piece]
            for piece in pieces[:-1]:
                _add(utterances, piece, ",", PAUSE_CLAUSE)
            if pieces:
                _add(utterances, pieces[-1], ".", PAUSE_SENTENCE)
        if utterances:
            utterances[-1] = _with_pause(utterances[-1], PAUSE_PARAGRAPH)
    if not utterances:
        raise TextError("nothing in the text can be spoken: give words in Latin letters, or digits")
    if left_out:
        warnings.warn(f"left out of the speech: {'; '.join(left_out)}", stacklevel=2)
    utterances[-1] = _with_pause(utterances[-1], 0.0)
    return utterances


def _add(utterances: list[Utterance], words: str, mark: str, pause: float) -> None:
    """Append the words; where no mark ends them, the one given makes the voice fall or wait."""
    try:
        symbols = phonemes(words)
    except TextError:  # letters that have no sound by themselves: the pause before them is enough
        return
    if symbols[-1] not in MARKS:
        symbols += mark
    utterances.append(Utterance(words, symbols, pause))


def _with_pause(utterance: Utterance, seconds: float) -> Utterance:
    return Utterance(utterance.text, utterance.phonemes, seconds)
