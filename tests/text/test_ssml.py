"""SSML as a plan: what is said, how, and with which pauses; and what is refused."""

import re
import time
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.errors import TextError
from voxproof.text import PLAIN, Utterance, is_ssml, phonemes, plan, spoken
from voxproof.text.plan import PAUSE_PARAGRAPH, PAUSE_SENTENCE
from voxproof.text.prosody import EMPHASIS
from voxproof.text.ssml import STRENGTHS


def texts(document: str) -> list[str]:
    return [one.text for one in plan(f"<speak>{document}</speak>")]


def pauses(document: str) -> list[tuple[float, bool]]:
    return [(one.pause_after_seconds, one.pause_is_exact) for one in plan(f"<speak>{document}</speak>")]


def said_so(utterance: Utterance, factor: str) -> dict[float, str]:
    """The symbols of an utterance by a factor of their prosody."""
    found: dict[float, str] = {}
    for symbol, prosody in zip(utterance.phonemes, utterance.prosody, strict=True):
        value = round(getattr(prosody, factor), 3)
        found[value] = found.get(value, "") + symbol
    return found


def test_documents_are_told_by_their_beginning() -> None:
    for document in (
        "<speak>a</speak>",
        " \n<speak/>",
        "<?xml version='1.0'?><!-- a --><speak version='1.1'>a</speak>",
    ):
        assert is_ssml(document)
    for text in ("a <speak>", "<speaker>", "speak", "<p>a</p>", "< speak>"):
        assert not is_ssml(text)


def test_telling_takes_no_longer_than_the_text() -> None:
    started = time.perf_counter()
    for text in ("<!-- -->" * 12_000 + "a", "<!--" * 25_000, " " * 100_000, "<?xml " * 16_000):
        assert not is_ssml(text)
    assert time.perf_counter() - started < 2.0


def test_a_document_without_demands_is_said_as_its_words() -> None:
    words = "Hello there, everybody. It is 5 &amp; 6. How are you?"
    plain = plan(words.replace("&amp;", "&"))
    document = f"<?xml version='1.0' encoding='UTF-16'?>\n<speak version='1.1'>\n  <!-- a note -->{words}\n\n</speak>"
    assert plan(document) == plain
    assert all(one.prosody == () for one in plain)


def test_breaks_cut_and_wait() -> None:
    assert texts("Wait <break time='1s'/> for it.") == ["Wait", "for it."]
    assert pauses("Wait <break time='1s'/> for it.") == [(1.0, True), (0.0, False)]
    assert plan("<speak>Wait <break time='1s'/> for it.</speak>")[0].phonemes == "wˈeɪt,"
    assert pauses("One. <break time='250ms'/><break time='.25s'/> Two.")[0] == (0.5, True)
    for strength, seconds in STRENGTHS.items():
        assert pauses(f"One. <break strength='{strength}'/> Two.")[0] == (seconds, False)
    assert pauses("One. <break/> Two.")[0] == (STRENGTHS["medium"], False)
    assert pauses("One.<break time='2s'/>") == [(2.0, True)]


def test_a_break_of_no_length_does_not_cut() -> None:
    assert texts("I<break strength='none'/> really <break time='0s'/>do.") == ["I really do."]
    assert pauses("One. <break time='0s'/> Two.")[0] == (0.0, True)


def test_a_mark_behind_a_break_belongs_to_the_word_before() -> None:
    assert texts("Really<break time='1s'/>? Yes.") == ["Really?", "Yes."]
    assert texts("'No<break time='1s'/>,' he said.") == ["'No,'", "he said."]


def test_a_break_before_the_first_word_is_told() -> None:
    with pytest.warns(UserWarning, match="break before the first word"):
        assert texts("<break time='1s'/>Go.") == ["Go."]


def test_sentences_and_paragraphs() -> None:
    assert pauses("<s>One thing</s><s>another</s>") == [(PAUSE_SENTENCE, False), (0.0, False)]
    assert [one.phonemes[-1] for one in plan("<speak><s>One thing</s><s>another</s></speak>")] == [".", "."]
    assert pauses("<p>One. Two</p><p>Three</p>") == [(PAUSE_SENTENCE, False), (PAUSE_PARAGRAPH, False), (0.0, False)]
    assert pauses("<p>One</p><break time='3s'/><p>Two</p>")[0] == (3.0, True)
    assert pauses("<s>One</s><break strength='weak'/><s>Two</s>")[0] == (STRENGTHS["weak"], False)


def test_empty_lines_of_a_document_are_no_paragraphs() -> None:
    assert texts("\nOne of\n\n  them.\n\n") == ["One of them."]


def test_prosody_holds_for_its_words_and_does_not_cut_the_sentence() -> None:
    (one,) = plan("<speak>Say <prosody rate='slow' pitch='+10%' volume='-6dB'>this thing</prosody>, then.</speak>")
    assert one.text == "Say this thing, then."
    assert said_so(one, "rate")[0.8].strip() == "ðɪs θˈɪŋ,"
    assert said_so(one, "pitch")[1.1].strip() == "ðɪs θˈɪŋ,"
    assert said_so(one, "volume")[0.501].strip() == "ðɪs θˈɪŋ,"
    assert said_so(one, "rate")[1.0] == "sˈeɪ ðˈɛn."


def test_prosody_within_prosody() -> None:
    document = "<prosody rate='80%'>One <prosody rate='90%' pitch='high'>two</prosody></prosody> three."
    (one,) = plan(f"<speak>{document}</speak>")
    assert sorted(said_so(one, "rate")) == [0.72, 0.8, 1.0]
    assert sorted(said_so(one, "pitch")) == [1.0, 1.15]


def test_prosody_over_sentences() -> None:
    one, two, three = plan("<speak><prosody pitch='low'>One. Two.</prosody> Three.</speak>")
    assert {p.pitch for p in one.prosody} == {p.pitch for p in two.prosody} == {0.87}
    assert three.prosody == ()


def test_emphasis_stresses_what_would_be_swallowed() -> None:
    (one,) = plan(
        "<speak>It <emphasis level='strong'>is</emphasis> the one <emphasis level='none'>for</emphasis> me.</speak>"
    )
    loud = said_so(one, "volume")
    assert loud[round(EMPHASIS["strong"].volume, 3)].strip() == "ˈɪz"
    assert phonemes("is") == "ɪz"


def test_phonemes_sub_and_say_as() -> None:
    assert plan("<speak><phoneme alphabet='ipa' ph='həˈloʊ'>x</phoneme> y.</speak>")[0].phonemes == "həlˈoʊ wˈaɪ."
    for alphabet in ("x-arpabet", "ipa"):
        ph = "P AH0 K AA1 N" if alphabet == "x-arpabet" else "pəˈkɑːn"
        document = f"<speak>A <phoneme alphabet='{alphabet}' ph='{ph}'>pecan</phoneme>'s shell.</speak>"
        assert plan(document)[0].phonemes == "ɐ pəkˈɑːnz ʃˈɛl."
    assert texts("The <sub alias='World Wide Web'>WWW</sub>.") == ["The World Wide Web."]
    assert texts("Call <say-as interpret-as='digits'>12</say-as>.") == ["Call one two."]
    assert texts("On <say-as interpret-as='date' format='dmy'>3/5/2024</say-as>.") == [
        "On May third, twenty twenty four."
    ]


def test_escapes_and_pronunciations_hold_in_documents_too() -> None:
    assert plan("<speak>Say {HH AH0 L OW1}.</speak>")[0].phonemes == "sˈeɪ həlˈoʊ."


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("<voice name='a'>Go</voice> on.", "<voice>"),
        ("Go<audio src='a.wav'/> on.", "<audio>"),
        ("<amazon:effect name='whispered'>Go</amazon:effect> on.", "<amazon:effect>"),
        ("<prosody range='+5%'>Go</prosody> on.", "<prosody range>"),
        ("<phoneme alphabet='x-sampa' ph='goU'>Go</phoneme> on.", "x-sampa"),
        ("<say-as interpret-as='expletive'>Go</say-as> on.", "expletive"),
        ("<say-as interpret-as='cardinal'>Go</say-as> on.", "cardinal"),
        ("Go <emphasis>on</emphasis> 😀.", "emoji"),
    ],
)
def test_what_cannot_be_done_is_read_through_and_told_once(document: str, told: str) -> None:
    with pytest.warns(UserWarning, match=f"left out of the speech: .*{told}") as caught:
        assert texts(document) in (["Go on."], ["Go on"])
    assert len(caught) == 1


def test_what_is_about_the_document_is_not_said() -> None:
    assert texts("<metadata><title>No</title></metadata>Yes<desc>no</desc>.") == ["Yes."]


@pytest.mark.parametrize(
    ("document", "line", "column", "mentions"),
    [
        ("<speak>a & b</speak>", 1, 11, "not well-formed"),
        ("<speak>\n  <p>a</speak>", 2, 9, "mismatched tag"),
        ("<speak>a", 1, 9, "not well-formed"),
        ("<speak>a</speak>b", 1, 17, "not well-formed"),
        ("<speak>&nbsp;</speak>", 1, 8, "undefined entity"),
        ("<speak>a\x00</speak>", 1, 9, "not well-formed"),
        ("<speak>\n<break time='long'/>a</speak>", 2, 1, "time='long' is none"),
        ("<speak><break time='11s'/>a</speak>", 1, 8, "longer than 10 s"),
        ("<speak><break strength='huge'/>a</speak>", 1, 8, "x-weak"),
        ("<speak><prosody pitch='200Hz'>a</prosody></speak>", 1, 8, "% or st"),
        ("<speak><emphasis level='huge'>a</emphasis></speak>", 1, 8, "moderate"),
        ("<speak><phoneme>a</phoneme></speak>", 1, 8, "no ph"),
        ("<speak><phoneme ph='ʘ'>a</phoneme></speak>", 1, 8, "ʘ"),
        ("<speak><phoneme alphabet='x-arpabet' ph='QQ'>a</phoneme></speak>", 1, 8, "QQ"),
        ("<speak><phoneme ph=''>a</phoneme></speak>", 1, 8, "no sound"),
        ("<speak><sub>a</sub></speak>", 1, 8, "alias"),
        ("<speak><say-as>1</say-as></speak>", 1, 8, "interpret-as"),
        ("<!DOCTYPE speak><speak>a</speak>", 1, 16, "DOCTYPE"),
        (f"<speak>{'<p>' * 60}a", 1, 155, "more than 50 elements"),
    ],
)
def test_bad_documents_are_one_line_with_its_place(document: str, line: int, column: int, mentions: str) -> None:
    with pytest.raises(TextError, match=rf"SSML, line {line}, column {column}: .*{re.escape(mentions)}") as refused:
        plan(document)
    assert "\n" not in str(refused.value)


def test_nothing_is_expanded_or_fetched() -> None:
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    started = time.perf_counter()
    for document in (
        f"<!DOCTYPE speak [<!ENTITY l0 'ha'>{laughs}]><speak>&l9;</speak>",
        "<!DOCTYPE speak SYSTEM 'http://localhost/speak.dtd'><speak>a</speak>",
        "<?xml version='1.0'?>\n<!DOCTYPE speak [<!ENTITY e SYSTEM 'passwords'>]><speak>&e;</speak>",
    ):
        with pytest.raises(TextError, match="DOCTYPE is refused"):
            plan(document)
    assert time.perf_counter() - started < 0.5


def test_no_hours_of_silence_from_kilobytes() -> None:
    breaks = "a<break time='10s'/>" * 70
    with pytest.raises(TextError, match="600 s together"):
        plan(f"<speak>{breaks}</speak>")


def test_a_document_without_words_is_refused() -> None:
    for document in ("<speak/>", "<speak> ... </speak>", "<speak><break time='1s'/></speak>"):
        with pytest.raises(TextError, match="nothing in the text can be spoken"):
            plan(document)


WORDS = "the river is wide and cold she said that he left why because 12".split()
OPEN = ["<emphasis>", "<prosody rate='slow'>", "<s>", "<p>", "<voice>", "<emphasis level='reduced'>"]
BETWEEN = ["<break time='1s'/>", "<break strength='none'/>", "<mark name='m'/>", ". ", ", ", "? "]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, *OPEN, *BETWEEN, "</>"]), min_size=1, max_size=80))
def test_every_word_is_said_once_whatever_stands_between(parts: list[str]) -> None:
    document, words, waiting = "", [], []
    for part in parts:
        if part in OPEN:
            waiting.append(part.split(" ")[0].strip("<>"))
            document += part
        elif part == "</>":
            document += f"</{waiting.pop()}>" if waiting else ""
        else:
            words += [part] if part in WORDS else []
            document += f" {part}" if part in WORDS else part
    document = "<speak>" + document + "".join(f"</{name}>" for name in reversed(waiting)) + "</speak>"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            utterances = plan(document)
        except TextError:
            assert not words
            return
    said = re.findall(r"\w+", " ".join(one.text for one in utterances))
    assert said == [one for word in words for one in re.findall(r"\w+", spoken(word))]
    for one in utterances:
        assert one.prosody == () or len(one.prosody) == len(one.phonemes)
        assert one.prosody == () or any(prosody != PLAIN for prosody in one.prosody)
