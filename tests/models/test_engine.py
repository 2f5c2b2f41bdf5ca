"""From names and folders of cards to engines."""

from pathlib import Path

import pytest

from voxproof import paths
from voxproof.errors import ModelError
from voxproof.models import is_path, load_card, shown_name
from voxproof.models.engine import load_engine
from voxproof.vocoders import load_vocoder, vocoders

PULSAR = paths.PACKAGE_WEIGHTS / "pulsar"


def test_a_folder_is_as_good_as_a_name() -> None:
    by_folder, by_name = (load_engine(vocoders, "vocoder", name) for name in (str(PULSAR), "pulsar"))
    assert type(by_folder) is type(by_name)
    assert by_folder.parameters == by_name.parameters


def test_the_card_of_something_else_is_refused() -> None:
    with pytest.raises(ModelError, match="cantor is a synthesizer, not a vocoder"):
        load_vocoder(str(paths.PACKAGE_WEIGHTS / "cantor"))


def test_a_folder_without_a_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"card\.yaml"):
        load_vocoder(f"{tmp_path}/")


def test_a_report_names_the_folder_and_never_the_path() -> None:
    assert not is_path("pulsar")
    assert is_path(str(PULSAR))
    assert shown_name(load_card(PULSAR)) == "pulsar"
