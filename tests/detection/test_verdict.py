import json

import pytest

from voxproof.detection import Caution, Finding, Verdict, Window

WINDOW = Window(0.0, 2.0, -1.4, 0.2)


def verdict(label="real", probability=0.2, llr=-1.4, warnings=(), windows=(WINDOW,)):
    return Verdict(label, probability, llr, windows, tuple(warnings), (), "detector-fast", "ab" * 32, 2.0, 1.8)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (verdict(), "This sounds like a real voice (20 % likely to be synthetic)."),
        (verdict("fake", 0.97), "This sounds like a synthetic voice (97 % likely to be synthetic)."),
        (verdict("fake", 1.0), "This sounds like a synthetic voice (99 % likely to be synthetic)."),
        (
            verdict("uncertain", 0.55),
            "This could be either, a real or a synthetic voice (55 % likely to be synthetic). What to do: ask for a "
            "longer recording without noise or music, not over a telephone, or reach the person another way.",
        ),
        (
            verdict("uncertain", 0.5, 0.0, [Caution("silent", "the recording is silent")], ()),
            "This cannot be judged. Note: the recording is silent. What to do: give a recording in which somebody "
            "speaks.",
        ),
        (
            verdict("real", 0.2, -1.4, [Caution("clipped", "the recording is clipped")]),
            "This sounds like a real voice (20 % likely to be synthetic). Note: the recording is clipped.",
        ),
    ],
)
def test_a_verdict_reads_as_a_sentence(given, sentence):
    assert str(given) == sentence


def test_a_marked_recording_without_speech_is_not_told_by_its_sound():
    mark = Finding("watermark", "it carries Voxproof's watermark", synthetic=True)
    silent = verdict("uncertain", 0.5, 0.0, [Caution("no-speech", "no speech was found")]).with_findings(mark)
    assert str(silent).startswith("This was made by a machine. It carries")


def test_only_what_is_uncertain_gets_advice():
    assert verdict().advice == verdict("fake", 0.9).advice == ""
    short = verdict("uncertain", 0.5, 0.0, [Caution("too-short", "too little")])
    assert "5 s" in short.advice


def test_a_watermark_settles_it_and_the_score_stays():
    mark = Finding("watermark", "it carries Voxproof's watermark", synthetic=True, details={"payload": 7})
    marked = verdict().with_findings(mark)
    assert marked.label == "fake"
    assert marked.proven
    assert (marked.llr, marked.probability) == (-1.4, 0.2)
    assert str(marked) == (
        "This was made by a machine. (By the sound alone: 20 % likely to be synthetic.) "
        "It carries Voxproof's watermark."
    )


def test_a_finding_that_proves_nothing_changes_no_label():
    noted = verdict().with_findings(Finding("manifest", "no manifest lies beside the file"))
    assert noted.label == "real"
    assert not noted.proven
    assert str(noted).endswith("No manifest lies beside the file.")


def test_json_holds_everything():
    found = verdict(warnings=[Caution("short", "little speech")]).with_findings(
        Finding("watermark", "marked", True, {"payload": 7})
    )
    told = json.loads(found.to_json())
    assert told["label"] == "fake"
    assert told["windows"] == [{"start": 0.0, "end": 2.0, "llr": -1.4, "probability": 0.2}]
    assert told["warnings"] == [{"code": "short", "message": "little speech"}]
    assert told["findings"][0]["details"] == {"payload": 7}
    assert (told["model"], told["card_sha256"]) == ("detector-fast", "ab" * 32)
    assert told["sentence"] == str(found)
