"""Text to what is spoken: sentences, numbers and abbreviations to words, words to phonemes; how they are said."""

from voxproof.text.phonemes import phonemes
from voxproof.text.plan import Utterance, plan
from voxproof.text.pronunciations import Pronunciations, PronunciationsLike, load_pronunciations
from voxproof.text.prosody import PLAIN, Prosody
from voxproof.text.sentences import sentences
from voxproof.text.spoken import Spoken, normalise, spoken
from voxproof.text.ssml import is_ssml
from voxproof.text.symbols import SYMBOLS, encode, unknown_symbols
from voxproof.text.transcripts import as_sentence

__all__ = [
    "PLAIN",
    "SYMBOLS",
    "Pronunciations",
    "PronunciationsLike",
    "Prosody",
    "Spoken",
    "Utterance",
    "as_sentence",
    "encode",
    "is_ssml",
    "load_pronunciations",
    "normalise",
    "phonemes",
    "plan",
    "sentences",
    "spoken",
    "unknown_symbols",
]
