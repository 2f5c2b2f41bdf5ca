"""Any text, plain or SSML, to a script of readable characters: what is checked, cleaned and looked up on the way."""

import re

from voxproof.errors import TextError
from voxproof.text.characters import clean
from voxproof.text.escapes import split_escapes
from voxproof.text.pronunciations import Pronunciations
from voxproof.text.script import Break, Run, Script, Tag
from voxproof.text.signs import SIGNS
from voxproof.text.ssml import is_ssml, read_ssml

LONGEST_TEXT = 100_000  # characters, markup included
LONGEST_SCRIPT = 2 * LONGEST_TEXT  # with what fractions, signs and pronunciations add

# Marks that belong to the word before them, whatever element they stand in.
_CLOSING = re.compile(r"[.,;:!?…)\]”’»\"']+(?=\s|$)|[.,;:!?…]+")


def read_script(text: str, pronunciations: Pronunciations | None = None) -> tuple[Script, list[str]]:
    """The script of a text and what was left out of it, kind by kind; TextError where nothing can be spoken."""
    if not isinstance(text, str):
        raise TextError(f"text must be a string, not {type(text).__name__}: decode bytes first, for instance as UTF-8")
    if not text.strip():
        raise TextError("the text is empty: give some words to speak")
    _check_length(text, LONGEST_TEXT)
    runs, unsaid = read_ssml(text) if is_ssml(text) else ([Run(text)], [])
    known = Pronunciations() if pronunciations is None else pronunciations
    script = Script()
    unescaped: list[str] = []
    for one in runs:
        if isinstance(one, Break):
            script.breaks.append(one)
            continue
        parts = split_escapes(one.text)
        unescaped += [part for part, is_said in parts if not is_said]
        readable = "".join(part if is_said else known.applied(clean(part)[0]) for part, is_said in parts)
        _add(script, readable, Tag(one.prosody, len(script.breaks)))
    left_out = clean("\n".join(unescaped))[1] + unsaid
    if not any(character.isalnum() or character in SIGNS for character in script.text):
        rest = f"left out: {'; '.join(left_out)}" if left_out else "it holds punctuation only"
        raise TextError(f"nothing in the text can be spoken ({rest}): give words in Latin letters, or digits")
    _check_length(script.text, LONGEST_SCRIPT)
    return script, left_out


def _check_length(text: str, longest: int) -> None:
    if len(text) > longest:
        raise TextError(
            f"the text has {len(text):,} characters and the limit is {longest:,}: "
            "split it, for instance by chapter, and speak each part by itself"
        )


def _add(script: Script, text: str, tag: Tag) -> None:
    """Append a run; where markup stands without a space in the middle of a word, it makes two of it."""
    before = script.tags[-1] if script.tags else tag
    if before != tag and not script.text[-1].isspace():
        closing = _CLOSING.match(text)
        if closing is not None:
            _append(script, closing[0], before)
            text = text[closing.end() :]
        cut = before.section != tag.section
        if text and (cut or (script.text[-1].isalnum() and text[0].isalnum())):
            script.text += " "
    _append(script, text, tag)


def _append(script: Script, text: str, tag: Tag) -> None:
    script.text += text
    script.tags += [tag] * sum(not character.isspace() for character in text)
