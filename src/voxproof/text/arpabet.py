"""ARPAbet, the notation of the CMU dictionary, to our symbols: `HH AH0 L OW1` is `həlˈoʊ`.

A vowel carries its stress as a digit: 1 primary, 2 secondary, 0 none. Our models know phonemes as espeak-ng's American
English writes them, so a vowel without stress may be another symbol than the same vowel with it.
"""

from voxproof.errors import TextError

STRESS = {"0": "", "1": "ˈ", "2": "ˌ"}

# Stressed, and where it differs unstressed.
VOWELS: dict[str, tuple[str, str]] = {
    "AA": ("ɑː", "ɑː"), "AE": ("æ", "æ"), "AH": ("ʌ", "ə"), "AO": ("ɔː", "ɔː"), "AW": ("aʊ", "aʊ"), "AX": ("ə", "ə"),
    "AXR": ("ɚ", "ɚ"), "AY": ("aɪ", "aɪ"), "EH": ("ɛ", "ɛ"), "ER": ("ɜː", "ɚ"), "EY": ("eɪ", "eɪ"), "IH": ("ɪ", "ɪ"),
    "IX": ("ᵻ", "ᵻ"), "IY": ("iː", "i"), "OW": ("oʊ", "oʊ"), "OY": ("ɔɪ", "ɔɪ"), "UH": ("ʊ", "ʊ"), "UW": ("uː", "uː"),
    "UX": ("uː", "uː"),
}  # fmt: skip
CONSONANTS = {
    "B": "b", "CH": "tʃ", "D": "d", "DH": "ð", "DX": "ɾ", "EL": "əl", "EM": "əm", "EN": "n̩", "F": "f", "G": "ɡ",
    "H": "h", "HH": "h", "JH": "dʒ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "ŋ", "P": "p", "Q": "ʔ", "R": "ɹ",
    "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "WH": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
}  # fmt: skip


def is_phone(token: str) -> bool:
    """Whether a token is a phone of ARPAbet, with or without its stress."""
    return token in CONSONANTS or token in VOWELS or (token[-1:] in STRESS and token[:-1] in VOWELS)


def from_arpabet(pronunciation: str) -> str:
    """Our symbols (`voxproof.text.SYMBOLS`) of phones that are separated by spaces.

    Where no phone carries a stress, the first vowel gets the primary one. `TextError` names what is no phone.
    """
    phones = pronunciation.split()
    unknown = [phone for phone in dict.fromkeys(phones) if not is_phone(phone)]
    if unknown or not phones:
        named = f"{', '.join(unknown)}: no phone of ARPAbet" if unknown else "no phone in it"
        raise TextError(
            f"the pronunciation {{{pronunciation[:60]}}} has {named}; write capitals, and behind each vowel its "
            "stress: {HH AH0 L OW1}"
        )
    stressed = any(phone[-1] in "12" for phone in phones)
    symbols = []
    for phone in phones:
        if phone in CONSONANTS:
            symbols.append(CONSONANTS[phone])
            continue
        vowel, digit = (phone[:-1], phone[-1]) if phone[-1] in STRESS else (phone, "0")
        if not stressed and not phone.endswith("0"):
            digit, stressed = "1", True
        symbols.append(STRESS[digit] + VOWELS[vowel][digit == "0"])
    return "".join(symbols)
