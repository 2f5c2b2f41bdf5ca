import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxproof.text import sentences
from voxproof.text.clauses import LONGEST_PIECE, clauses

TEXTS = {
    "One. Two! Three? Four": ["One.", "Two!", "Three?", "Four"],
    "Dr. J. R. R. Tolkien met Mr. Lewis. They talked.": ["Dr. J. R. R. Tolkien met Mr. Lewis.", "They talked."],
    '"Is it late?" he asked. "No." He slept.': ['"Is it late?" he asked.', '"No."', "He slept."],
    "“Go!” she cried. ‘Why?’ he said.": ["“Go!” she cried.", "‘Why?’ he said."],
    "He sat down... and slept. Well... What?": ["He sat down... and slept.", "Well...", "What?"],
    "It is 3.5 m long. It cost $3.50. See v2.0.1 now.": ["It is 3.5 m long.", "It cost $3.50.", "See v2.0.1 now."],
    "Visit www.a.com. Mail a.b@c.org. Done.": ["Visit www.a.com.", "Mail a.b@c.org.", "Done."],
    "The U.S. Army came to the U.S. The end.": ["The U.S. Army came to the U.S.", "The end."],
    "We eat apples, etc. Then we go. Fruit, etc. is good.": [
        "We eat apples, etc.",
        "Then we go.",
        "Fruit, etc. is good.",
    ],
    "At 5 a.m. Bob woke. We all had our lunch at 2 p.m. Bob left.": [
        "At 5 a.m. Bob woke.",
        "We all had our lunch at 2 p.m.",
        "Bob left.",
    ],
    "See Fig. 3 and No. 5. He said no. Then he left.": ["See Fig. 3 and No. 5.", "He said no.", "Then he left."],
    "In 1990. The war ended. Plan B. Then home.": ["In 1990.", "The war ended.", "Plan B.", "Then home."],
    "1. First\n2. Second\n- third\n- fourth": ["1. First", "2. Second", "- third", "- fourth"],
    "Chapter One\n\nIt was a cold\nday. So": ["Chapter One", "It was a cold day.", "So"],
    "The Road Not Taken\nTwo roads diverged": ["The Road Not Taken", "Two roads diverged"],
    "What?! No way!!! (Really.) Yes.": ["What?!", "No way!!!", "(Really.)", "Yes."],
}


@pytest.mark.parametrize("text", TEXTS)
def test_sentence_ends(text: str) -> None:
    assert sentences(text) == TEXTS[text]


def test_nothing_gives_nothing() -> None:
    assert sentences("") == sentences(" \n\n ") == []


def test_a_long_sentence_breaks_at_its_clauses() -> None:
    text = (
        "The committee, which had been convened at the request of the president, decided after many hours that the "
        "proposal should be rejected because the cost was far too high; however, it was agreed that a second one could "
        "be made"
    )
    pieces = sentences(text)
    assert [piece[-5:] for piece in pieces[:-1]] == ["high;"] or all(len(piece) <= LONGEST_PIECE for piece in pieces)
    assert " ".join(pieces) == text
    assert pieces[-1].startswith(("however", "because", "decided"))


def test_a_conjunction_is_better_than_any_space() -> None:
    left, right = "w " * 55, "v " * 50
    assert clauses(f"{left}and {right}", 200) == [left.strip(), f"and {right}".strip()]


def test_one_endless_word_is_cut_and_kept() -> None:
    pieces = sentences("x" * 1001)
    assert max(map(len, pieces)) <= LONGEST_PIECE
    assert "".join(pieces) == "x" * 1001


@given(st.text(alphabet=st.sampled_from("ab A.1,;!?\"'()\n -"), max_size=600))
def test_no_character_but_white_space_is_lost(text: str) -> None:
    pieces = sentences(text)
    assert all(piece.strip() == piece and 0 < len(piece) <= LONGEST_PIECE for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(
    st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=12), max_size=200),
    st.sampled_from([" ", ", ", ". ", "\n"]),
)
def test_every_word_survives_whole(words: list[str], between: str) -> None:
    found = re.findall(r"\w+", " ".join(sentences(between.join(words))))
    assert found == words


@given(st.text(max_size=300))
def test_any_unicode_survives(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
