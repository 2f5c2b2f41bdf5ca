"""Consent: who said that this voice may be cloned, in which words, and when."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from voxproof.errors import ConsentError

MAX_NOTE = 2000  # characters


class Consent(BaseModel):
    """A record that travels with a voice and with all that is made in it. A note, not a proof: nothing is checked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: str = Field(min_length=1, max_length=MAX_NOTE)
    who: str | None = None
    time: AwareDatetime


def consent_note(note: str, *, who: str | None = None, time: datetime | None = None) -> Consent:
    """The record of a consent in words; `ConsentError` if it says nothing. `time` is now unless given."""
    words = " ".join(note.split())
    if not words:
        raise ConsentError("the consent note is empty; say who agreed to what, e.g. 'Ann agreed by mail on 3 May'")
    if len(words) > MAX_NOTE:
        raise ConsentError(f"the consent note has {len(words)} characters; {MAX_NOTE} are allowed")
    moment = (time or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    return Consent(note=words, who=(who or "").strip() or None, time=moment)


def require_consent(
    given: Consent | Mapping[str, Any] | None, *, voice: str = "this voice", required: bool = True
) -> Consent | None:
    """The consent kept with a voice, as a `Consent`; `ConsentError` if it is required and not there, or is damaged."""
    if given is None:
        if required:
            raise ConsentError(f"{voice} may only be cloned with consent; give it with --consent 'who agreed to what'")
        return None
    if isinstance(given, Consent):
        return given
    try:
        return Consent.model_validate(dict(given))
    except ValidationError as reason:
        first = reason.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "record"
        raise ConsentError(
            f"the consent kept with {voice} is damaged ({place}: {first['msg']}); record it anew"
        ) from None
