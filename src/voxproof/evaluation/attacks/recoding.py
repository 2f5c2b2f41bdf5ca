"""Through a codec at a rate so low that much is thrown away, traces of generators among it."""

from voxproof.degradation.codecs.ffmpeg import amr_nb, mp3, opus
from voxproof.evaluation.attacks.attack import Attack

ATTACKS = (
    Attack("opus 6 kbit/s", "Opus for calls at 6 kbit/s", lambda samples, rng: opus(samples, 6_000, voip=True)),
    Attack("opus 12 kbit/s", "Opus for calls at 12 kbit/s", lambda samples, rng: opus(samples, 12_000, voip=True)),
    Attack("amr-nb 4.75 kbit/s", "the worst mode of GSM telephones, 8 kHz", lambda samples, rng: amr_nb(samples, 4750)),
    Attack("mp3 16 kbit/s", "MP3 at 16 kbit/s", lambda samples, rng: mp3(samples, 16_000)),
)
