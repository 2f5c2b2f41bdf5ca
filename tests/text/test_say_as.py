import pytest

from voxproof.text.say_as import say_as

# Kind, layout, what is written -> how it is said.
SAID = {
    ("characters", "", "ABC"): "{EY1} B C",
    ("characters", "", "wi-fi 6"): "W I dash F I, six",
    ("spell-out", "", "a@b.de"): "{EY1} at B dot D E",
    ("verbatim", "", "x_1"): "X underscore one",
    ("digits", "", "2024"): "two zero two four",
    ("digits", "", "12-34"): "one two, three four",
    ("cardinal", "", "1,024"): "one thousand and twenty four",
    ("cardinal", "", "-3.5"): "minus three point five",
    ("number", "", "12"): "twelve",
    ("ordinal", "", "3"): "third",
    ("ordinal", "", "22nd"): "twenty second",
    ("date", "", "2024-05-03"): "May third, twenty twenty four",
    ("date", "mdy", "5/3/2024"): "May third, twenty twenty four",
    ("date", "dmy", "5/3/2024"): "March fifth, twenty twenty four",
    ("date", "dmy", "05.03.99"): "March fifth, nineteen ninety nine",
    ("date", "ymd", "20240503"): "May third, twenty twenty four",
    ("date", "md", "12/25"): "December twenty fifth",
    ("date", "my", "7/1969"): "July nineteen sixty nine",
    ("date", "y", "1984"): "nineteen eighty four",
    ("time", "", "2:30pm"): "two thirty P M",
    ("time", "hms24", "14:05:09"): "fourteen oh five and nine seconds",
    ("time", "hms12", "0930"): "nine thirty",
    ("telephone", "", "(555) 010-1234"): "five five five, zero one zero, one two three four",
    ("telephone", "", "+44 20 7946 0000"): "plus four four, two zero, seven nine four six, zero zero zero zero",
    ("telephone", "", "911"): "nine one one",
    ("currency", "", "$42.01"): "forty two dollars and one cent",
    ("currency", "", "USD 5"): "five US dollars",
}


@pytest.mark.parametrize(("kind", "layout", "text"), SAID)
def test_said(kind: str, layout: str, text: str) -> None:
    assert say_as(text, kind, layout) == SAID[kind, layout, text]
    assert say_as(f" {text}\n", kind, layout) == SAID[kind, layout, text]


@pytest.mark.parametrize(
    ("kind", "layout", "text"),
    [
        ("cardinal", "", "twelve"),
        ("ordinal", "", "1.5"),
        ("digits", "", "12a"),
        ("date", "", "yesterday"),
        ("date", "mdy", "25/12/2024"),
        ("date", "mdy", "5/3"),
        ("date", "xyz", "5/3/2024"),
        ("date", "ymd", "20240"),
        ("time", "", "noon or 25"),
        ("telephone", "", "call me"),
        ("telephone", "", "..."),
        ("currency", "", "5 apples"),
        ("expletive", "", "darn"),
        ("cardinal", "", ""),
        ("characters", "", "☃"),
        ("digits", "", "1" * 300),
    ],
)
def test_what_is_none(kind: str, layout: str, text: str) -> None:
    assert say_as(text, kind, layout) is None
