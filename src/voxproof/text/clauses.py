"""Long sentences to pieces: at the strongest break near the middle, again and again until each piece is short."""

import re

LONGEST_PIECE = 200  # characters: a synthesizer keeps its breath for about this long

_MARGIN = 0.2  # of a piece's length at both its ends, where it is not split
_AWAY = 4.0  # what it costs to split at the margin and not in the middle, in the units of _BREAKS

_CONJUNCTIONS = (
    "and|but|or|nor|so|yet|for|because|although|though|while|whereas|when|where|which|who|whom|that|if|unless|until|"
    "since|after|before|as"
)
# Where a sentence may be split, from the best, each with its cost.
_BREAKS = (
    (re.compile(r"[;:!?….][\"')\]]*\s+|\s+[—–-]+\s+|—"), 0.0),
    (re.compile(r",[\"')\]]*\s+|[)\]]\s+"), 1.5),
    (re.compile(rf"\s+(?=(?:{_CONJUNCTIONS})\s)", re.IGNORECASE), 3.0),
    (re.compile(r"\s+"), 8.0),
)


def clauses(sentence: str, longest: int = LONGEST_PIECE) -> list[str]:
    """Pieces of at most `longest` characters which joined by spaces are the sentence; a short one is left whole."""
    waiting, pieces = [sentence.strip()], []
    while waiting:
        piece = waiting.pop()
        if len(piece) <= longest:
            pieces.append(piece)
            continue
        at = _best_break(piece)
        waiting += [piece[at:].strip(), piece[:at].strip()]  # the first part is taken up first
    return [piece for piece in pieces if piece]


def _best_break(piece: str) -> int:
    """Where the cheapest break lies; in the middle of what has no space."""
    middle = len(piece) / 2
    low, high = int(len(piece) * _MARGIN), int(len(piece) * (1 - _MARGIN))
    best, cheapest = 0, float("inf")
    for pattern, cost in _BREAKS:
        if cost >= cheapest:
            break
        for found in pattern.finditer(piece, low, high):
            total = cost + _AWAY * abs(found.end() - middle) / middle
            if total < cheapest:
                best, cheapest = found.end(), total
    return best or _anywhere(piece)


def _anywhere(piece: str) -> int:
    """A space outside the middle, or a cut through what is no word."""
    spaces = [found.start() for found in re.finditer(r"\s", piece)]
    middle = len(piece) // 2
    return min(spaces, key=lambda at: abs(at - middle)) if spaces else middle
