from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof import paths
from voxproof.errors import TextError
from voxproof.text import Pronunciations, load_pronunciations, plan
from voxproof.text.pronunciations import LARGEST_FILE, read_pronunciations


def said(text: str, entries: dict[str, str]) -> str:
    return " ".join(one.text for one in plan(text, Pronunciations(entries)))


def test_whole_words_of_any_case_the_longest_first() -> None:
    entries = {"york": "yolk", "new york": "gotham", "art": "heart", "SQL": "sequel"}
    assert said("New  York, YORK, yorks.", entries) == "gotham, yolk, yorks."
    assert said("Art, artful, smart, art-house.", entries) == "heart, artful, smart, heart-house."
    assert said("MySQL and sql's end.", entries) == "MySQL and sequel's end."


def test_signs_and_apostrophes_belong_to_words() -> None:
    assert said("I like C++ and C, and can't.", {"c++": "see plus plus", "can": "tin"}) == (
        "I like see plus plus and C, and can't."
    )
    assert said("O'Brien’s here.", {"O’Brien": "Brian"}) == "Brian's here."


def test_three_ways_to_write_one() -> None:
    for written in ("/ˈmaʊs/", "M AW1 S", "{M AW1 S}", "{/maʊs/}", "mouse"):
        assert plan("The XQJ runs.", Pronunciations({"XQJ": written}))[0].phonemes == "ðə mˈaʊs ɹˈʌnz."


def test_what_is_said_is_not_looked_up_again() -> None:
    assert said("a b", {"a": "b", "b": "a"}) == "b a"


def test_numbers_and_abbreviations_can_be_words() -> None:
    assert said("Route 66 and Dr. Who.", {"66": "double six", "Dr.": "Drive"}) == "Route double six and Drive Who."


def test_a_file_of_yaml_and_one_with_tabs(tmp_path: Path) -> None:
    (tmp_path / "names.yaml").write_text("# names\nNguyen: /wɪn/\nno: K N OW1\n'New York': N UW1 Y AO1 R K\n", "utf-8")
    (tmp_path / "names.tsv").write_text("# names\nNguyen\t/wɪn/\n\nno\tK N OW1\nNew York\tN UW1 Y AO1 R K\n", "utf-8")
    for name in ("names.yaml", "names.tsv"):
        known = read_pronunciations(tmp_path / name)
        assert len(known) == 3
        assert plan("No, Nguyen.", known)[0].phonemes == "knˈoʊ, wˈɪn."


@pytest.mark.parametrize(
    ("name", "content", "line", "mentions"),
    [
        ("a.yaml", "one: W AH1 N\ntwo: /tʘ/\n", 2, "ʘ"),
        ("a.yaml", "one: W AH1 N\ntwo: '{T UU1}'\n", 2, "UU1"),
        ("a.yaml", "one: [a, b]\n", 1, "a colon"),
        ("a.yaml", "one: {W AH1 N}\n", 1, "quotes"),
        ("a.yaml", "one: &a wun\ntwo: *b\n", 2, "no YAML"),
        ("a.yaml", "one: wun\n\ttwo: too\n", 2, "no YAML"),
        ("a.yaml", "- one\n", 1, "one word a line"),
        ("a.yaml", "one: wun\nOne: two\n", 2, "line 1 too"),
        ("a.yaml", "one: ''\n", 1, "empty"),
        ("a.yaml", "'': one\n", 1, "no word"),
        ("a.yaml", "one: '...'\n", 1, "cannot be spoken"),
        ("a.yaml", f"one: {'a' * 300}\n", 1, "longer than"),
        ("a.tsv", "one\twun\ntwo too\n", 2, "no tab"),
        ("a.tsv", "one\twun\ntwo\t\n", 2, "empty"),
        ("a.txt", "one\twun\ntwo\t/t世/\n", 2, "世"),
    ],
)
def test_a_bad_file_is_one_line_with_its_number(
    name: str, content: str, line: int, mentions: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(TextError, match=rf"a\..*, line {line}: ") as refused:
        load_pronunciations(tmp_path / name)
    assert mentions in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_is_no_file_of_pronunciations(tmp_path: Path) -> None:
    (tmp_path / "large.tsv").write_bytes(b"a\tb\n" * (LARGEST_FILE // 4 + 1))
    (tmp_path / "latin.tsv").write_bytes(b"a\tb\ncaf\xe9\tb\n")
    (tmp_path / "deep.yaml").write_text("[" * 5000)
    (tmp_path / "words.json").write_text("{}")
    expected = {
        "large.tsv": "bytes",
        "latin.tsv": "line 2: not UTF-8",
        "deep.yaml": "YAML",
        "words.json": "named .yaml or .tsv",
        "missing.yaml": "No such file",
        "": "named .yaml",
    }
    for name, mentions in expected.items():
        with pytest.raises(TextError, match=mentions):
            load_pronunciations(tmp_path / name)
    with pytest.raises(TextError, match=r"'Nguyen'.*ʘ"):
        load_pronunciations({"Nguyen": "/ʘ/"})


def test_the_users_own_file_is_read_and_what_is_given_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOXPROOF_HOME", str(tmp_path))
    assert len(load_pronunciations()) == 0
    paths.pronunciations().write_text("Nguyen: noo yen\nSQL: sequel\n", "utf-8")
    assert len(load_pronunciations()) == 2
    known = load_pronunciations({"nguyen": "win"})
    assert plan("Nguyen, SQL", known)[0].text == "win, sequel"
    paths.pronunciations().write_text("Nguyen: [\n", "utf-8")
    with pytest.raises(TextError, match=r"pronunciations\.yaml, line"):
        load_pronunciations()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["one", "two", "three-four", "five's", "six,", "(seven)", "Eight."]), max_size=30))
def test_every_word_is_replaced_once_and_the_others_stay(words: list[str]) -> None:
    spelt = {"two": "zwei", "five": "fünf", "seven": "sieben", "eight": "acht", "four": "vier"}
    expected = " ".join(words).replace("Eight", "eight")
    for word, said in spelt.items():
        expected = expected.replace(word, said)
    assert Pronunciations(spelt).applied(" ".join(words)) == expected
