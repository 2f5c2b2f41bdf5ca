"""The mark and the manifest of what is made in somebody's voice, the same whenever it is made."""

from typing import Literal

from voxproof.audio import Audio
from voxproof.datasets.build.makers.base import RATE, Maker
from voxproof.datasets.build.units import Unit
from voxproof.provenance import Manifest, Source, consent_note, seal
from voxproof.speakers import Voice


def sealed(
    audio: Audio,
    kind: Literal["clone", "conversion"],
    maker: Maker,
    unit: Unit,
    voice: Voice,
    sources: tuple[Source, ...],
) -> Audio:
    """What `voxproof.clone` and `voxproof.convert` do with their sound, with one difference.

    They put the present time into the manifest. The mark carries a hash of the manifest, so no two runs would make the
    same bytes; here the time is the plan's. The settings name the unit.
    """
    plan = maker.plan
    manifest = Manifest(
        kind=kind,
        time=plan.time,
        engine=maker.engine,
        voice=unit.speaker.speaker if unit.speaker is not None else "",
        seed=unit.seed,
        text=unit.text or None,
        consent=consent_note(plan.consent, time=plan.time),
        sources=sources,
        cards=maker.used(),
        settings={"encoder": voice.encoder, "rate": RATE, "unit": unit.id},
    )
    return seal(audio.resampled(RATE), manifest, fresh=True)


def payload(audio: Audio) -> str:
    """The number in the mark."""
    return str(audio.manifest["payload"]) if audio.manifest else ""
