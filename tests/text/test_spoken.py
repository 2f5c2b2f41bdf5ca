import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.errors import TextError
from voxproof.text import normalise, plan, spoken
from voxproof.text.reading import LONGEST_TEXT

# What is written, and how an American reads it aloud.
GOLDEN = {
    # numbers
    "I have 3 cats and 21 dogs.": "I have three cats and twenty one dogs.",
    "It weighs 1,234 grams.": "It weighs one thousand two hundred and thirty four grams.",
    "Pi is 3.14159.": "Pi is three point one four one five nine.",
    "A .5 chance": "A point five chance",
    "Agent 007": "Agent zero zero seven",
    "About 7,000,000,000 people": "About seven billion people",
    "Card 12345678901234567890": (
        "Card one two three four five six seven eight nine zero one two three four five six seven eight nine zero"
    ),
    "It was -5 outside, then −12.5.": "It was minus five outside, then minus twelve point five.",
    "I came 1st, she 2nd, he 23rd, they 112th.": (
        "I came first, she second, he twenty third, they one hundred and twelfth."
    ),
    "the 1,000th visitor": "the one thousandth visitor",
    "Pages 10-12 and 15–20": "Pages ten to twelve and fifteen to twenty",
    "a 5-year-old child": "a five year-old child",
    "The score was 3-2.": "The score was three to two.",
    # years, decades
    "In 1984 he left; in 2005 he came back, and in 2024 he stayed.": (
        "In nineteen eighty four he left; in two thousand five he came back, and in twenty twenty four he stayed."
    ),
    "in 1900, 1905, 2000 and 2010": "in nineteen hundred, nineteen oh five, two thousand and twenty ten",
    "the 1990s, the '80s and the 2000s": "the nineteen nineties, the eighties and the two thousands",
    "The war of 1914-1918 and that of 1939–45": (
        "The war of nineteen fourteen to nineteen eighteen and that of nineteen thirty nine to forty five"
    ),
    "the battle of 1066": "the battle of ten sixty six",
    "44 BC and AD 79": "forty four B C and A D seventy nine",
    "1984's best film": "nineteen eighty four's best film",
    # dates
    "On 2024-05-03 we met.": "On May third, twenty twenty four we met.",
    "2024-05-03T14:30:00Z": "May third, twenty twenty four at fourteen thirty and zero seconds U T C",
    "5/3/2024": "May third, twenty twenty four",
    "25/12/99": "December twenty fifth, nineteen ninety nine",
    "03.05.2024": "May third, twenty twenty four",
    "May 3, 2024, was a Friday.": "May third, twenty twenty four, was a Friday.",
    "on Jan. 21st": "on January twenty first",
    "3 May 2024": "the third of May twenty twenty four",
    "the 4th of July": "the fourth of July",
    "June 3-5": "June third to fifth",
    "since March 1999": "since March nineteen ninety nine",
    "Fri., Sept. 13": "Friday, September thirteenth",
    "He may 3 times": "He may three times",
    # times
    "at 10:30": "at ten thirty",
    "at 10:05 a.m. sharp": "at ten oh five A M sharp",
    "We meet at 3 p.m.": "We meet at three P M.",
    "from 9am-5pm": "from nine A M to five P M",
    "at 12:00, 14:00 and 00:00": "at twelve o'clock, fourteen hundred and midnight",
    "in 9:58:07": "in nine fifty eight and seven seconds",
    "a 16:9 picture": "a sixteen to nine picture",
    # money
    "It costs $3.50.": "It costs three dollars and fifty cents.",
    "$1, $1.01, $0.99 and $5.00": "one dollar, one dollar and one cent, ninety nine cents and five dollars",
    "They raised £2m and $1.5bn.": "They raised two million pounds and one point five billion dollars.",
    "€1,200.99": "one thousand two hundred euros and ninety nine cents",
    "$3.5 million": "three point five million dollars",
    "a $5 bill, a $20-a-week job": "a five dollar bill, a twenty dollar-a-week job",
    "-$40": "minus forty dollars",
    "$10-20 or £5–£6": "ten to twenty dollars or five to six pounds",
    "50¢, 20p, 5 € and 30 USD": "fifty cents, twenty pence, five euros and thirty U S dollars",
    "¥500": "five hundred yen",
    "US$5 and 1080p": "five U S dollars and one thousand and eighty p",
    "$5k": "five thousand dollars",
    # percentages, units, degrees
    "up 5% to 3.5 %": "up five percent to three point five percent",
    "5-10% of us": "five to ten percent of us",
    "5 km, 1 km, 10kg": "five kilometers, one kilometer, ten kilograms",
    "a 5 km run": "a five kilometer run",
    "100 km/h or 60 mph": "one hundred kilometers per hour or sixty miles per hour",
    "72°F, -5°C and 90°": (
        "seventy two degrees Fahrenheit, minus five degrees Celsius and ninety degrees"
    ),
    "16 GB at 2.4 GHz": "sixteen gigabytes at two point four gigahertz",
    "50 m² and 3 m³": "fifty square meters and three cubic meters",
    "He is 5'10\" tall.": "He is five feet ten inches tall.",
    "200 mg, 5 µm, 220 V": "two hundred milligrams, five micrometers, two hundred and twenty volts",
    "8 oz. of milk": "eight ounces of milk",
    # fractions, powers, arithmetic
    "1/2, 3/4, 2/3 and 5/8": "one half, three quarters, two thirds and five eighths",
    "2 1/2 cups, 2½ cups, ¼ cup": "two and a half cups, two and a half cups, one quarter cup",
    "24/7 since 9/11": "twenty four seven since nine eleven",
    "2 + 2 = 4": "two plus two equals four",
    "10 - 3 = 7": "ten minus three equals seven",
    "6 × 7 = 42": "six times seven equals forty two",
    "a 3x4 grid": "a three by four grid",
    "E = mc²": "E equals mc squared",
    "10^6": "ten to the power of six",
    "±5, ≥ 3, < 10": "plus or minus five, greater than or equal to three, less than ten",
    # telephone, versions, codes
    "Call (555) 123-4567.": "Call five five five, one two three, four five six seven.",
    "+1 555-123-4567": "plus one, five five five, one two three, four five six seven",
    "+44 20 7946 0958": "plus four four, two zero, seven nine four six, zero nine five eight",
    "555-1234": "five five five, one two three four",
    "Dial 911 now": "Dial nine one one now",
    "version 2.0.1 and v3.2": "version two point zero point one and version three point two",
    "192.168.0.1": "one hundred and ninety two dot one hundred and sixty eight dot zero dot one",
    "MP3, B2B, COVID-19 and F-16": "M P three, B two B, COVID nineteen and F sixteen",
    # Roman numerals
    "Henry VIII and Elizabeth II": "Henry the eighth and Elizabeth the second",
    "Chapter IV, Act III, Scene ii": "Chapter four, Act three, Scene two",
    "World War II": "World War two",
    "Charles I was king. Charles I think is here.": "Charles the first was king. Charles I think is here.",
    "the XIX century": "the nineteenth century",
    "MCMXCIV": "nineteen ninety four",
    "Pope John Paul II": "Pope John Paul the second",
    # abbreviations
    "Dr. Smith lives on Elm Dr. in town.": "Doctor Smith lives on Elm Drive in town.",
    "St. Paul walked down Main St. today.": "Saint Paul walked down Main Street today.",
    "Mr. and Mrs. Jones met Ms. Lee and Prof. Wu.": "Mister and Missus Jones met Miz Lee and Professor Wu.",
    "No. 5 and nos. 6, 7": "Number five and numbers six, seven",
    "Is it? No. Five remain.": "Is it? No. Five remain.",
    "apples, pears, etc.": "apples, pears, et cetera.",
    "fruit, e.g. apples, i.e. food": "fruit, for example apples, that is food",
    "Smith vs. Jones": "Smith versus Jones",
    "pp. 3-4, fig. 2, vol. 1": "pages three to four, figure two, volume one",
    "Sammy Davis Jr. sang": "Sammy Davis Junior sang",
    "approx. 5 ft. long": "approximately five feet long",
    "tea w/o milk and/or w/ sugar": "tea without milk and or with sugar",
    # initials, acronyms
    "J. R. R. Tolkien and J.K. Rowling": "J R R Tolkien and J K Rowling",
    "the U.S. and the U.K.": "the U S and the U K.",
    "NASA and NATO met the FBI.": "NASA and NATO met the F B I.",
    "three CDs, the BBC's news": "three C D's, the B B C's news",
    "The US sent us IT.": "The U S sent us I T.",
    "AGAINST HENRY'S HEALTH, JOHN WENT TO IT IN THE MIDST OF 3 MEN.": (
        "against henry's health, john went to it in the midst of three men."
    ),
    "SO IT WAS FOR US": "so it was for us",
    "I said NO and STOP!": "I said no and stop!",
    "THE QUICK BROWN FOX MET THE FBI.": "the quick brown fox met the F B I.",
    "She has a Ph.D. in law": "She has a P H D in law",
    # signs, addresses
    "R & D @ home": "R and D at home",
    "#1 and #MeToo": "number one and hashtag Me Too",
    "mail me: jo.doe_1@mail.co.uk": "mail me: jo dot doe underscore one at mail dot co dot U K",
    "See https://www.example.com/a-b?x=10.": (
        "See W W W dot example dot com slash a dash b question mark x equals one zero."
    ),
    "Go to openai.com, please": "Go to openai dot com, please",
    "he/she": "he slash she",
    "*bold* and _thin_": "bold and thin",
    "©2024 Acme™": "copyright twenty twenty four Acme trademark",
    "~20 people": "about twenty people",
    # letters
    "naïve café, Dvořák": "naïve café, Dvořák",
    "Ｈｅｌｌｏ 𝐰𝐨𝐫𝐥𝐝 ﬁve": "Hello world five",
    "“Quoted” — it’s": '"Quoted" — it\'s',
    "AT&T and M&Ms": "A T and T and M and M's",
    "on 12/24 in WWII": "on December twenty fourth in World War two",
    "Mon-Fri, Jan.–Mar.": "Monday to Friday, January to March",
    "1 1/2 lbs, 3/4 mi": "one and a half pounds, three quarters of a mile",
    "a 6.7\" screen": "a six point seven inch screen",
    "C# and Node.js": "C sharp and Node dot J S",
    "on St. James St. near Dr. Oz": "on Saint James Street near Doctor Oz",
    "Springfield, IL 62704": "Springfield, I L six two seven zero four",
    "3 x 10^8 m/s": "three times ten to the power of eight meters per second",
    "~$5, 5 > 3, a -> b": "about five dollars, five greater than three, a to b",
    "α-particles": "alpha-particles",
    "٣ apples": "three apples",
}  # fmt: skip


@pytest.mark.parametrize("written", GOLDEN)
def test_golden_table(written: str) -> None:
    assert spoken(written) == GOLDEN[written]


def test_enough_examples() -> None:
    assert len(GOLDEN) >= 80


def test_abbreviations_keep_the_stop_that_ends_the_sentence() -> None:
    assert spoken("We met at 3 p.m. Then we ate bread, etc.") == "We met at three P M. Then we ate bread, et cetera."
    assert spoken("He lives in the U.S. The end.") == "He lives in the U S. The end."


def test_paragraphs_stay_apart() -> None:
    assert spoken("One.\n\n2 of us.") == "One.\n\ntwo of us."


def test_what_is_left_out_is_told() -> None:
    result = normalise("Hi 😀🚀 Привет 你好 there\x07! ☃")
    assert result.text == "Hi there!"
    assert result.left_out == [
        "3 emoji (😀 🚀 ☃)",
        "6 Cyrillic letters (Привет)",
        "2 Chinese letters (你好)",
        "1 control character (U+0007)",
    ]
    assert normalise("Plain words, “curly” quotes and\u00a0blanks.").left_out == []


def test_a_family_of_emoji_is_three_and_skin_has_no_word() -> None:
    assert normalise("ok 👨\u200d👩\u200d👧").left_out == ["3 emoji (👨 👩 👧)"]
    assert normalise("ok 👍🏽").left_out == ["1 emoji (👍)"]


def test_combining_marks_join_their_letter_and_heaps_of_them_are_left_out() -> None:
    assert spoken("cafe\u0301") == "café"
    result = normalise("h\u0338\u0321\u0334i")
    assert result.text == "hi"
    assert result.left_out == ["3 combining marks (U+0338 U+0334 U+0321)"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        (" \n\t\u00a0 ", "empty"),
        ("... !? -- ()", "punctuation only"),
        ("***", "punctuation only"),
        ("😀😀", r"2 emoji \(😀\)"),
        ("Привет, мир!", r"9 Cyrillic letters"),
        ("你好。", "2 Chinese letters"),
        ("\x00\x1b\x07", r"3 control characters \(U\+0000 U\+001B U\+0007\)"),
        ("\ud800", r"1 unknown character \(U\+D800\)"),
        ("x" * 100_001, "100,001 characters and the limit is 100,000: split it"),
        (b"bytes", "not bytes"),
        (None, "not NoneType"),
    ],
)
def test_what_cannot_be_spoken_gets_one_line(text: str, why: str) -> None:
    for refuse in (spoken, plan):
        with pytest.raises(TextError, match=why) as caught:
            refuse(text)
        assert "\n" not in str(caught.value)


def test_exactly_the_longest_text_is_spoken() -> None:
    text = ("all is well " * 10_000)[:LONGEST_TEXT]
    assert len(text) == LONGEST_TEXT == 100_000
    assert spoken(text).split() == text.split()


UNITS = ["1", "1-", "1.", "1,", "$1", "1/", "a@", "www.", "X", "1:", "A. ", ".", "' ", " \n", "\u0301", "1 ", "St. "]


@pytest.mark.parametrize("unit", UNITS)
def test_monotonous_text_takes_no_quadratic_time(unit: str) -> None:
    text = ("a" + unit * LONGEST_TEXT)[: LONGEST_TEXT // 5]
    started = time.process_time()
    spoken(text)
    assert time.process_time() - started < 10  # half a second; minutes where a pattern looks back again and again


VOCABULARY = """the a of and to in he was that his it with as had for she not at but be on they have him which said
    from all this by one there were out could been up into when their would who them more no if what then about like
    some time river stone quietly mother's don't well-known o'clock Alice London Peter August it's Thursday
    window running I""".split()


@given(
    st.lists(st.tuples(st.sampled_from(VOCABULARY), st.sampled_from(["", "", "", ",", ".", ";", "!", "?", " —", ":"])))
)
def test_no_plain_word_is_dropped_or_changed(words: list[tuple[str, str]]) -> None:
    text = " ".join(word + mark for word, mark in words)
    if not words:
        return
    assert re.findall(r"[\w'-]+", spoken(text)) == [word for word, _ in words]


@given(st.text(alphabet=st.characters(max_codepoint=0x17F), max_size=60))
def test_no_digit_and_no_sign_is_left(text: str) -> None:
    try:
        words = spoken(text)
    except TextError:
        return
    assert not re.search(r"[\d@#$%&+=<>^~*_|\\{}\[\]]", words)


@settings(max_examples=300)
@given(st.text(max_size=80))
def test_any_text_is_spoken_or_refused_in_one_line(text: str) -> None:
    answer = ""
    try:
        answer = spoken(text)
    except TextError as error:
        answer = str(error)
    assert answer.strip()
    assert "\r" not in answer
