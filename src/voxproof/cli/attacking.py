"""What `voxproof evaluate detector --attack` does: all attacks that this installation can mount, in one report."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voxproof.evaluation.report import Report
    from voxproof.evaluation.tasks import Advance


def attack_detector(
    corpus: Path, model: str, *, limit: int | None, resamples: int, advance: "Advance", command: str
) -> "Report":
    """The report of attacks on the detector called `model`.

    Attacks by gradient need torch and an engine that gradients are known for; without them the report says so.
    """
    from voxproof.detection import load_detector
    from voxproof.errors import ModelError
    from voxproof.evaluation.attack_report import attack_report
    from voxproof.evaluation.attacks import ATTACKS, Attack

    detector = load_detector(model)
    attacks: list[Attack] = list(ATTACKS)
    missing = ""
    if find_spec("torch") is None or find_spec("onnx") is None:
        missing = "torch and onnx are not installed; run `pip install 'voxproof[train]'`"
    else:
        from voxproof.training.attack_battery import gradient_battery

        try:
            attacks += gradient_battery(corpus, detector, advance=advance)
        except ModelError as reason:
            missing = str(reason)
    if missing:
        attacks.append(Attack("white box", "by gradient", both=False, missing=missing))
    return attack_report(corpus, detector, attacks, limit=limit, resamples=resamples, advance=advance, command=command)
