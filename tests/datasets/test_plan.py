"""Plans are decided by the seed, and spread."""

from collections import Counter
from dataclasses import replace

import pytest

from voxproof.datasets.fakes.clips import Judges, RealClip, read_real
from voxproof.datasets.fakes.maker import Maker
from voxproof.datasets.fakes.plan import MOST_OF_A_SPEAKER, plan
from voxproof.errors import CorpusError


def clip(number, speaker, language="en", corpus="c", text="Some words."):
    return RealClip(
        path=f"{corpus}/{number}.flac", corpus=corpus, speaker=f"{corpus}_{speaker}", gender="f", language=language,
        text=text, seconds=3.0 + number % 3 * 0.1, licence="", repo="r", commit="", source_path=f"{corpus}/{number}",
    )  # fmt: skip


CLIPS = [clip(i, i // 20) for i in range(200)] + [clip(i, i, "it", "d", f"Testo {i}.") for i in range(60)]
MAKERS = {
    "copy": Maker("copy", "vocoder", "", 1, lambda source, seed: source.samples, share=3.0),
    "other": Maker("other", "vc", "", 1, lambda source, seed: source.samples, voices="other"),
    "says": Maker(
        "says", "tts", "", 1, lambda s, seed: s.samples, speaks=frozenset({"en"}), voices="own", other_text=True
    ),
    "it": Maker("it", "tts", "", 1, lambda source, seed: source.samples, speaks=frozenset({"it"})),
}


def test_the_seed_decides():
    assert plan(CLIPS, MAKERS, count=40, fakes=80, seed=1) == plan(CLIPS[::-1], MAKERS, count=40, fakes=80, seed=1)
    assert plan(CLIPS, MAKERS, count=40, fakes=80, seed=1) != plan(CLIPS, MAKERS, count=40, fakes=80, seed=2)


def test_makers_get_their_share_and_clips_about_as_many():
    jobs = plan(CLIPS, MAKERS, count=60, fakes=60)
    by_maker = Counter(task.maker for job in jobs for task in job.tasks)
    assert by_maker == {"copy": 30, "other": 10, "says": 10, "it": 10}
    assert {len(job.tasks) for job in jobs} <= {1, 2}
    assert len({job.name for job in jobs}) == len(jobs) > 50


def test_speakers_and_groups_are_spread():
    jobs = plan(CLIPS, MAKERS, count=60, fakes=120)
    speakers = Counter(job.clip.speaker for job in jobs)
    assert max(speakers.values()) <= MOST_OF_A_SPEAKER
    assert len([one for one in speakers if one.startswith("c_")]) == 10
    assert {job.clip.language for job in jobs} == {"en", "it"}


def test_tasks_have_what_their_makers_need():
    for job in plan(CLIPS, MAKERS, count=60, fakes=150):
        for task in job.tasks:
            if task.maker == "it":
                assert job.clip.language == "it"
                assert task.text == job.clip.text
            if task.maker == "other":
                assert task.speaker != job.clip.speaker
                assert task.target
                assert job.clip.path not in task.target
            if task.maker == "says":
                assert job.clip.language == "en"
                assert task.target[0] == job.clip.path


def test_too_short_and_too_long_clips_are_not_used():
    with pytest.raises(CorpusError, match="length"):
        plan([replace(CLIPS[0], seconds=9.0), replace(CLIPS[1], seconds=0.4)], MAKERS, count=2, fakes=2)


def test_what_judges_is_left_out(corpus, tmp_path):
    real = read_real([corpus()])
    bank, judged = tmp_path / "bank", tmp_path / "judged"
    bank.mkdir(), judged.mkdir()
    (bank / "manifest.tsv").write_text("path\tspeaker\nx.flac\tben\n")
    (judged / "manifest.tsv").write_text(
        "split\tspeaker\trepo\tsource_path\ndev\tcarl\tx\ty\ntrain\tdora\t\t\ndev\t\towner/repo\tspeech/anna1.flac\n"
    )
    kept, refused = Judges(bank, judged).without(real)
    assert refused == {"a speaker who judges": 6, "a recording that judges": 1}
    assert {one.speaker for one in kept} == {"anna", "dora"}
    assert not any(one.path.endswith("anna1.flac") for one in kept)
