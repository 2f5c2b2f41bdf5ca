"""Would a speaker verification system let the clone in? EER of clones against real speakers of the same gender."""

from collections.abc import Sequence

from voxproof.evaluation.bank import Speaker
from voxproof.evaluation.bootstrap import Interval, bootstrap
from voxproof.evaluation.detection_metrics import Trials, eer
from voxproof.evaluation.similarity import Embedding, SimilarityJudge


def verification_eer(judge: SimilarityJudge, utterances: Sequence[tuple[Speaker, Embedding]]) -> Interval:
    """Equal error rate with its interval over the speakers of the utterances.

    A target trial compares an utterance with the mean of the speaker it should sound like, a non-target trial with the
    mean of another one of the same gender. 0: every utterance is nearer to its speaker than to anybody else; 0.5: it is
    nobody's voice. Real utterances measured alike give the floor (their own mean holds them, so it is a lenient one).
    """
    targets, nontargets, names = judge.trials(utterances)
    trials = Trials.of(targets, nontargets)
    return bootstrap(lambda weights: eer(trials, weights), names)
