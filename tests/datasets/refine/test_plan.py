"""Plans: what is right is read, what is wrong is told in one line before any work; the page's examples are right."""

import re
from pathlib import Path

import pytest

from voxproof.datasets.refine import load_plan
from voxproof.datasets.refine.plan import MODELS
from voxproof.datasets.refine.steps import STEPS
from voxproof.errors import CorpusError

PAGE = (Path(__file__).parents[3] / "docs" / "datasets.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def load(tmp_path, text):
    file = tmp_path / "asked.yaml"
    file.write_text(text, encoding="utf-8")
    return load_plan(file)


def one(tmp_path, step):
    return load(tmp_path, f"manifest: m.tsv\nsteps:\n  - {step}\n").steps[0]


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_of_the_page_are_plans(tmp_path, example):
    assert load(tmp_path, example).steps


def test_the_page_shows_every_step():
    assert len(EXAMPLES) >= 5
    for name in MODELS:
        assert re.search(rf"^  - {name}:", "".join(EXAMPLES), re.MULTILINE), name
        assert f"**`{name}`**" in PAGE, name


def test_every_step_can_be_done():
    assert MODELS.keys() == STEPS.keys()


def test_what_is_asked_is_what_is_read(tmp_path):
    step = "filter: {shortest: 2, year: [2019], label: fake}"
    plan = load(tmp_path, f"manifest: [a.tsv, b]\nseed: 5\nsteps:\n  - {step}\n")
    assert (plan.manifests, plan.seed) == (("a.tsv", "b"), 5)
    assert plan.place("b") == tmp_path / "b"
    (step,) = plan.steps
    assert (step.shortest, step.longest, step.columns) == (2.0, None, {"year": ("2019",), "label": ("fake",)})
    assert one(tmp_path, "silence: {leading: remove}").trailing == "keep"
    assert one(tmp_path, "splits: {shares: {a: 0.5, b: 0.5}}").disjoint == ("speaker", "text", "page", "generator")
    assert one(tmp_path, "splits: {shares: {a: 1.0}, disjoint: page}").disjoint == ("page",)
    assert one(tmp_path, "loudness:").lufs == -23


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("silense: {leading: remove}", "step 1: there is no step 'silense'; allowed: filter, silence, resample"),
        ("silence: {leeding: remove}", r"step 1 \(silence\): there is no key 'leeding'; allowed: leading, trailing"),
        ("silence: {leading: trim}", r"step 1 \(silence\): leading: .*'keep', 'remove' or 'randomise'"),
        ("silence: 3", r"step 1 \(silence\): a step has keys"),
        ("silence", "step 1: a step is one name"),
        ("{cut: {seconds: 3}, loudness: {lufs: -20}}", "step 1: a step is one name"),
        ("filter: {lable: [real]}", r"step 1 \(filter\): there is no key 'lable'; allowed: shortest, longest, label"),
        ("filter: {columns: {label: real}}", "there is no key 'columns'"),
        ("filter: {language: [no]}", "language: .*quotes"),
        ("filter: {shortest: -1}", "shortest: .*greater than or equal to 0"),
        ("filter: {longest: .nan}", "longest: .*finite"),
        ("filter: {label: []}", "label: .*at least 1"),
        ("resample: {}", "the key 'rate' is missing"),
        ("resample: {rate: 100}", "rate: .*4000"),
        ("cut: {seconds: 0}", "seconds: .*greater than 0"),
        ("cut: {seconds: 5000}", "seconds: .*600"),
        ("concatenate: {by: [voice], seconds: 3}", "there is no column 'voice'; allowed: label, split"),
        ("balance: {by: path}", "there is no column 'path'"),
        ("splits: {shares: {train: 0.8, dev: 0.1}}", "sum to 1, not to 0.9"),
        ("splits: {shares: {}}", "shares"),
        ("splits: {shares: {../x: 1}}", "no name of a folder"),
        ("check: {disjoint: []}", "disjoint: .*at least 1"),
        ("pictures: {kind: chroma}", "kind: .*'mel' or 'linear'"),
        ("pictures: {size: [224]}", "size"),
        ("pictures: {size: [224, 100000]}", "size.*4096"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path, step, said):
    with pytest.raises(CorpusError, match=said) as caught:
        one(tmp_path, step)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "asked.yaml"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("manifest: m.tsv\nsteps: []\nsed: 1\n", "there is no key 'sed'; allowed: manifest, seed, steps"),
        ("steps: []\n", "the key 'manifest' is missing"),
        ("manifest: []\nsteps: []\n", "manifest"),
        ("manifest: m.tsv\nseed: x\nsteps: []\n", "seed: .*integer"),
        ("- a\n", "not a plan; its keys are manifest, seed, steps"),
        ("a: [\n", "not YAML"),
        (
            "manifest: m\nsteps: [pictures: {}, cut: {seconds: 3}]\n",
            r"step 2 \(cut\): only 'check' is allowed behind 'pictures'",
        ),
        ("manifest: m\nsteps: [pictures: {}, pictures: {}]\n", r"step 2 \(pictures\): only 'check'"),
    ],
)
def test_wrong_heads(tmp_path, text, said):
    with pytest.raises(CorpusError, match=said):
        load(tmp_path, text)


def test_no_plan(tmp_path):
    with pytest.raises(CorpusError, match="cannot be read"):
        load_plan(tmp_path / "none.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CorpusError, match="UTF-8"):
        load_plan(tmp_path / "bytes.yaml")
