"""The row's clip, said as it is, in the voice of another speaker."""

from voxproof.audio import Audio, speech_segments
from voxproof.conversion import load_converter
from voxproof.datasets.build.makers.base import Made, Maker, maker
from voxproof.datasets.build.makers.sealing import payload, sealed
from voxproof.datasets.build.makers.sounds import read_clip, voice_of
from voxproof.datasets.build.orders import ConvertOrder
from voxproof.datasets.build.plan import Plan
from voxproof.datasets.build.units import Unit
from voxproof.errors import AudioError, VoxproofError
from voxproof.features.level import normalise_level
from voxproof.provenance import Source
from voxproof.vocoders import load_vocoder


@maker("convert")
class ConvertMaker(Maker):
    """By any converter, through the default vocoder, as `voxproof.convert` does it."""

    family = "vc"

    def __init__(self, order: ConvertOrder, plan: Plan) -> None:
        super().__init__(order, plan)
        self._converter, self._vocoder = load_converter(order.engine), load_vocoder()
        self.engine = order.engine
        self.cards = tuple(part.card for part in (self._converter, self._vocoder) if hasattr(part, "card"))

    def make(self, unit: Unit) -> Made:
        """See `Maker.make`."""
        voice, reference = voice_of(unit.voice)
        if voice.encoder not in self._converter.encoders:
            raise VoxproofError(f"{self.engine} does not understand voices of {voice.encoder}")
        audio = read_clip(unit.sound)
        if not speech_segments(audio):
            raise AudioError("there is no speech to convert")
        source = Source.of(audio, "speech", unit.sound.sound.rpartition("/")[2])
        audio = audio.resampled(self._converter.spec.rate)
        spoken = self._converter.convert(audio.samples, voice.embedding, register=voice.register)
        samples = self._vocoder.vocode(spoken.mel, spoken.f0, seed=unit.seed)
        said = Audio(normalise_level(samples), self._vocoder.spec.rate)
        made = sealed(said, "conversion", self, unit, voice, (source, reference))
        other = unit.speaker
        whose = {name: getattr(other, name) for name in ("speaker", "gender", "age", "accent")} if other else {}
        return Made(made, whose, {"watermark": payload(made)}, voice.notes)
