"""libsndfile in one direction."""

import soundfile


class SequentialFile(soundfile.SoundFile):  # type: ignore[misc]
    """A `soundfile.SoundFile` that is read or written from the start to the end.

    After each block soundfile seeks to where it already is, which makes an MP3 decoder lose the bits that it keeps for
    the next frame (and complain on stderr), and an Opus decoder start afresh. Not seekable, it goes on instead.
    """

    def seekable(self) -> bool:
        """No."""
        return False
