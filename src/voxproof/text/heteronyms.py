"""Words that are spelt alike and said otherwise: read, lead, wind, tear, close. Decided by the words around them.

espeak-ng decides most of them by itself (the record, to record). The table heteronyms.yaml holds those that it gets
wrong, with the cues that tell a verb from a noun, the past from the present, or one sense from the other: what stands
before (a determiner, "to", a subject, the beginning of a command) and behind (an object, a preposition, an end).
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from voxproof.text.escapes import pronounced

TABLE = Path(__file__).with_name("heteronyms.yaml")

_CUE = re.compile("<([A-Z_]+)>")
_WORD = re.compile(r"(?<![\w'])[a-z]+(?![\w'])", re.IGNORECASE)
_NOTHING = re.compile("(?!)")
_FAR = 200  # characters on either side that a cue may look at


@dataclass(frozen=True)
class Rule:
    """One reading of a word: its phonemes, and patterns of what has to stand, or must not stand, around it."""

    say: str
    before: re.Pattern[str]
    behind: re.Pattern[str]
    not_before: re.Pattern[str]
    not_behind: re.Pattern[str]

    def fits(self, before: str, behind: str) -> bool:
        """Whether a word between these two stretches of text is said so."""
        return bool(
            self.before.search(before)
            and self.behind.match(behind)
            and not self.not_before.search(before)
            and not self.not_behind.match(behind)
        )


def decide_heteronyms(text: str) -> str:
    """The words of a sentence or clause, with a pronunciation (`voxproof.text.escapes`) for those that rules decide."""

    def decided(found: re.Match[str]) -> str:
        word = found[0].lower()
        if word not in _table()["words"]:
            return found[0]
        before = text[max(0, found.start() - _FAR) : found.start()].rstrip(" -\"'(")
        behind = text[found.end() : found.end() + _FAR].lstrip(" -\"')")
        return next((pronounced(rule.say) for rule in rules(word) if rule.fits(before, behind)), found[0])

    return _WORD.sub(decided, text)


def heteronyms() -> list[str]:
    """The words that have rules."""
    return list(_table()["words"])


@cache
def rules(word: str) -> tuple[Rule, ...]:
    """The rules of a word of the table, in the order in which they are tried."""
    return tuple(
        Rule(
            rule["say"],
            _before(rule["before"]) if "before" in rule else re.compile(""),
            _behind(rule["behind"]) if "behind" in rule else re.compile(""),
            _before(rule["not_before"]) if "not_before" in rule else _NOTHING,
            _behind(rule["not_behind"]) if "not_behind" in rule else _NOTHING,
        )
        for rule in _table()["words"][word]
    )


@cache
def _table() -> dict[str, dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where it was built: the first word waits for it
    table: dict[str, dict[str, Any]] = yaml.load(TABLE.read_text(encoding="utf-8"), Loader=loader)
    return table


def _before(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_spelt_out(pattern)})$", re.IGNORECASE)


def _behind(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{_spelt_out(pattern)})(?!\w)", re.IGNORECASE)


def _spelt_out(pattern: str) -> str:
    while _CUE.search(pattern):
        pattern = _CUE.sub(lambda found: f"(?:{_table()['cues'][found[1]]})", pattern)
    return pattern
