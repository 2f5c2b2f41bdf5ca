from pathlib import Path

import numpy as np
import pytest

from voxproof.errors import VoxproofError
from voxproof.evaluation.cost import Cost, measure_cost, peak_memory


def test_peak_memory_sees_what_was_held() -> None:
    before = peak_memory()
    block = np.ones(30_000_000)  # 240 MB, touched
    after = peak_memory()
    assert after - before > 0.5 * block.nbytes or before > 0.5 * block.nbytes
    assert 10e6 < before <= after < 64e9


def test_rtf_is_time_over_audio() -> None:
    cost = Cost("clone", "native", 2, 10.0, 0.5, 0.2, 1.0, 1)
    assert cost.rtf == pytest.approx(0.05)
    assert cost.as_dict()["rtf"] == cost.rtf


def test_what_the_child_refuses_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(VoxproofError, match=r"measuring what detect costs failed.*nothing\.wav") as caught:
        measure_cost("detect", tmp_path / "nothing.wav")
    assert "\n" not in str(caught.value)
