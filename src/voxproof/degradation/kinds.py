"""All kinds by name, in the order in which sound travels: the room before the codec."""

from voxproof.degradation.bandwidth import bandwidth
from voxproof.degradation.codecs import codec
from voxproof.degradation.distortion import distortion
from voxproof.degradation.filtering import filtering
from voxproof.degradation.kind import Degradation
from voxproof.degradation.noise import noise
from voxproof.degradation.quantisation import quantisation
from voxproof.degradation.rawboost import signal_dependent_noise
from voxproof.degradation.room import room
from voxproof.degradation.silence import pauses
from voxproof.degradation.speed import speed

KINDS: dict[str, Degradation] = {
    "speed": speed,
    "filtering": filtering,
    "distortion": distortion,
    "room": room,
    "signal_dependent_noise": signal_dependent_noise,
    "noise": noise,
    "pauses": pauses,
    "bandwidth": bandwidth,
    "quantisation": quantisation,
    "codec": codec,
}
