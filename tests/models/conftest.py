from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees or touches the models of whoever runs it."""
    monkeypatch.setenv("VOXPROOF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VOXPROOF_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("VOXPROOF_OFFLINE", raising=False)
