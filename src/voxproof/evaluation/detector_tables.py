"""The tables of a detector's report, and the same figures as plain numbers for JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from voxproof.evaluation.detection_metrics import METRICS, rates_at
from voxproof.evaluation.detector_figures import (
    CARRIED,
    Clusters,
    counted,
    figures_of,
    mean_eer,
    plain_eer,
    shortened,
    trials_of,
    worst_eer,
)
from voxproof.evaluation.detector_groups import ALL, COUNTS, Groups, by_generator
from voxproof.evaluation.detector_scores import Scored
from voxproof.evaluation.report import Table

Figures = dict[str, Any]

SCORES = ("eer", "auc", "min_dcf", "act_dcf", "dcf_ratio", "cllr")
RATES = ("accuracy", "f1", "fpr", "fnr", "hter")
HEADS = {
    "eer": "EER",
    "auc": "AUC",
    "min_dcf": "minDCF",
    "act_dcf": "actDCF",
    "dcf_ratio": "actDCF/minDCF",
    "cllr": "Cllr",
    "accuracy": "accuracy",
    "f1": "F1",
    "fpr": "FPR",
    "fnr": "FNR",
    "hter": "HTER",
}


def set_tables(groups: Groups, resamples: int, clusters: Clusters) -> tuple[list[Table], Figures]:
    """All metrics of each set, with intervals: by score, and at the threshold carried over."""
    figures: Figures = {}
    by_score: list[list[object]] = []
    at_threshold: list[list[object]] = []
    for name, members in groups.items():
        fake, real = counted(members)
        found = figures_of(members, resamples, clusters)
        figures[name] = {"fake": fake, "real": real, **({metric: found[metric] for metric in METRICS} if found else {})}
        by_score.append([name, fake, real, *(found[m] if found else None for m in SCORES)])
        at_threshold.append([name, *(found[m] if found else None for m in RATES)])
    tables = [
        Table(
            "Detection by score",
            ["set", "fake", "real", *(HEADS[metric] for metric in SCORES)],
            by_score,
            "Scores are calibrated log-likelihood ratios of whole clips. DCF at the costs of ASVspoof 5.",
        ),
        Table(
            "At the threshold carried over",
            ["set", *(HEADS[metric] for metric in RATES)],
            at_threshold,
            "The threshold is the log-likelihood ratio 0, which calibration on held-out pages of training made the "
            "point of equal odds; nothing of dev moved it. F1 is that of fakes.",
        ),
    ]
    return tables, figures


def breakdown(title: str, groups: Groups, note: str) -> tuple[Table, Figures]:
    """One row a group: EER, Cllr and the rates at the carried threshold, where the group has the clips for them."""
    rows: list[list[object]] = []
    figures: Figures = {}
    for name, members in groups.items():
        fake, real = counted(members)
        rates = rates_at(trials_of(members), CARRIED)
        fnr, fpr = (float(rates[rate][0]) if there else None for rate, there in (("fnr", fake), ("fpr", real)))
        value = plain_eer(members)
        rows.append([name, fake, real, value, fnr, fpr])
        figures[name] = {"fake": fake, "real": real, "eer": value, "fnr": fnr, "fpr": fpr}
    return Table(title, ["group", "fake", "real", "EER", "FNR", "FPR"], rows, note), figures


def generator_tables(counting: Sequence[Scored], everything: Sequence[Scored]) -> tuple[list[Table], Figures]:
    """Pooled EER beside the mean over generators and the worst of them; then every generator."""
    rows: list[list[object]] = []
    figures: Figures = {}
    for name, members in ((COUNTS, counting), (ALL, everything)):
        groups = by_generator(members)
        mean, worst = mean_eer(groups), worst_eer(groups)
        rows.append([name, mean.clusters, plain_eer(members), mean, f"{worst[1]:.3f} ({worst[0]})" if worst else None])
        figures[name] = {"mean": mean, "worst": worst[1] if worst else None, "worst_name": worst[0] if worst else None}
    summary = Table(
        "Generators",
        ["set", "generators", "pooled EER", "mean EER of a generator", "worst EER of a generator"],
        rows,
        "A generator stands against the real clips of its own pages; those with fewer than two clips, or without real "
        "clips beside them, have no EER. The mean counts every generator once.",
    )
    table, figures["each"] = breakdown(
        "By generator", _sorted(by_generator(everything)), "All generators of dev, the hardest first."
    )
    return [summary, table], figures


def _sorted(groups: Groups) -> Groups:
    found = {name: plain_eer(members) for name, members in groups.items()}
    order = sorted(groups, key=lambda name: -1.0 if found[name] is None else float(found[name] or 0.0), reverse=True)
    return {name: groups[name] for name in order}


def duration_table(sets: Mapping[str, Sequence[Scored]], resamples: int, clusters: Clusters) -> tuple[Table, Figures]:
    """EER and Cllr on the first seconds of speech of each clip."""
    rows: list[list[object]] = []
    figures: Figures = {}
    for name, members in sets.items():
        lengths: dict[str, Sequence[Scored]] = {
            f"{seconds:g} s": shortened(members, seconds)
            for seconds in sorted({seconds for s in members for seconds in s.shorter})
        }
        for length, part in {**lengths, "all": members}.items():
            found = figures_of(part, resamples, clusters)
            if found:
                rows.append([name, length, *counted(part), found["eer"], found["cllr"]])
                figures.setdefault(name, {})[length] = {"eer": found["eer"], "cllr": found["cllr"]}
    note = "The clip is cut to its first seconds of speech and then scored; a clip that is shorter is scored as it is."
    return Table("By duration", ["set", "speech", "fake", "real", "EER", "Cllr"], rows, note), figures


def verdict_table(sets: Mapping[str, Sequence[Scored]]) -> tuple[Table, Figures]:
    """Shares of each class that were called real, uncertain and fake; of sets whose verdicts are known."""
    rows: list[list[object]] = []
    figures: Figures = {}
    for name, members in sets.items():
        for kind in ("real", "fake"):
            labels = [s.label for s in members if s.row.label == kind]
            if not labels or not all(labels):
                continue
            shares = {label: round(labels.count(label) / len(labels), 3) for label in ("real", "uncertain", "fake")}
            rows.append([name, kind, len(labels), *shares.values()])
            figures.setdefault(name, {})[kind] = {"clips": len(labels), **shares}
    head = ["set", "class", "clips", "called real", "uncertain", "called fake"]
    return Table("Verdicts", head, rows, "Shares of each class at the detector's own thresholds."), figures


def fold_tables(scored: Sequence[Scored], resamples: int) -> tuple[list[Table], Figures]:
    """Leave-one-generator-out: each fold, and all of them together."""
    folds: Groups = {}
    for one in scored:
        folds.setdefault(one.fold, []).append(one)
    table, each = breakdown("By generator left out", _sorted(folds), "Each was judged by a model that never heard it.")
    mean, worst, pooled = mean_eer(folds), worst_eer(folds), figures_of(scored, resamples)
    row = [mean.clusters, pooled["eer"] if pooled else None, mean, f"{worst[1]:.3f} ({worst[0]})" if worst else None]
    summary = Table(
        "Leave one generator out",
        ["generators", "pooled EER", "mean EER of a generator", "worst EER of a generator"],
        [row],
        "Scores of different folds come from different models; pooled, they are compared with each other all the same.",
    )
    figures = {"pooled": pooled or {}, "mean": mean, "worst": worst[1] if worst else None, "each": each}
    return [summary, table], figures
