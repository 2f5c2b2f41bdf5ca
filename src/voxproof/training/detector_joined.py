"""Clips of one speaker and one label, joined: an earlier system's way to fill a window of 30 s.

Joined clips give the network more speech to look at than one clip repeated. They also give it more of the speaker, and
of the page that they were published on, so this is an option and not the rule.
"""

import numpy as np
from numpy.typing import NDArray

from voxproof.training.detector_data import Clip, PackedClips


class JoinedClips:
    """Packed clips whose crops go on with other clips of the same speaker, label, page and coding."""

    def __init__(self, pack: PackedClips) -> None:
        self.pack = pack
        self._groups: dict[tuple[str, ...], list[int]] = {}
        for place, clip in enumerate(pack.clips):
            self._groups.setdefault(self._voice(clip, place), []).append(place)

    @staticmethod
    def _voice(clip: Clip, place: int) -> tuple[str, ...]:
        # Speakers are named within a page alone, and a clip whose speaker is not told stands for itself.
        return (clip.page, clip.coding, clip.label, clip.speaker or f"#{place}")

    def crop(self, index: int, samples: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """`samples` of speech that begin with a clip and go on with others, all repeated where they do not suffice."""
        if self.pack.length(index) >= samples:
            return self.pack.crop(index, samples, rng)
        others = [place for place in self._groups[self._voice(self.pack.clips[index], index)] if place != index]
        parts, length = [self.pack[index]], self.pack.length(index)
        for place in rng.permutation(others):
            if length >= samples:
                break
            parts.append(self.pack[int(place)])
            length += len(parts[-1])
        return np.resize(np.concatenate(parts), samples)
