"""Would a speaker verification system let the clone in? EER of clones against real speakers of the same gender."""

from collections.abc import Sequence

from voxproof.evaluation.bootstrap import Interval, bootstrap
from voxproof.evaluation.detection_metrics import Trials, eer
from voxproof.evaluation.similarity import SimilarityJudge, Utterance


def verification_eer(judge: SimilarityJudge, utterances: Sequence[Utterance]) -> Interval:
    """Equal error rate with its interval over the speakers of the utterances.

    A target trial compares an utterance with the mean of the speaker it should sound like, a non-target trial with the
    mean of another one of the same gender. 0: every utterance is nearer to its speaker than any is to somebody else;
    0.5: it is nobody's voice. `judge.real_utterances` measured alike give the floor.
    """
    targets, nontargets, names = judge.trials(utterances)
    trials = Trials.of(targets, nontargets)
    return bootstrap(lambda weights: eer(trials, weights), names)
