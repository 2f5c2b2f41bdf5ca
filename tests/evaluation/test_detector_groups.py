import pytest

from voxproof.evaluation.detector_figures import cluster_of, counted, figures_of, mean_eer, plain_eer, worst_eer
from voxproof.evaluation.detector_groups import (
    ALL,
    COUNTS,
    by_codec,
    by_family,
    by_gender,
    by_generator,
    by_language,
    codec_name,
    sets_of,
)
from voxproof.evaluation.detector_protocol import read_corpus
from voxproof.evaluation.detector_scores import Scored


@pytest.fixture(scope="module")
def rows(detector_corpus):
    return read_corpus(detector_corpus)


@pytest.fixture(scope="module")
def scored(rows):
    """Fakes above real clips but for one pair of page p that is swapped."""
    odd = {"p0.wav": 3.0, "p0-fake.wav": -3.0}
    dev = [row for row in rows if row.split == "dev" and row.name != "broken.wav"]
    return [Scored(row, odd.get(row.name, 2.0 if row.fake else -2.0)) for row in dev]


def names(members, fake):
    return sorted(s.row.name for s in members if s.row.fake is fake)


def test_the_sets_of_the_protocol(rows, scored):
    sets = sets_of(scored, rows)
    # Six novel fakes on two pages and their six real clips; codec, known generator, wide speech stand aside.
    assert counted(sets[COUNTS]) == (6, 6)
    assert counted(sets[ALL]) == (9, 7)
    assert counted(sets["all dev but codec copies"]) == (7, 7)
    assert "wide.wav" in names(sets[ALL], fake=False)
    found = figures_of(sets[COUNTS], resamples=100)
    assert found["eer"].value == pytest.approx(1 / 6, abs=1e-12)
    assert found["accuracy"].value == pytest.approx(10 / 12, abs=1e-12)
    assert found["hter"].value == pytest.approx(1 / 6, abs=1e-12)
    assert figures_of([s for s in scored if s.row.fake]) is None


def test_unseen_speakers_and_texts_leave_clips_out(tmp_path, corpora):
    fake = {"label": "fake", "generator": "New", "novel": "1"}
    known, said = {"speaker": "of old"}, {"text": "An old sentence"}
    clips = [corpora.row("a.wav"), corpora.row("b.wav", **known), corpora.row("c.wav", **said)]
    clips += [corpora.row("d.wav", **fake), corpora.row("e.wav", **fake, **known), corpora.row("f.wav", **fake, **said)]
    rows = read_corpus(corpora.write(tmp_path, [*corpora.train, *clips]))
    sets = sets_of([Scored(row, 0.0) for row in rows if row.split == "dev"], rows)
    left = {name: "".join(sorted(s.row.name[0] for s in members)) for name, members in sets.items()}
    assert left[COUNTS] == "abcdef"
    assert left["counts, speakers unseen in train"] == "acdf"
    assert left["counts, texts unseen in train"] == "abde"
    assert left["counts, speakers and texts unseen"] == "ad"


def test_generators_and_families_stand_against_their_own_pages(scored):
    groups = by_generator(scored)
    assert sorted(groups) == ["C", "Known", "New p", "New q"]
    assert names(groups["New p"], fake=False) == ["p0.wav", "p1.wav", "p2.wav"]
    assert names(groups["C"], fake=False) == ["p0.wav", "p1.wav", "p2.wav", "q0.wav", "q1.wav", "q2.wav"]
    # One of three errs on page p, none on q; C has one real clip above it; one clip of Known is too few.
    assert plain_eer(groups["New p"]) == pytest.approx(1 / 3, abs=1e-12)
    assert plain_eer(groups["New q"]) == 0
    assert plain_eer(groups["Known"]) is None
    pair = {name: groups[name] for name in ("New p", "New q", "Known")}
    mean = mean_eer(pair)
    assert (mean.value, mean.clusters) == (pytest.approx(1 / 6, abs=1e-12), 2)
    assert worst_eer(pair) == ("New p", pytest.approx(1 / 3, abs=1e-12))
    assert worst_eer({}) is None
    assert sorted(by_family(scored)) == ["codec", "vocoder"]


def test_codecs_languages_genders(scored):
    assert {name: counted(members) for name, members in by_codec(scored).items()} == {
        "pcm_s16le": (6, 6),
        "not told": (3, 1),
    }
    assert {name: counted(members) for name, members in by_language(scored).items()} == {
        "not told": (9, 1),
        "en": (0, 6),
    }
    assert {name: counted(members) for name, members in by_gender(scored).items()} == {
        "not told": (9, 1),
        "female": (0, 3),
        "male": (0, 3),
    }


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("WAV/PCM_16", "pcm_s16le"),
        ("pcm_s16le", "pcm_s16le"),
        ("WAV/PCM_24", "pcm_s24le"),
        ("MP3/MPEG_LAYER_III", "mp3"),
        ("mp3", "mp3"),
        ("FLAC/PCM_16", "flac"),
        ("vorbis", "vorbis"),
        ("", "not told"),
    ],
)
def test_codings_have_one_name(told, name):
    assert codec_name(told) == name


def test_fakes_are_drawn_by_generator_and_real_clips_by_speaker(scored):
    found = {cluster_of(s) for s in scored}
    assert found == {"New p", "New q", "C", "Known", "of p", "of q", "of old"}
    by_class = figures_of(scored, resamples=200)["eer"]
    assert by_class.clusters == 7
    assert figures_of(scored, resamples=200, clusters="page")["eer"].clusters == 3
