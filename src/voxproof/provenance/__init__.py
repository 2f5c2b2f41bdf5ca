"""Where a sound comes from: the mark in it, the manifest beside it, the consent behind it."""

from voxproof.provenance.consent import Consent, consent_note, require_consent
from voxproof.provenance.files import check, parse_manifest, read_manifest, seal, write_marked
from voxproof.provenance.findings import findings
from voxproof.provenance.manifest import Manifest, Source, UsedCard, samples_sha256
from voxproof.provenance.marking import MARK, mark, read_mark
from voxproof.provenance.watermark import DEFAULT_KEY, MarkReading, Watermark, watermarks

__all__ = [
    "DEFAULT_KEY",
    "MARK",
    "Consent",
    "Manifest",
    "MarkReading",
    "Source",
    "UsedCard",
    "Watermark",
    "check",
    "consent_note",
    "findings",
    "mark",
    "parse_manifest",
    "read_manifest",
    "read_mark",
    "require_consent",
    "samples_sha256",
    "seal",
    "watermarks",
    "write_marked",
]
