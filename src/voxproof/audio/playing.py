"""Playing through whichever player the computer has."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from voxproof.audio.sound import Audio
from voxproof.errors import AudioError

PLAYERS = (
    ("afplay",),
    ("pw-play",),
    ("paplay",),
    ("aplay", "-q"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"),
    ("play", "-q"),
)


def play(audio: Audio) -> None:
    """Play and wait for the end. `AudioError` if there is no player, or if it fails (no sound card, say)."""
    player = next((command for command in PLAYERS if shutil.which(command[0])), None)
    if player is None:
        names = ", ".join(command[0] for command in PLAYERS)
        raise AudioError(f"cannot play: none of {names} is installed; save the audio and open the file instead")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "audio.wav"
        Audio(audio.samples, audio.rate).save(path)
        try:
            subprocess.run([*player, str(path)], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as reason:
            raise AudioError(f"cannot play: {player[0]} failed; is there a sound card?") from reason
