"""Units: planned from any rows, each by itself, told by their content, drawn as the policies say."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voxproof.corpora import Row, write_manifest
from voxproof.datasets.build import Unit, Units, load_plan
from voxproof.datasets.build.plan import Plan
from voxproof.datasets.build.selected import Selected
from voxproof.errors import CorpusError

CARDS = ["model@0123"]
POLICIES = (
    {"clone": {"reference": "speaker", "text": "own"}},
    {"clone": {"reference": "speaker", "text": "others"}},
    {"clone": {"reference": "clip", "text": ["One.", "Two.", "Three."]}},
    {"convert": {}},
    {"copy": {}},
)


def planned(folder: Path, rows: list[Row], **keys: object) -> tuple[Plan, Selected, Units]:
    write_manifest(folder / "m.tsv", rows)
    tree = {"manifest": "m.tsv", "consent": "x", "make": list(POLICIES)} | keys
    (folder / "plan.yaml").write_text(json.dumps(tree))
    plan = load_plan(folder / "plan.yaml")
    selected = Selected(plan, folder)
    return plan, selected, Units(plan, selected, [CARDS] * len(plan.orders))


def clip(number: int, speaker: str, text: str = "words", language: str = "en", seconds: float = 4.0) -> Row:
    return Row(f"{number}.wav", speaker=speaker, text=text, language=language, duration_s=seconds, id=f"i{number}")


SPEAKERS = [clip(n, f"s{n // 5}", f"text {n}") for n in range(20)]


def test_one_unit_a_row_and_order(tmp_path: Path) -> None:
    _, selected, units = planned(tmp_path, SPEAKERS, limit=7, keep_sources=True)
    assert len(units) == 7 * 6
    assert (selected.count, selected.pool) == (7, 20)
    made = [units[n] for n in range(len(units))]
    assert [unit.number for unit in made] == list(range(42))
    assert Counter(unit.kind for unit in made) == {"source": 7, "clone": 21, "convert": 7, "copy": 7}
    assert [unit.source.id for unit in made[:7]] == ["i0"] * 6 + ["i1"]
    assert made[0].sound.sound == str(tmp_path / "0.wav")
    assert len({unit.id for unit in made}) == 42
    assert len({unit.seed for unit in made}) == 42
    assert all(unit == units[unit.number] for unit in made)


def test_the_id_is_a_hash_of_canonical_json(tmp_path: Path) -> None:
    _, _, units = planned(tmp_path, SPEAKERS, keep_sources=False)
    unit = units[0]
    facts = {
        "cards": CARDS,
        "kind": "clone",
        "seed": unit.seed,
        "settings": {"engine": "native", "reference": "speaker", "text": "own"},
        "source": ["0.wav", "i0", 0.0, 0.0],
        "text": "text 0",
        "voice": [[Path(one.sound).name, f"i{Path(one.sound).stem}", 0.0, 0.0] for one in unit.voice],
    }
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    assert unit.id == hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def test_what_changes_an_id_and_what_does_not(tmp_path: Path) -> None:
    def ids(rows: list[Row], cards: list[str] = CARDS, **keys: object) -> list[str]:
        plan, selected, _ = planned(tmp_path, rows, **({"keep_sources": False} | keys))
        units = Units(plan, selected, [cards] * len(plan.orders))
        return [units[n].id for n in range(5)]

    usual = ids(SPEAKERS)
    assert ids(SPEAKERS, limit=3, quality={"wer": True}) == usual
    assert not set(ids(SPEAKERS, seed=1)) & set(usual)
    assert not set(ids(SPEAKERS, cards=["model@other"])) & set(usual)
    assert not set(ids([SPEAKERS[0]._replace(start_s=0.5), *SPEAKERS[1:]])) & set(usual)
    changed = ids([SPEAKERS[0]._replace(text="another text"), *SPEAKERS[1:]])
    assert [one == other for one, other in zip(changed, usual, strict=True)] == [False, True, True, True, True]
    kept = ids(SPEAKERS, make=list(POLICIES[::-1]))
    assert set(kept) == set(usual)  # in another order


def test_a_reference_is_of_the_speaker_and_not_the_row_itself(tmp_path: Path) -> None:
    rows = [clip(n, f"s{n % 3}", seconds=8.0) for n in range(30)]
    _, _, units = planned(tmp_path, rows, keep_sources=False)
    same: Counter[tuple[str, ...]] = Counter()
    for n in range(0, len(units), 5):
        own, others = units[n], units[n + 1]
        voices = [int(Path(one.sound).stem) for one in own.voice]
        assert {v % 3 for v in voices} == {n // 5 % 3}
        assert n // 5 not in voices
        assert len(set(voices)) == len(voices) == 4  # 32 s
        assert own.voice == others.voice or n // 5 in [int(Path(one.sound).stem) for one in others.voice]
        same[tuple(one.sound for one in others.voice)] += 1
    assert len(same) == 3  # so a voice is enrolled once


def test_without_other_clips_the_row_itself_is_the_reference(tmp_path: Path) -> None:
    rows = [clip(0, "alone"), clip(1, ""), clip(2, ""), clip(3, "two"), clip(4, "two", seconds=0.0)]
    _, _, units = planned(tmp_path, rows, make=[POLICIES[0]], keep_sources=False)
    assert [len(units[n].voice) for n in range(5)] == [0, 0, 0, 1, 1]


def test_given_texts_come_in_turn(tmp_path: Path) -> None:
    _, _, units = planned(tmp_path, SPEAKERS, make=[POLICIES[2]], keep_sources=False)
    said = [units[n].text for n in range(len(units))]
    assert said[:3] == said[3:6]
    assert set(said) == {"One.", "Two.", "Three."}


def test_speakers_of_two_manifests_are_two(tmp_path: Path) -> None:
    rows = [clip(n, "s")._replace(corpus=corpus) for n, corpus in enumerate(["one", "one", "two", "two"])]
    write_manifest(tmp_path / "n.tsv", rows)
    _, selected, units = planned(tmp_path, rows, manifest=["m.tsv", "n.tsv"], make=[POLICIES[0], "convert"])
    assert selected.pool == 8
    assert len({units[n].id for n in range(len(units))}) == 24
    assert units[2].speaker is not None
    assert units[2].speaker.corpus == "two"


a_row = st.fixed_dictionaries(
    {
        "path": st.integers(0, 60).map(lambda n: f"{n}.wav"),
        "speaker": st.sampled_from(["", "a", "b", "c", "d"]),
        "text": st.sampled_from(["", "one", "two words", "ünïcode", '"quotes"\\']),
        "language": st.sampled_from(["en", "de"]),
        "duration_s": st.sampled_from([0.0, 1.5, 12.0, 45.0]),
        "start_s": st.sampled_from([0.0, 2.5]),
    }
).map(lambda facts: Row(**facts))
some_rows = st.lists(a_row, min_size=1, max_size=30, unique_by=lambda row: (row.path, row.start_s))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=some_rows, seed=st.integers(0, 2**32 - 1))
def test_what_is_drawn_keeps_to_the_policies(tmp_path: Path, rows: list[Row], seed: int) -> None:
    named = {row.speaker for row in rows} - {""}
    if len(named) < 2 or not any(row.text and _tells(rows, row) for row in rows):
        return  # such plans are refused, which another test looks at
    twice = [row._replace(text="is there before") for row in rows[:3]]
    _, selected, units = planned(tmp_path, rows + twice, seed=seed, keep_sources=False)
    assert selected.pool == len(rows)
    ids: set[str] = set()
    for n in range(len(units)):
        unit: Unit = units[n]
        assert unit == units[n]
        assert unit.id not in ids
        ids.add(unit.id)
        own = unit.source
        by_text = [row for row in rows if row.text == unit.text]
        if n % 5 == 1:
            assert bool(unit.refusal) != _tells(rows, own)
        if unit.kind == "clone" and not unit.refusal:
            assert unit.text
            if n % 5 == 1:
                speakers = {row.speaker for row in by_text if row.language == own.language}
                assert speakers - {own.speaker}
        if unit.kind == "convert" and not unit.refusal:
            assert unit.speaker is not None
            assert unit.speaker.speaker not in ("", own.speaker)
            assert unit.voice
        if unit.kind == "clone" and n % 5 == 0:
            assert unit.sound not in unit.voice


def _tells(rows: list[Row], own: Row) -> bool:
    """Whether somebody else has a text in the row's language."""
    return any(row.text and row.language == own.language and row.speaker != own.speaker for row in rows)


def test_nothing_to_say_or_nobody_to_convert_to(tmp_path: Path) -> None:
    mute = [row._replace(text="") for row in SPEAKERS]
    for make, rows, said in (
        (POLICIES[0], mute, "no selected row has a text"),
        (POLICIES[1], mute, "no two selected speakers of one language have texts"),
        (POLICIES[1], SPEAKERS[:5], "no two selected speakers of one language have texts"),
        (POLICIES[3], SPEAKERS[:5], "fewer than two speakers"),
        (POLICIES[3], [clip(0, ""), clip(1, "")], "fewer than two speakers"),
    ):
        with pytest.raises(CorpusError, match=said):
            planned(tmp_path, rows, make=[make])
    _, _, units = planned(tmp_path, [*mute[:1], *SPEAKERS[1:]], make=[POLICIES[0]], keep_sources=False)
    assert units[0].refusal == "the row has no text to say"
    assert not units[1].refusal


def test_selection(tmp_path: Path) -> None:
    rows = [
        clip(n, "s")._replace(
            label="real" if n % 2 else "fake", split="train" if n < 6 else "test", extra={"mood": "sad"}
        )
        for n in range(10)
    ]

    def chosen(**select: object) -> list[str]:
        _, selected, _ = planned(tmp_path, rows, make=["copy"], select=select)
        return [selected[n].row.id for n in range(len(selected))]

    assert chosen(label="fake", split=["train"]) == ["i0", "i2", "i4"]
    assert chosen(duration_s=4, mood=["sad"], label=["real", "fake"]) == [f"i{n}" for n in range(10)]
    with pytest.raises(CorpusError, match=r"no row of m\.tsv is selected"):
        chosen(split="dev")
    with pytest.raises(CorpusError, match="no row has lable; columns are path"):
        chosen(lable="real")
    with pytest.raises(CorpusError, match="no row has extra"):
        chosen(extra="x")
    with pytest.raises(CorpusError, match="cannot be read"):
        planned(tmp_path, rows, manifest="none.tsv")
