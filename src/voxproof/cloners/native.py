"""Our own cloner: phonemes and the voice's embedding to mel (synthesizer), mel to waveform (vocoder)."""

from collections.abc import Iterator

import numpy as np

from voxproof.audio import Audio
from voxproof.cloners.base import Cloner, check_speed, cloners
from voxproof.cloners.delivery import Delivery, levelled, warn_of_what_is_not_done
from voxproof.cloners.pauses import with_pause
from voxproof.cloners.timing import TimedPiece, timed_phonemes
from voxproof.errors import VoxproofError
from voxproof.speakers import Voice
from voxproof.synthesis import load_synthesizer
from voxproof.text import Pronunciations, plan
from voxproof.vocoders import load_vocoder

_FADE_SECONDS = 0.01  # at both ends of a sentence, so that no step is heard


@cloners.register("native")
class NativeCloner(Cloner):
    """`stream` has one piece a sentence, with the pause that follows it."""

    def __init__(self, synthesizer: str = "cantor", vocoder: str = "pulsar") -> None:
        self.synthesizer = load_synthesizer(synthesizer)
        self.vocoder = load_vocoder(vocoder)
        usual = (synthesizer, vocoder) == ("cantor", "pulsar")
        self.name = "native" if usual else f"{self.synthesizer.name}+{self.vocoder.name}"
        if self.synthesizer.spec != self.vocoder.spec:
            raise VoxproofError(f"{synthesizer} and {vocoder} do not fit: they are made for different mels")
        self.rate = self.vocoder.spec.rate
        self.times_phonemes = self.synthesizer.changes_within  # it says which frames are whose
        self.cards = tuple(part.card for part in (self.synthesizer, self.vocoder) if hasattr(part, "card"))

    def stream(
        self,
        text: str,
        voice: Voice,
        *,
        speed: float = 1.0,
        seed: int = 0,
        pronunciations: Pronunciations | None = None,
    ) -> Iterator[Audio]:
        """See `Cloner.stream`."""
        stream = self.timed_stream(text, voice, speed=speed, seed=seed, pronunciations=pronunciations)
        return (piece.audio for piece in stream)

    def timed_stream(
        self,
        text: str,
        voice: Voice,
        *,
        speed: float = 1.0,
        seed: int = 0,
        pronunciations: Pronunciations | None = None,
    ) -> Iterator[TimedPiece]:
        """See `Cloner.timed_stream`."""
        check_speed(speed)
        encoders = self.synthesizer.encoders
        if voice.encoder not in encoders:
            raise VoxproofError(
                f"voice {voice.name!r} was enrolled with {voice.encoder}, but {self.synthesizer.name} understands "
                f"{' and '.join(encoders)}: enroll it again"
            )
        utterances = plan(text, pronunciations)
        warn_of_what_is_not_done(utterances, self.synthesizer)
        register = voice.register
        return (
            self._say(one.phonemes, voice, register, Delivery.of(one, speed, self.synthesizer), seed + number)
            for number, one in enumerate(utterances)
        )

    def _say(self, phonemes: str, voice: Voice, register: float, how: Delivery, seed: int) -> TimedPiece:
        spec = self.synthesizer.spec
        spoken = self.synthesizer.synthesize(
            phonemes, voice.embedding, register=register, speed=how.speed, pitch=how.pitch, seed=seed
        )
        whole = with_pause(spoken, round(how.pause * spec.frame_rate))
        samples = levelled(self.vocoder.vocode(whole.mel, whole.f0, seed=seed), whole, how.volume, spec.hop)
        fade = min(len(samples) // 2, round(_FADE_SECONDS * self.rate))
        ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
        samples[:fade] *= ramp
        samples[len(samples) - fade :] *= ramp[::-1]
        return TimedPiece(Audio(samples, self.rate), timed_phonemes(whole, phonemes, spec))
