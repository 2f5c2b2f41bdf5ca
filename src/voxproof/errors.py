"""The one family of errors: a message says what was wrong, where, and what to do.

The command line prints the message in one line and leaves with `exit_code`; a program catches `VoxproofError`.
"""


class VoxproofError(Exception):
    """Whatever Voxproof refuses to do, with the reason in one line."""

    exit_code = 2


class AudioError(VoxproofError):
    """Audio that cannot be read, is out of bounds, or does not hold what is needed (speech, say)."""


class TextError(VoxproofError):
    """Text with nothing in it that can be spoken."""


class ModelError(VoxproofError):
    """A model that is missing, broken or not what its card says."""

    exit_code = 3


class ConsentError(VoxproofError):
    """A clone that was asked for without the consent that it needs."""


class CorpusError(VoxproofError):
    """A corpus whose files are not laid out as they should be, or a recipe that names data that is not there."""
