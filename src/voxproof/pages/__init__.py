"""What the HTML pages of the package share: one style, players, and pictures for light and for dark rooms.

A page is one file that needs nothing beside it: no script, no address outside, sound and pictures as data.
"""

from voxproof.pages.elements import document, player, themed_picture
from voxproof.pages.figure import DARK, LIGHT, Theme, figure_png, time_edges

__all__ = ["DARK", "LIGHT", "Theme", "document", "figure_png", "player", "themed_picture", "time_edges"]
