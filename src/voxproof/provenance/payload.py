"""16 bits as 256 chips of +1 and -1: two words of the first-order Reed-Muller code RM(1, 7).

RM(1, 7) is the biorthogonal code of 128 chips: the 128 Walsh functions and their negatives, so that a word carries 8
bits and two words differ in at least 64 chips (Macwilliams and Sloane, "The Theory of Error-Correcting Codes", ch. 14).
Read softly, by correlation with all words at once, it needs far less energy a bit than a repetition code.
"""

import numpy as np
from numpy.typing import NDArray

BITS = 16
WORD_CHIPS = 128
CHIPS = 2 * WORD_CHIPS

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


def _walsh(order: int) -> Floats:
    """The Hadamard matrix of Sylvester, `[order, order]`, of +1 and -1."""
    matrix = np.ones((1, 1), np.float32)
    while len(matrix) < order:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix


WALSH = _walsh(WORD_CHIPS)


def encode(payload: int) -> Floats:
    """The chips `[256]` of a payload of 16 bits: bits 8 to 15 make the first word, bits 0 to 7 the second."""
    check_payload(payload)
    words = [WALSH[byte & 127] * (-1.0 if byte & 128 else 1.0) for byte in (payload >> 8, payload & 255)]
    return np.concatenate(words).astype(np.float32)


def check_payload(payload: int) -> None:
    """`ValueError` unless `payload` is a whole number of 16 bits."""
    if not 0 <= payload < 1 << BITS:
        raise ValueError(f"a payload is a number of {BITS} bits, 0 to {(1 << BITS) - 1}, not {payload}")


def decode(chips: Floats) -> tuple[Integers, Floats, Floats]:
    """The likeliest payload of each row of soft chips `[n, 256]`.

    Returns payloads `[n]`, the correlation of the chips with the payload's codeword `[n]`, and the margin `[n]`: by how
    much the runner-up of the less certain word correlates less than its winner. A small margin is an unsure payload.
    """
    payloads = np.zeros(len(chips), np.int64)
    totals = np.zeros(len(chips), np.float32)
    margins = np.full(len(chips), np.inf, np.float32)
    rows = np.arange(len(chips))
    for part in (chips[:, :WORD_CHIPS], chips[:, WORD_CHIPS:]):
        correlations = part @ WALSH
        sizes = np.abs(correlations)
        best = sizes.argmax(1)
        most = sizes[rows, best]
        totals += most
        sizes[rows, best] = -1.0
        margins = np.minimum(margins, most - sizes.max(1))
        payloads = payloads * 256 + best + 128 * (correlations[rows, best] < 0)
    return payloads, totals, margins
