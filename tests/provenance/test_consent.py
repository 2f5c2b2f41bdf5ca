"""Consent is said in words, or it is asked for."""

from datetime import UTC, datetime

import pytest

from voxproof.errors import ConsentError
from voxproof.provenance import Consent, consent_note, require_consent


def test_a_note_keeps_its_words_who_and_when() -> None:
    moment = datetime(2026, 5, 3, 12, 0, 0, 99, UTC)
    given = consent_note("  Ann agreed\n by mail ", who=" Ann ", time=moment)
    assert given == Consent(note="Ann agreed by mail", who="Ann", time=moment.replace(microsecond=0))
    assert require_consent(given.model_dump(mode="json")) == given
    assert require_consent(given) is given


def test_now_is_in_utc() -> None:
    made = consent_note("my own voice")
    assert made.time.tzinfo is UTC
    assert abs((datetime.now(UTC) - made.time).total_seconds()) < 60


@pytest.mark.parametrize("note", ["", "  \n\t"])
def test_an_empty_note_is_none(note: str) -> None:
    with pytest.raises(ConsentError, match="is empty"):
        consent_note(note)


def test_a_novel_is_too_long() -> None:
    with pytest.raises(ConsentError, match="2000 are allowed"):
        consent_note("word " * 1000)


def test_a_voice_that_needs_consent_is_refused_without() -> None:
    with pytest.raises(ConsentError, match="anna may only be cloned with consent; give it with --consent"):
        require_consent(None, voice="anna")
    assert require_consent(None, required=False) is None


@pytest.mark.parametrize(
    ("record", "place"),
    [({}, "note"), ({"note": "", "time": "2026-01-01T00:00:00Z"}, "note"), ({"note": "yes", "time": "then"}, "time")],
)
def test_a_damaged_record_is_no_consent(record: dict[str, str], place: str) -> None:
    with pytest.raises(ConsentError, match=rf"the consent kept with anna is damaged \({place}"):
        require_consent(record, voice="anna")
