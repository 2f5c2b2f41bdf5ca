"""The pages by name, and where they are; told without Gradio."""

from collections.abc import Collection

from voxproof.server.settings import Feature

PAGES: tuple[tuple[str, tuple[Feature, ...]], ...] = (
    ("Detect", ("detections",)),
    ("Clone", ("speech",)),
    ("Convert", ("conversions",)),
    ("Voices", ("speech", "conversions")),
    ("Compare", ()),
    ("About", ()),
)
"""Each with the features of which it needs one."""


def names(features: Collection[Feature]) -> list[str]:
    """The pages of a server with these features; the first one is its front page."""
    return [name for name, needed in PAGES if not needed or any(one in features for one in needed)]


def paths(features: Collection[Feature]) -> frozenset[str]:
    """Where they are, with and without a slash at the end."""
    found = ["/", *(f"/{name.lower()}" for name in names(features)[1:])]
    return frozenset([*found, *(f"{path}/" for path in found[1:])])
