"""The manifest: what a sound is, from what and by what it was made, in whose voice and with whose consent."""

import hashlib
import json
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

import numpy as np
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from voxproof.audio import Audio
from voxproof.provenance.consent import Consent

SHA256 = r"^[0-9a-f]{64}$"


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _tool_version() -> str:
    try:
        return version("voxproof")
    except PackageNotFoundError:
        return "unknown"


class Source(BaseModel):
    """A recording that went in: the references of the voice, or the speech that was converted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Literal["reference", "speech"]
    name: str = ""
    sha256: str = Field(pattern=SHA256)

    @classmethod
    def of(cls, audio: Audio, role: Literal["reference", "speech"], name: str = "") -> "Source":
        """The source with the hash of `audio`'s samples."""
        return cls(role=role, name=name, sha256=samples_sha256(audio))


class UsedCard(BaseModel):
    """A model that took part: its card's name and the SHA-256 of the card."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    sha256: str = Field(pattern=SHA256)


class Manifest(BaseModel):
    """What Voxproof says of a sound that it made. Unknown keys are errors.

    `payload` (the 16 bits of the mark), `rate` (Hz), `samples` and `samples_sha256` (of the marked samples as 16-bit
    little-endian PCM) are filled in when the sound is marked. `text_sha256` stays where the text had no room.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    tool: Literal["voxproof"] = "voxproof"
    tool_version: str = Field(default_factory=_tool_version)
    kind: Literal["clone", "conversion"]
    time: AwareDatetime = Field(default_factory=_now)
    engine: str
    voice: str = ""
    seed: int | None = None
    text: str | None = None
    text_sha256: str | None = Field(default=None, pattern=SHA256)
    consent: Consent | None = None
    sources: tuple[Source, ...] = ()
    cards: tuple[UsedCard, ...] = ()
    settings: dict[str, str | int | float | bool | None] = Field(default_factory=dict)
    mark: str | None = None
    payload: int | None = Field(default=None, ge=0, lt=1 << 16)
    rate: int | None = None
    samples: int | None = None
    samples_sha256: str | None = Field(default=None, pattern=SHA256)

    def model_post_init(self, context: Any) -> None:
        """Fill in the hash of the text."""
        if self.text is not None and self.text_sha256 is None:
            object.__setattr__(self, "text_sha256", hashlib.sha256(self.text.encode()).hexdigest())

    def own_payload(self) -> int:
        """The first 16 bits of the SHA-256 of the manifest without what is known only after marking."""
        after = {"mark", "payload", "rate", "samples", "samples_sha256"}
        facts = self.model_dump(mode="json", exclude=after)
        text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:2], "big")

    def mapping(self) -> dict[str, Any]:
        """Plain values for JSON and for `Audio.manifest`, without what is empty."""
        return {key: value for key, value in self.model_dump(mode="json").items() if value not in (None, "", [], {})}


def samples_sha256(audio: Audio) -> str:
    """SHA-256 of the samples as 16-bit little-endian PCM, the same for an `Audio` and for the WAV or FLAC of it."""
    steps = np.clip(np.rint(audio.samples * 32_768), -32_768, 32_767).astype("<i2")
    return hashlib.sha256(steps.tobytes()).hexdigest()
