from pathlib import Path

import pytest

from voxproof import paths
from voxproof.errors import ModelError
from voxproof.models import BesideSource, Card, CardFile, HubSource, cards, files, load_card, save_card

HASH = "0" * 64


def make_card(**changes: object) -> Card:
    fields: dict[str, object] = {
        "name": "tiny",
        "kind": "vocoder",
        "engine": "onnx",
        "summary": "For tests.",
        "licence": "Apache-2.0",
        "files": (CardFile(name="model.onnx", sha256=HASH, size=3),),
    }
    return Card.model_validate({**fields, **changes})


def test_a_card_comes_back_as_it_was_saved() -> None:
    card = make_card(
        config={"dim": 3, "mel": {"hop": 160}},
        sources=[BesideSource(), HubSource(repo="a/b", revision="1" * 40, files={"model.onnx": "x/model.onnx"})],
        training_data=[{"name": "LibriSpeech", "licence": "CC BY 4.0", "hours": 5.2, "speakers": 23}],
        figures=[{"name": "EER", "value": 3.1, "unit": "%", "interval": [2.5, 3.9], "command": "python -m x"}],
        limits=["English only."],
    )
    save_card(card, paths.user_models() / "tiny")
    again = load_card("tiny")
    assert again.model_dump() == card.model_dump()
    assert again.sha256 == card.sha256
    assert again.folder == paths.user_models() / "tiny"
    assert [c.name for c in cards("vocoder")][-1] == "tiny"


def write(text: str, name: str = "mine") -> Path:
    folder = paths.user_models() / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "card.yaml").write_text(text, encoding="utf-8")
    return folder / "card.yaml"


GOOD = f"""
name: mine
kind: detector
engine: onnx
summary: s
licence: MIT
files:
  - {{name: model.onnx, sha256: "{HASH}", size: 3}}
"""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD + "licens: MIT\n", r"licens: .*keys: name, kind"),
        (GOOD.replace("detector", "detectr"), "kind"),
        (GOOD.replace(HASH, "abc"), r"files\.0\.sha256"),
        (GOOD.replace("size: 3", "size: 0"), r"files\.0\.size"),
        (GOOD.replace("model.onnx", "../model.onnx"), "plain file name"),
        (GOOD.replace("model.onnx", "/etc/passwd"), "plain file name"),
        (GOOD.replace("name: mine", "name: yours"), "its folder is called 'mine'"),
        (GOOD.replace("name: mine", "name: My Model"), "small letters"),
        (GOOD + "sources: [{type: ftp}]\n", "sources"),
        (GOOD + "sources: [{type: hub, repo: a/b, revision: main}]\n", "revision"),
        ("just text", "no keys"),
        ("a: [1", "not YAML"),
        ("!!python/object/apply:os.system ['true']", "not YAML"),
        ("", "no keys"),
    ],
)
def test_a_broken_card_gives_one_line_that_names_the_place(text: str, says: str) -> None:
    path = write(text)
    with pytest.raises(ModelError, match=says) as caught:
        load_card("mine")
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_broken_card_of_the_user_hides_no_other(caplog: pytest.LogCaptureFixture) -> None:
    write("a: [1")
    write(GOOD.replace("name: mine", "name: other"), "other")
    assert "other" in [card.name for card in cards()]
    assert "not YAML" in caplog.text


def test_an_unknown_name_lists_those_there_are() -> None:
    write(GOOD)
    with pytest.raises(ModelError, match=r"no model is called 'nothing'; there are: .*mine"):
        load_card("nothing")
    with pytest.raises(ModelError):
        load_card("../mine")


def test_a_users_card_does_not_replace_one_of_the_package(caplog: pytest.LogCaptureFixture) -> None:
    write(GOOD.replace("name: mine", "name: ge2e-resemblyzer"), "ge2e-resemblyzer")
    assert load_card("ge2e-resemblyzer").kind == "speaker-encoder"
    assert [card.name for card in cards()].count("ge2e-resemblyzer") == 1
    assert "uses its own" in caplog.text


def test_every_card_of_the_package_is_whole() -> None:
    for card in cards():
        assert card.summary
        assert card.licence
        assert card.engine
        beside = [f for f in card.files if card.folder and (card.folder / f.name).is_file()]
        if len(beside) == len(card.files):
            assert set(files(card, pull=False)) == {file.name for file in card.files}
