"""Pronunciations as people write them: ARPAbet, IPA, and both within a text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.errors import TextError
from voxproof.text import normalise, phonemes, plan, unknown_symbols
from voxproof.text.arpabet import CONSONANTS, VOWELS, from_arpabet
from voxproof.text.escapes import LONGEST_PRONUNCIATION, pronounced, shown, split_escapes, symbols_of
from voxproof.text.espeak import ipa
from voxproof.text.transcription import from_ipa

# What espeak-ng says of a word, and how a dictionary prints it in ARPAbet and in IPA.
WORDS = {
    "hello": ("HH AH0 L OW1", "həˈloʊ"),
    "thing": ("TH IH1 NG", "θɪŋ"),
    "boys": ("B OY1 Z", "bɔɪz"),
    "judge": ("JH AH1 JH", "d͡ʒʌd͡ʒ"),
    "church": ("CH ER1 CH", "tʃɝtʃ"),
    "measure": ("M EH1 ZH ER0", "ˈmɛʒɚ"),
    "car": ("K AA1 R", "kɑr"),
    "key": ("K IY1", "ki"),
    "easy": ("IY1 Z IY0", "ˈiː.zi"),
    "yes": ("Y EH1 S", "/jɛs/".strip("/")),
    "mouse": ("M AW1 S", "maʊs"),
    "push": ("P UH1 SH", "pʰʊʃ"),
    "good": ("G UH1 D", "gʊd"),
}


@pytest.mark.parametrize("word", WORDS)
def test_three_notations_of_a_word_agree(word: str) -> None:
    arpabet, transcription = WORDS[word]
    assert from_arpabet(arpabet) == from_ipa(transcription) == ipa(word)


def test_every_phone_has_symbols_of_ours() -> None:
    for phone in [*CONSONANTS, *VOWELS, *(vowel + digit for vowel in VOWELS for digit in "012")]:
        assert not unknown_symbols(from_arpabet(phone)), phone


def test_without_a_stress_the_first_vowel_has_it() -> None:
    assert from_arpabet("L AH M AX") == "lˈʌmə"
    assert from_arpabet("DH AH0") == "ðə"
    assert from_ipa("lʌmə") == "lˈʌmə"
    assert from_ipa("ðə") == "ðə"
    assert from_ipa("njuː ˈjɔːrk") == "njˈuː jˈɔːɹk"


@pytest.mark.parametrize("text", ["the quick brown fox jumps over the lazy dog", "a bottle of water, a button", "into"])
def test_what_is_ours_already_stays(text: str) -> None:
    said = ipa(text)
    assert [from_ipa(word) for word in said.split() if "ˈ" in word] == [word for word in said.split() if "ˈ" in word]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{HH AHH0 L OW1}", "AHH0: no phone of ARPAbet"),
        ("{HH XX9 QQ}", "XX9, QQ: no phone"),
        ("{/həʘloʊ/}", "ʘ: no sound of ours"),
        ("{/世/}", "世"),
        ("{//}", "no sound in it"),
        ("{/" + "lə" * 60 + "/}", "too long"),
    ],
)
def test_what_is_no_pronunciation_is_named(text: str, named: str) -> None:
    with pytest.raises(TextError, match=named) as refused:
        plan(f"Say {text} now.")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "a set {1, 2, 3}",
        "{name}",
        "{ID}",
        "{NO}",
        "{USA UK}",
        "if (x) { y(); }",
        "{}",
        "{ }",
        "{{x}}",
        "{A, B}",
        "{Hello}",
    ],
)
def test_braces_of_ordinary_text_are_no_pronunciation(text: str) -> None:
    assert split_escapes(text) == [(text, False)]
    plan(f"Take {text} for this.")


def test_pronunciations_within_a_text() -> None:
    assert phonemes_of("Hello {HH AH0 L OW1}.") == "həlˈoʊ həlˈoʊ."
    assert phonemes_of("the {/ˈæpəl/}, the {P EH1 R}") == f"{ipa('the apple')}, {ipa('the pear')}."
    assert phonemes_of("{K AE1 T}'s, {D AO1 G}'s and {R OW1 Z}'s") == "kˈæts, dˈɔːɡz ænd ɹˈoʊzᵻz."
    assert phonemes_of("a {W EH1 L}-known {M AE1 N}") == "ɐ wˈɛl nˈoʊn mˈæn."
    assert phonemes_of("zog {Z IY1} izog") == "zˈɑːɡ zˈiː ˈaɪzɑːɡ."  # words that are said as a stand-in is


def test_the_words_around_are_read_as_a_clause() -> None:
    """Weak forms and links hang on the neighbours: the pronounced word must not cut the clause in two."""
    assert phonemes_of("I have to {S IY1} it") == phonemes_of("I have to see it")
    assert phonemes_of("of the {AE1 P AX L}") == "ʌvðɪ ˈæpəl."


def test_a_pronunciation_is_shown_as_one_and_can_be_said_again() -> None:
    said = normalise("It is {HH AH0 L OW1}, 5 times.").text
    assert said == "It is {/həlˈoʊ/}, five times."
    assert normalise(said).text == said
    assert plan(said)[0].text == said


def test_letters_of_the_inner_notation_mean_nothing_from_outside() -> None:
    with pytest.warns(UserWarning, match="left out"):
        assert phonemes_of(f"Hello {pronounced('ˈaɪ')} there") == phonemes_of("Hello there")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*CONSONANTS, *VOWELS, *(f"{vowel}1" for vowel in VOWELS)]), min_size=1, max_size=20))
def test_any_arpabet_comes_through_a_text_unchanged(phones: list[str]) -> None:
    symbols = from_arpabet(" ".join(phones))
    assert symbols_of(pronounced(symbols)) == symbols
    assert shown(pronounced(symbols)) == f"{{/{symbols}/}}"
    assert len(symbols) <= LONGEST_PRONUNCIATION
    assert f" {symbols} " in phonemes(f"one {pronounced(symbols)} two")


def phonemes_of(text: str) -> str:
    return " ".join(one.phonemes for one in plan(text))
