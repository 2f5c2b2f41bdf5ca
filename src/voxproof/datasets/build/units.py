"""Units: what is made of one row by one order, each planned by itself and told by its content alone."""

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from voxproof.corpora import Row
from voxproof.datasets.build.orders import CloneOrder, ConvertOrder, Order, settings
from voxproof.datasets.build.plan import Plan
from voxproof.datasets.build.references import Clip, References, drawn
from voxproof.datasets.build.selected import Chosen, Selected
from voxproof.errors import CorpusError

ID_BYTES = 16
_SEEDS = 2**31
_CLIPS = 65_536  # of voices, kept while units are planned
_SPEAKERS = 16_384  # whose voices are kept then
_compact = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode  # made once: it is called millions of times


class Unit(NamedTuple):
    """One row of the set to be: everything that making it takes, so that it may be made in any process.

    `number` is its place in the plan, `order` that of its order in `Plan.orders`. `sound` is the source's clip;
    `voice` are the clips of the voice to speak in and `speaker` a row of whoever that is. `refusal` says why it cannot
    be made (a row without a text, say).
    """

    number: int
    id: str
    kind: str
    order: int
    source: Row
    sound: Clip
    seed: int
    text: str = ""
    voice: tuple[Clip, ...] = ()
    speaker: Row | None = None
    refusal: str = ""


class Units:
    """All units of a plan, by number: those of the first row, then those of the second one.

    `cards` names, for every order, the models that take part, with the hashes of their cards.
    """

    def __init__(self, plan: Plan, selected: Selected, cards: Sequence[Sequence[str]]) -> None:
        self._plan = plan
        self._selected = selected
        self._orders = plan.orders
        self._references = References(selected, plan.seed)
        self._texts = [plan.given_texts(one) if isinstance(one, CloneOrder) else () for one in self._orders]
        self._heads = [_head(one, names) for one, names in zip(self._orders, cards, strict=True)]
        self._clip = lru_cache(maxsize=_CLIPS)(self._clip_of)
        self._voice = lru_cache(maxsize=_SPEAKERS)(self._voice_of)
        self._first_text = drawn(f"{plan.seed}|texts", 1)[0]
        self._several = len(plan.manifest) > 1
        self._check()

    def __len__(self) -> int:
        return len(self._selected) * len(self._orders)

    def __getitem__(self, number: int) -> Unit:
        """The unit of that number."""
        place, which = divmod(number, len(self._orders))
        order, chosen = self._orders[which], self._selected[place]
        head, tail = self._heads[which]
        content = self._content(chosen)
        seed, draw = drawn(f"{self._plan.seed}|{order.kind}|{tail}|{content}", 2)
        seed %= _SEEDS
        text, refusal = "", ""
        voice: tuple[Clip, ...] = ()
        told = ""
        speaker: Row | None = None
        if isinstance(order, CloneOrder):
            text, refusal = self._text(order, which, place, draw, chosen.row.text)
            if order.reference == "speaker":
                whose = int(self._selected.speakers[place])
                voice, told = self._voice_of(whose, place) if order.text == "own" else self._voice(whose)
            speaker = chosen.row
        elif isinstance(order, ConvertOrder):
            other = self._references.other_speaker(int(self._selected.speakers[place]), draw)
            if other is not None:
                voice, told = self._voice(other)
                speaker = self._selected[self._references.clips(other)[0]].row
            refusal = "" if voice else "there is no other speaker to convert to"
        return Unit(
            number=number,
            id=_id(head, seed, tail, content, text, told),
            kind=order.kind,
            order=which,
            source=chosen.row,
            sound=Clip(chosen.sound, chosen.row.start_s, chosen.row.end_s),
            seed=seed,
            text=text,
            voice=voice,
            speaker=speaker,
            refusal=refusal,
        )

    def _text(self, order: CloneOrder, which: int, place: int, draw: int, own: str) -> tuple[str, str]:
        """What is said, or why nothing is. Given texts come in turn, from one that the seed draws."""
        if order.text == "own":
            return own, "" if own else "the row has no text to say"
        if order.text == "others":
            found = self._references.other_text(place, draw)
            if found is None:
                return "", "nobody else has a text in its language"
            return self._selected[found].row.text, ""
        texts = self._texts[which]
        return texts[(place + self._first_text) % len(texts)], ""

    def _voice_of(self, speaker: int, own: int | None = None) -> tuple[tuple[Clip, ...], str]:
        """A speaker's clips, and what tells them; without row `own`. All rows of a speaker have the same otherwise."""
        clips = [self._clip(one) for one in self._references.clips(speaker, own)]
        return tuple(clip for clip, _ in clips), ",".join(told for _, told in clips)

    def _clip_of(self, place: int) -> tuple[Clip, str]:
        chosen = self._selected[place]
        return Clip(chosen.sound, chosen.row.start_s, chosen.row.end_s), self._content(chosen)

    def _content(self, chosen: Chosen) -> str:
        """What tells a clip, as JSON: path, id and stretch; the manifest only where there are several."""
        row = chosen.row
        name = f"{_compact(chosen.manifest)}," if self._several else ""
        return f"[{name}{_compact(row.path)},{_compact(row.id)},{row.start_s!r},{row.end_s!r}]"

    def _check(self) -> None:
        """What would refuse every single unit refuses the plan."""
        for order in self._orders:
            if isinstance(order, CloneOrder) and order.text == "own":
                self._need(bool(self._selected.has_text[: self._selected.count].any()), "no selected row has a text")
            elif isinstance(order, CloneOrder) and order.text == "others":
                some = any(self._references.other_text(place, 0) is not None for place in self._of_each_kind())
                self._need(some, "no two selected speakers of one language have texts")
            elif isinstance(order, ConvertOrder):
                speakers = np.unique(self._selected.speakers[: self._selected.count])
                if all(self._references.other_speaker(int(one), 0) is None for one in speakers):
                    raise CorpusError("convert: target: other: the selected rows have fewer than two speakers")

    def _need(self, there: bool, why: str) -> None:
        if not there:
            raise CorpusError(f"clone: {why}; give the key 'text' a list of texts or {{file: NAME}}")

    def _of_each_kind(self) -> list[int]:
        """A row of every speaker in every language."""
        selected = self._selected
        pairs = np.stack([selected.speakers[: selected.count], selected.languages[: selected.count]])
        return [int(place) for place in np.unique(pairs, axis=1, return_index=True)[1]]


def canonical(value: object) -> str:
    """JSON of one form: sorted keys, no blanks."""
    return _compact(value)


def _head(order: Order, cards: Sequence[str]) -> tuple[str, str]:
    """What all units of an order share of the JSON that is hashed: before the seed, and after it."""
    return f'{{"cards":{canonical(list(cards))},"kind":{canonical(order.kind)},"seed":', canonical(settings(order))


def _id(head: str, seed: int, tail: str, content: str, text: str, voice: str) -> str:
    """BLAKE2b of the canonical JSON of cards, kind, seed, settings, source, text and voice (put together by hand: a
    million times)."""
    facts = f'{head}{seed},"settings":{tail},"source":{content},"text":{_compact(text)},"voice":[{voice}]}}'
    return hashlib.blake2b(facts.encode(), digest_size=ID_BYTES).hexdigest()
