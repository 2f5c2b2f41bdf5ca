"""All kinds by name, in the order in which sound travels: mouth, room, microphone, editor, codec."""

from voxproof.degradation.bandwidth import band_limit, bandwidth
from voxproof.degradation.codecs import call, codec, telephone
from voxproof.degradation.distortion import distortion
from voxproof.degradation.filtering import filtering
from voxproof.degradation.kind import Degradation
from voxproof.degradation.level import clipping, gain, normalisation, offset
from voxproof.degradation.noise import babble, hum, music_bed, noise
from voxproof.degradation.quantisation import quantisation
from voxproof.degradation.rawboost import convolutive_noise, signal_dependent_noise, stationary_noise
from voxproof.degradation.room import far_field, room
from voxproof.degradation.silence import padding, pauses, trimming
from voxproof.degradation.speed import speed

KINDS: dict[str, Degradation] = {
    "speed": speed,
    "pauses": pauses,
    "room": room,
    "far_field": far_field,
    "babble": babble,
    "noise": noise,
    "filtering": filtering,
    "distortion": distortion,
    "convolutive_noise": convolutive_noise,
    "signal_dependent_noise": signal_dependent_noise,
    "stationary_noise": stationary_noise,
    "hum": hum,
    "offset": offset,
    "trimming": trimming,
    "padding": padding,
    "music_bed": music_bed,
    "normalisation": normalisation,
    "gain": gain,
    "clipping": clipping,
    "bandwidth": bandwidth,
    "band_limit": band_limit,
    "quantisation": quantisation,
    "telephone": telephone,
    "call": call,
    "codec": codec,
}
