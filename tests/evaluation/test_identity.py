import shutil
from pathlib import Path

from voxproof.evaluation.identity import identity


def test_the_name_changes_with_engine_and_bank_and_nothing_else(bank_folder: Path, tmp_path: Path) -> None:
    first = identity("native", bank_folder)
    assert len(first) == 12
    assert identity("native", bank_folder) == first
    assert identity("other", bank_folder) != first
    copy = shutil.copytree(bank_folder, tmp_path / "copy")
    assert identity("native", copy) == first
    (copy / "texts.tsv").write_text("id\tlength\ttext\n", encoding="utf-8")
    assert identity("native", copy) != first
