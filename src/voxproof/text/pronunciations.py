"""A user's own pronunciations: words and how they are said, from a file or a mapping.

A file is YAML (`Nguyen: /wɪn/`) or lines with a tab (.tsv, .txt). A pronunciation is IPA between slashes, ARPAbet
(`HH AH0 L OW1`, with or without braces), or the word spelt as it is said ("sequel" for SQL).
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from voxproof import paths
from voxproof.errors import TextError
from voxproof.text.arpabet import from_arpabet, is_phone
from voxproof.text.characters import clean
from voxproof.text.escapes import pronounced
from voxproof.text.transcription import from_ipa

PronunciationsLike = Mapping[str, str] | str | os.PathLike[str]

LARGEST_FILE = 1_000_000  # bytes
LONGEST_ENTRY = 200  # characters of a word or of how it is said

_YAML, _TABLE = (".yaml", ".yml"), (".tsv", ".txt")
# Words, the ending of a possessive, and every other sign by itself: "Nguyen's" is "Nguyen" and "'s".
_TOKEN = re.compile(r"\w+(?:'(?!s\b)\w+)*|'s\b|[^\w\s]")


class Pronunciations:
    """Words and how they are said. Whole words are meant, of any case; of several that fit, the longest."""

    def __init__(self, entries: Mapping[str, str] | None = None) -> None:
        """Take words and their pronunciations; `TextError` names the word of one that is none."""
        self._by_first: dict[str, dict[tuple[str, ...], str]] = {}
        for word, pronunciation in (entries or {}).items():
            try:
                self.add(word, pronunciation)
            except TextError as wrong:
                raise TextError(f"the pronunciation of {word!r}: {wrong}") from None

    def __len__(self) -> int:
        return sum(map(len, self._by_first.values()))

    def add(self, word: str, pronunciation: str) -> None:
        """Add a word or a phrase, or say it otherwise than before."""
        tokens = tuple(_TOKEN.findall(clean(word)[0].lower()))
        if not tokens:
            raise TextError("there is no word before it that could be found in a text")
        said = pronunciation.strip()
        if not said:
            raise TextError("it is empty: write IPA as /wɪn/, ARPAbet as W IH1 N, or a spelling")
        if max(len(word), len(said)) > LONGEST_ENTRY:
            raise TextError(f"a word or its pronunciation is longer than {LONGEST_ENTRY} characters")
        self._by_first.setdefault(tokens[0], {})[tokens] = _said(said)

    def update(self, others: "Pronunciations") -> None:
        """Take over the words of others; where both know a word, theirs counts."""
        for first, entries in others._by_first.items():
            self._by_first.setdefault(first, {}).update(entries)

    def applied(self, text: str) -> str:
        """The text with these words as they are said."""
        if not self._by_first:
            return text
        tokens = list(_TOKEN.finditer(text))
        lowered = [token[0].lower() for token in tokens]
        pieces, copied, at = [], 0, 0
        while at < len(tokens):
            fitting = [
                words for words in self._by_first.get(lowered[at], ()) if tuple(lowered[at : at + len(words)]) == words
            ]
            if not fitting:
                at += 1
                continue
            longest = max(fitting, key=len)
            pieces += [text[copied : tokens[at].start()], self._by_first[lowered[at]][longest]]
            at += len(longest)
            copied = tokens[at - 1].end()
        return "".join([*pieces, text[copied:]])


def load_pronunciations(given: PronunciationsLike | None = None) -> Pronunciations:
    """What is given (a file or a mapping), over the user's own file (`voxproof.paths.pronunciations`) if there is one.

    `TextError` names the file and the line of what is no pronunciation.
    """
    own = paths.pronunciations()
    known = read_pronunciations(own) if own.is_file() else Pronunciations()
    if isinstance(given, str | os.PathLike):
        known.update(read_pronunciations(Path(given)))
    elif given is not None:
        known.update(Pronunciations(given))
    return known


def read_pronunciations(path: Path) -> Pronunciations:
    """The pronunciations of a file, YAML or lines with a tab as its suffix says."""
    suffix = path.suffix.lower()
    if suffix not in _YAML + _TABLE:
        raise TextError(f"{path}: a file of pronunciations is named .yaml or .tsv")
    text = _text_of(path)
    known = Pronunciations()
    first_line: dict[str, int] = {}
    for line, word, pronunciation in (_yaml_entries if suffix in _YAML else _table_entries)(path, text):
        try:
            known.add(word, pronunciation)
        except TextError as wrong:
            raise TextError(f"{path}, line {line}: {word!r}: {wrong}") from None
        if (before := first_line.setdefault(word.lower(), line)) != line:
            raise TextError(f"{path}, line {line}: {word!r} stands in line {before} too; keep one of them")
    return known


def _said(pronunciation: str) -> str:
    """What stands in a text for it: a word of phonemes, or the spelling as it is."""
    if pronunciation.startswith("/") and pronunciation.endswith("/") and len(pronunciation) > 1:
        return " ".join(map(pronounced, from_ipa(pronunciation[1:-1]).split()))
    if pronunciation.startswith("{") and pronunciation.endswith("}"):
        inner = pronunciation[1:-1].strip()
        return _said(inner) if inner.startswith("/") else pronounced(from_arpabet(inner))
    phones = pronunciation.split()
    if all(map(is_phone, phones)) and any(phone[-1].isdigit() for phone in phones):
        return pronounced(from_arpabet(pronunciation))
    cleaned = clean(pronunciation)[0]
    if not any(character.isalnum() for character in cleaned):
        raise TextError(f"{pronunciation!r} cannot be spoken: write IPA as /wɪn/, ARPAbet as W IH1 N, or a spelling")
    return cleaned


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as reason:
        raise TextError(f"{path}: the pronunciations cannot be read: {reason.strerror or reason}") from None
    if len(data) > LARGEST_FILE:
        raise TextError(f"{path}: more than {LARGEST_FILE:,} bytes of pronunciations")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        line = data[: reason.start].count(b"\n") + 1
        raise TextError(f"{path}, line {line}: not UTF-8; save it as UTF-8") from None


def _yaml_entries(path: Path, text: str) -> Iterator[tuple[int, str, str]]:
    """Line, word and pronunciation; nothing is constructed, so "no" stays a word and an alias opens nothing."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        raise TextError(f"{path}, line {mark.line + 1 if mark else 1}: no YAML ({wrong.problem})") from None
    except (yaml.YAMLError, RecursionError) as wrong:
        raise TextError(f"{path}: no YAML ({' '.join(str(wrong).split())[:80]})") from None
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        raise TextError(f"{path}, line {node.start_mark.line + 1}: write one word a line, Nguyen: /wɪn/")
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
            raise TextError(f"{path}, line {line}: write a word, a colon and its pronunciation; put braces in quotes")
        yield line, key.value, value.value


def _table_entries(path: Path, text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        word, tab, pronunciation = line.partition("\t")
        if not tab:
            raise TextError(f"{path}, line {number}: no tab between the word and its pronunciation")
        yield number, word.strip(), pronunciation
