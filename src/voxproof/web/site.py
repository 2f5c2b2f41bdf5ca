"""All pages as one application of Gradio."""

from collections.abc import Callable

import gradio as gr

from voxproof.web.about import about
from voxproof.web.clone import clone
from voxproof.web.compare import compare
from voxproof.web.convert import convert
from voxproof.web.desk import Desk
from voxproof.web.detect import detect
from voxproof.web.names import names
from voxproof.web.voices import voices

_BUILDERS: dict[str, Callable[[Desk, gr.Blocks], None]] = {
    "Detect": detect,
    "Clone": clone,
    "Convert": convert,
    "Voices": voices,
    "Compare": compare,
    "About": about,
}


def site(desk: Desk) -> gr.Blocks:
    """The pages of this server, the first one at its root."""
    first, *others = names(desk.settings.features)
    with gr.Blocks(title=f"Voxproof: {first.lower()}", analytics_enabled=False) as blocks:
        gr.Navbar(main_page_name=first)
        _BUILDERS[first](desk, blocks)
    for name in others:
        with blocks.route(name, name.lower()):
            gr.Navbar(main_page_name=first)
            _BUILDERS[name](desk, blocks)
    # How much is done at once is for the server's workers to say.
    blocks.queue(default_concurrency_limit=None, api_open=False)
    return blocks
