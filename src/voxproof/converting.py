"""Speech to somebody else's voice: a whole recording, or utterance by utterance while somebody speaks."""

import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from voxproof.audio import Audio
from voxproof.audio.utterances import Floats, Utterance, UtteranceCutter
from voxproof.conversion import Converter, load_converter
from voxproof.errors import AudioError, VoxproofError
from voxproof.features.level import normalise_level
from voxproof.provenance import MARK, Consent, Manifest, Source, UsedCard, seal
from voxproof.speakers import Voice
from voxproof.vocoders import Vocoder, load_vocoder

VOCODER = "pulsar"


@lru_cache(maxsize=4)
def _converter(name: str) -> Converter:
    return load_converter(name)


@lru_cache(maxsize=4)
def _vocoder(name: str) -> Vocoder:
    return load_vocoder(name)


class Conversion:
    """One engine and one voice. `rate` and `made_rate` are those of the speech that it takes and makes, in Hz.

    Raises `ModelError`, and `VoxproofError` for a voice of an encoder that the engine does not know.
    """

    def __init__(self, voice: Voice, *, engine: str, seed: int) -> None:
        self._converter, self._vocoder = _converter(engine), _vocoder(VOCODER)
        if voice.encoder not in self._converter.encoders:
            raise VoxproofError(f"voice {voice.name!r} was enrolled with {voice.encoder}: enroll it again")
        self._engine, self._voice, self._seed = engine, voice, seed
        self.rate, self.made_rate = self._converter.spec.rate, self._vocoder.spec.rate

    def manifest(self, consent: Consent | None, sources: tuple[Source, ...], *, live: bool = False) -> Manifest:
        """What is known before anything is made. What is converted `live` has no hash of the speech that went in."""
        cards = [part.card for part in (self._converter, self._vocoder) if hasattr(part, "card")]
        return Manifest(
            kind="conversion",
            engine=self._engine,
            voice=self._voice.name,
            seed=self._seed,
            consent=consent,
            sources=sources,
            cards=tuple(UsedCard(name=card.name, sha256=card.sha256) for card in cards),
            settings={"encoder": self._voice.encoder, **({"live": True} if live else {})},
        )

    def convert(self, audio: Audio, manifest: Manifest) -> Audio:
        """Speech at `rate`, said again, marked and with the manifest. `AudioError` where no mark holds."""
        spoken = self._converter.convert(audio.samples, self._voice.embedding, register=self._voice.register)
        samples = self._vocoder.vocode(spoken.mel, spoken.f0, seed=self._seed)
        return seal(Audio(normalise_level(samples), self._vocoder.spec.rate), manifest, fresh=True)


class LiveConversion:
    """Speech that is still coming in, at `rate` Hz: what is cut off it, and what becomes of that.

    The two are apart so that a server can cut as sound comes in and convert where it has room. All that is made carries
    one manifest. Calls must not overlap.
    """

    def __init__(self, conversion: Conversion, manifest: Manifest, rate: int) -> None:
        self._conversion, self._manifest = conversion, manifest
        self._cutter = UtteranceCutter(rate)

    @property
    def rate(self) -> int:
        """Hz of what is made."""
        return self._conversion.made_rate

    @property
    def manifest(self) -> dict[str, Any]:
        """What stands at the head of what is sent while it is made: all but what is known only at its end."""
        facts = {"mark": MARK, "payload": self._manifest.own_payload(), "rate": self.rate}
        return self._manifest.model_copy(update=facts).mapping()

    def at(self, rate: int) -> "LiveConversion":
        """The same, from its beginning, for speech at another rate."""
        return LiveConversion(self._conversion, self._manifest, rate)

    def add(self, block: Floats) -> list[Utterance]:
        """Take in samples; the utterances that ended in them. See `UtteranceCutter.add`."""
        return self._cutter.add(block)

    def end(self) -> list[Utterance]:
        """There is no more: the last utterance."""
        return self._cutter.end()

    def convert(self, utterance: Utterance) -> Audio | None:
        """The utterance in the other voice; nothing, and a `UserWarning`, where no mark holds in it."""
        try:
            return self._conversion.convert(utterance.audio.resampled(self._conversion.rate), self._manifest)
        except AudioError as problem:
            seconds = utterance.start / utterance.audio.rate
            warnings.warn(f"what was said at {seconds:.1f} s is left out: {problem}", stacklevel=2)
            return None

    def stream(self, blocks: Iterable[Floats]) -> Iterator[Audio]:
        """What is made of all blocks, each piece as soon as its utterance has ended."""
        for block in blocks:
            yield from self._made(self.add(block))
        yield from self._made(self.end())

    def _made(self, utterances: list[Utterance]) -> Iterator[Audio]:
        for utterance in utterances:
            made = self.convert(utterance)
            if made is not None:
                yield made
