"""Plans: what they say, and the one line for each way in which they can be wrong."""

import re
from pathlib import Path

import pytest

from voxproof.datasets.build import load_plan
from voxproof.datasets.build.orders import settings
from voxproof.errors import ConsentError, CorpusError

WHOLE = """
manifest: timit.tsv
select: {label: real, language: en, split: [train], year: 2019, novel: }
limit: 500
seed: 3
consent: "corpus licence LDC93S1 allows research"
time: 2024-05-06T07:08:09Z
make:
  - clone: {engine: native, reference: speaker, text: own}
  - clone: {text: ["One  text.", Two.]}
  - clone: {reference: clip, text: {file: texts.txt}}
  - convert
  - copy:
  - degrade: {condition: phone}
  - null
keep_sources: true
quality: {wer: true, similarity: 0.4}
"""


PAGE = (Path(__file__).parents[3] / "docs" / "building.md").read_text(encoding="utf-8")


def written(folder: Path, text: str) -> Path:
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    return folder / "plan.yaml"


def test_the_example_of_the_page(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    plan = load_plan(written(tmp_path, example))
    assert [order.kind for order in plan.orders] == ["source", "clone", "convert", "copy", "degrade"]
    assert plan.limit == 500


def test_all_keys(tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path, WHOLE))
    (tmp_path / "texts.txt").write_text("first text\n\n second  text \n")
    assert plan.manifest == ("timit.tsv",)
    assert plan.placed("timit.tsv") == tmp_path / "timit.tsv"
    assert plan.select["year"] == ("2019",)
    assert plan.select["novel"] == ("",)
    kinds = [order.kind for order in plan.orders]
    assert kinds == ["source", "clone", "clone", "clone", "convert", "copy", "degrade", "null"]
    texts = [plan.given_texts(order) for order in plan.orders if order.kind == "clone"]
    assert texts == [(), ("One text.", "Two."), ("first text", "second text")]
    assert settings(plan.orders[2]) == {"engine": "native", "reference": "speaker", "text": "given"}
    assert (plan.quality.most_wer, plan.quality.least_similarity) == (0.5, 0.4)
    assert plan.time.year == 2024


def test_what_is_not_said(tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path, "manifest: [a.tsv, b.tsv]\nmake: [copy]\n"))
    assert plan.manifest == ("a.tsv", "b.tsv")
    assert plan.keep_sources
    assert plan.time.timestamp() == 0
    assert plan.quality.most_wer is None
    assert plan.quality.least_similarity is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("manifest: a.tsv\nmake: [copy]\nlimt: 3\n", "limt: there is no such key; allowed: manifest, select, limit"),
        (
            "manifest: a.tsv\nmake:\n - clone: {engin: x}\n",
            "make.0.clone.engin: there is no such key; allowed: engine",
        ),
        (
            "manifest: a.tsv\nmake:\n - clne: {}\n",
            "make.0.clne: there is no such key; allowed: clone, convert",
        ),
        (
            "manifest: a.tsv\nmake: [copy]\nquality: {were: true}\n",
            "quality.were: there is no such key; allowed: wer",
        ),
        ("make: [copy]\n", "manifest: it lacks"),
        ("manifest: a.tsv\n", "make: it lacks"),
        ("manifest: a.tsv\nmake: []\n", "make: "),
        ("manifest: a.tsv\nmake: [copy]\nlimit: 0\n", "limit: "),
        ("manifest: a.tsv\nmake: [copy]\nselect: {language: no}\n", "put no into quotes"),
        ("manifest: a.tsv\nmake:\n - {copy: {}, convert: {}}\n", "one kind each"),
        ("manifest: a.tsv\nmake: [copy, copy: {vocoder: pulsar}]\n", "copy stands there twice"),
        ("manifest: a.tsv\nmake:\n - degrade: {}\n", "make.0.degrade.condition: it lacks"),
        (
            'manifest: a.tsv\nconsent: "x"\nmake:\n - clone: {text: mine}\n',
            "own, others, a list of texts or {",
        ),
        ('manifest: a.tsv\nconsent: "x"\nmake:\n - clone: {text: []}\n', "at least one text"),
        ('manifest: a.tsv\nconsent: "x"\nmake:\n - clone: {text: ["a", " "]}\n', "none that is empty"),
        ('manifest: a.tsv\nconsent: "x"\nmake:\n - clone: {text: {fil: a}}\n', "fil"),
        ("- a\n- b\n", "not a plan; its keys are manifest, select"),
        ("a: [\n", "not YAML"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CorpusError) as caught:
        load_plan(written(tmp_path, text))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "plan.yaml: " in str(caught.value)


@pytest.mark.parametrize("kind", ["clone", "convert"])
@pytest.mark.parametrize("consent", ["", "consent: '  '\n"])
def test_voices_need_consent(tmp_path: Path, kind: str, consent: str) -> None:
    with pytest.raises(ConsentError, match="clone and convert need it"):
        load_plan(written(tmp_path, f"manifest: a.tsv\n{consent}make: [{kind}]\n"))


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"none\.yaml: the plan cannot be read"):
        load_plan(tmp_path / "none.yaml")
    plan = load_plan(written(tmp_path, "manifest: a.tsv\nconsent: 'x'\nmake:\n - clone: {text: {file: t.txt}}\n"))
    order = plan.orders[1]
    with pytest.raises(CorpusError, match=r"t\.txt: the texts cannot be read"):
        plan.given_texts(order)  # type: ignore[arg-type]
    (tmp_path / "t.txt").write_text("\n \n")
    with pytest.raises(CorpusError, match="there is no text in it"):
        plan.given_texts(order)  # type: ignore[arg-type]
