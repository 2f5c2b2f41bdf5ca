"""Components as all pages use them."""

from pathlib import Path
from typing import Any

import gradio as gr

# `detection.picture.time_attributes` says where time begins and ends in a picture.
_SEEK = """
element.addEventListener("click", event => {
  const picture = event.target.closest("img[data-seconds]");
  const sound = picture && picture.closest("section").querySelector("audio");
  if (!sound) return;
  const box = picture.getBoundingClientRect();
  const { begin, end, seconds } = picture.dataset;
  const share = ((event.clientX - box.left) / box.width - begin) / (end - begin);
  sound.currentTime = Math.min(1, Math.max(0, share)) * seconds;
  sound.play();
});
"""


def text(value: str = "", **options: Any) -> gr.HTML:
    """HTML of ours, in the style of the pages. It runs no script."""
    return gr.HTML(value, elem_classes="voxproof", js_on_load=None, apply_default_css=False, **options)


def seekable(**options: Any) -> gr.HTML:
    """A section about a recording, whose picture plays from where it is clicked. Gradio has no such picture."""
    return gr.HTML(elem_classes="voxproof seekable", js_on_load=_SEEK, apply_default_css=False, **options)


def recording(label: str, **options: Any) -> gr.Audio:
    """A recording that is uploaded or made here; handlers get its path."""
    return gr.Audio(label=label, type="filepath", sources=["upload", "microphone"], buttons=[], **options)


class Made:
    """A finished sound to hear and to take away with its manifest; all of it is hidden until there is one."""

    def __init__(self, label: str) -> None:
        self.whole = gr.Audio(label=label, type="filepath", interactive=False, visible=False, buttons=[])
        with gr.Row():
            self.sound, self.manifest = download("Download sound"), download("Download manifest")
        self.outputs = [self.whole, self.sound, self.manifest]

    def cleared(self) -> dict[Any, Any]:
        """The changes that hide what was made before."""
        return {part: hidden(type(part)) for part in self.outputs}

    def given(self, target: Path) -> dict[Any, Any]:
        """The changes that show a file, whose manifest lies beside it."""
        values = (target, target, f"{target}.json")
        return {part: shown(type(part), value) for part, value in zip(self.outputs, values, strict=True)}


def download(label: str) -> gr.DownloadButton:
    """A file to take away, hidden until there is one."""
    return gr.DownloadButton(label, visible=False)


def shown(component: type[Any], value: Any) -> Any:
    """The change that gives a hidden component its value and shows it."""
    return component(value=str(value), visible=True)


def hidden(component: type[Any]) -> Any:
    """The change that takes a component's value and hides it."""
    return component(value=None, visible=False)
