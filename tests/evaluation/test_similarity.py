import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.evaluation.bank import Bank
from voxproof.evaluation.similarity import Cosines, SimilarityJudge, Utterance, cosine, similarity_figures
from voxproof.evaluation.verification import verification_eer
from voxproof.speakers import SpeakerEncoder
from voxproof.speakers.encoder import Floats


class LongTermSpectrum(SpeakerEncoder):
    """A real, if poor, speaker encoder that needs no weights: the mean log spectrum in 40 bands, its mean taken off."""

    def __init__(self) -> None:
        pass

    @property
    def name(self) -> str:
        return "long-term-spectrum"

    @property
    def dim(self) -> int:
        return 40

    def _embed(self, samples: Floats) -> Floats:
        frames = samples[: len(samples) // 400 * 400].reshape(-1, 400) * np.hanning(400)
        power = (np.abs(np.fft.rfft(frames, axis=1)[:, 1:]) ** 2).mean(axis=0)
        bands = np.log(power.reshape(40, 5).sum(axis=1) + 1e-9)
        return (bands - bands.mean()).astype(np.float32)


@pytest.fixture(scope="module")
def judge(bank: Bank) -> SimilarityJudge:
    return SimilarityJudge(LongTermSpectrum(), bank)


def test_cosine() -> None:
    assert cosine(np.array([3.0, 0.0]), np.array([1.0, 1.0])) == pytest.approx(2**-0.5)
    assert cosine(np.zeros(2), np.ones(2)) == 0.0


def test_figures_by_hand() -> None:
    # Means over speakers: clone (.8 + .5) / 2, other (.4 + .3) / 2, own (.9 + .7) / 2; speaker a counts once.
    cosines = [Cosines("a", 0.7, 0.4), Cosines("a", 0.9, 0.4), Cosines("b", 0.5, 0.3)]
    found = similarity_figures(cosines, {"a": 0.9, "b": 0.7, "c": 0.1})
    assert found.clone.value == pytest.approx(0.65)
    assert found.other.value == pytest.approx(0.35)
    assert found.own.value == pytest.approx(0.8)
    assert found.normalised.value == pytest.approx(0.3 / 0.45)
    # Resamples of two speakers: a alone gives .4 / .5, b alone .2 / .4.
    assert (found.normalised.low, found.normalised.high) == (pytest.approx(0.5), pytest.approx(0.8))


def test_real_speech_measured_as_a_clone_has_normalised_similarity_one(judge: SimilarityJudge, bank: Bank) -> None:
    cosines = [
        judge.cosines(one.speaker, one.embedding, without=one.without) for one in judge.real_utterances(bank.speakers)
    ]
    found = judge.figures(cosines)
    assert found.normalised.value == pytest.approx(1.0)
    assert found.clone.value == pytest.approx(found.own.value)
    assert found.own.value > found.other.value


def test_others_are_of_the_same_gender(judge: SimilarityJudge, bank: Bank) -> None:
    anna, dora = bank.speakers[0], bank.speakers[3]
    embedding = judge.real["anna"][0]
    expected = cosine(embedding, judge.means["dora"])
    assert judge.cosines(anna, embedding).other == pytest.approx(expected)
    assert judge.cosines(dora, embedding).clone == pytest.approx(expected)


def test_own_leaves_the_utterance_itself_out(judge: SimilarityJudge, bank: Bank) -> None:
    first, second = judge.real["ben"]
    assert judge.own(bank.speakers[1]) == pytest.approx(cosine(first, second), abs=1e-6)


def test_verification_of_the_right_and_of_the_wrong_voice(
    judge: SimilarityJudge, bank: Bank, voices: dict[str, Audio]
) -> None:
    right = [Utterance(speaker, judge.embed(voices[speaker.name])) for speaker in bank.speakers]
    assert verification_eer(judge, right).value == 0.0
    swapped = {"anna": "dora", "dora": "anna", "ben": "carl", "carl": "ben"}
    wrong = [Utterance(speaker, judge.embed(voices[swapped[speaker.name]])) for speaker in bank.speakers]
    assert verification_eer(judge, wrong).value == 1.0


def test_trials_name_their_speakers(judge: SimilarityJudge, bank: Bank) -> None:
    targets, nontargets, names = judge.trials(judge.real_utterances(bank.speakers))
    assert (len(targets), len(nontargets)) == (8, 8)
    assert names == ["anna", "anna", "ben", "ben", "carl", "carl", "dora", "dora"] * 2
