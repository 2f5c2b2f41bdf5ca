import shutil
from pathlib import Path

from voxproof import paths
from voxproof.evaluation.identity import identity
from voxproof.models import load_card, save_card


def test_of_a_pair_the_card_in_a_folder_counts(bank_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(paths.PACKAGE_WEIGHTS / "cantor", tmp_path / "mine")
    engine = f"{folder}+pulsar"
    first = identity(engine, bank_folder)
    card = load_card(folder)
    save_card(card.model_copy(update={"config": {**card.config, "mel_scale": 1.0}}), folder)
    assert identity(engine, bank_folder) != first


def test_the_name_changes_with_engine_and_bank_and_nothing_else(bank_folder: Path, tmp_path: Path) -> None:
    first = identity("native", bank_folder)
    assert len(first) == 12
    assert identity("native", bank_folder) == first
    assert identity("other", bank_folder) != first
    copy = shutil.copytree(bank_folder, tmp_path / "copy")
    assert identity("native", copy) == first
    (copy / "texts.tsv").write_text("id\tlength\ttext\n", encoding="utf-8")
    assert identity("native", copy) != first
