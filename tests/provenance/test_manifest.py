"""What a manifest holds, and the 16 bits that it puts into the mark."""

import hashlib

import numpy as np
import pytest
from pydantic import ValidationError

from voxproof.audio import Audio
from voxproof.provenance import Manifest, Source, UsedCard, consent_note, samples_sha256


def _manifest(**changes: object) -> Manifest:
    facts = {"kind": "clone", "engine": "native", "text": "Hello.", "time": "2026-11-21T08:00:00Z", "tool_version": "1"}
    return Manifest.model_validate({**facts, **changes})


def test_it_goes_to_plain_values_and_back(speech: Audio) -> None:
    made = _manifest(
        sources=[Source.of(speech, "reference", "anna.flac")],
        cards=[UsedCard(name="cantor", sha256="0" * 64)],
        consent=consent_note("my own voice"),
        settings={"speed": 1.1, "engine": "native"},
        seed=0,
    )
    plain = made.mapping()
    assert Manifest.model_validate(plain) == made
    assert plain["seed"] == 0
    assert "payload" not in plain
    assert plain["time"] == "2026-11-21T08:00:00Z"


@pytest.mark.parametrize(
    "changes",
    [
        {"knd": "clone"},
        {"kind": "song"},
        {"payload": 1 << 16},
        {"samples_sha256": "beef"},
        {"time": "2026-11-21T08:00:00"},
    ],
)
def test_unknown_keys_and_wrong_values_are_errors(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        _manifest(**changes)


def test_the_payload_is_the_manifests_own() -> None:
    made = _manifest()
    assert made.own_payload() == _manifest().own_payload()
    assert made.model_copy(update={"payload": 5, "rate": 16_000, "mark": "x"}).own_payload() == made.own_payload()
    others = {_manifest(seed=seed).own_payload() for seed in range(50)}
    assert len(others) > 45
    assert all(0 <= payload < 1 << 16 for payload in others)


def test_the_text_is_hashed() -> None:
    assert _manifest().text_sha256 == hashlib.sha256(b"Hello.").hexdigest()
    assert _manifest(text=None).text_sha256 is None


def test_the_hash_of_samples_is_that_of_sixteen_bit_pcm() -> None:
    audio = Audio(np.array([0, 0.5, -1, 1], np.float32), 16_000)
    expected = hashlib.sha256(np.array([0, 16_384, -32_768, 32_767], "<i2").tobytes()).hexdigest()
    assert samples_sha256(audio) == expected
