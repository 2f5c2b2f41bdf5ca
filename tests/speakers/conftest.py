import shutil
from pathlib import Path

import pytest

from voxproof import paths
from voxproof.errors import ModelError
from voxproof.models import cards, files
from voxproof.speakers import load_encoder

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees or touches the voices of whoever runs it; the tiny encoder is a model of the user's."""
    monkeypatch.setenv("VOXPROOF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VOXPROOF_CACHE", str(tmp_path / "cache"))
    shutil.copytree(HERE / "tiny-encoder", paths.user_models() / "tiny-encoder")
    load_encoder.cache_clear()


@pytest.fixture(params=["tiny-encoder", *(card.name for card in cards("speaker-encoder"))])
def encoder_name(request: pytest.FixtureRequest) -> str:
    """Every encoder whose weights are here."""
    name = str(request.param)
    try:
        files(load_encoder(name).card, pull=False)
    except ModelError as error:
        pytest.skip(str(error))
    return name


@pytest.fixture
def ge2e() -> None:
    """Skips where the Resemblyzer package, whose weights are needed, is not installed."""
    try:
        load_encoder("ge2e-resemblyzer")
    except ModelError as error:
        pytest.skip(str(error))
