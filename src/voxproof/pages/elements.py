"""Parts of a page: the document around it, players that carry their sound, pictures that follow the reader's theme."""

import base64
import html
import io

import soundfile

from voxproof.audio import Audio
from voxproof.errors import AudioError
from voxproof.pages.style import STYLE


def document(title: str, body: str, style: str = "") -> str:
    """A whole page. `title` is text, `body` HTML, `style` what comes on top of the common style."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{STYLE}{style}</style></head><body>{body}</body></html>\n"
    )


def player(audio: Audio, label: str) -> str:
    """An audio element that carries its sound as FLAC, at half the size of WAV. `label` is HTML already."""
    box = io.BytesIO()
    try:
        soundfile.write(box, audio.samples, audio.rate, format="FLAC", subtype="PCM_16")
    except soundfile.SoundFileError as reason:
        raise AudioError(f"cannot put the sound into the report: {reason}") from reason
    sound = base64.b64encode(box.getvalue()).decode()
    return f'<audio controls preload="none" aria-label="{label}" src="data:audio/flac;base64,{sound}"></audio>'


def themed_picture(light: bytes, dark: bytes, alt: str, attributes: str = "") -> str:
    """A picture element of two PNGs, one for each theme of the reader's system.

    `alt` and `attributes` (more of the image's) are HTML already.
    """
    at_night = "screen and (prefers-color-scheme: dark)"  # paper is always light
    return (
        f'<picture><source media="{at_night}" srcset="data:image/webp;base64,{_webp(dark)}">'
        f'<img alt="{alt}"{attributes and " " + attributes} src="data:image/webp;base64,{_webp(light)}"></picture>'
    )


def _webp(png: bytes) -> str:
    """The picture in base64, a tenth as large as the PNG of a spectrogram."""
    from PIL import Image

    box = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(box, "WEBP", quality=80)
    return base64.b64encode(box.getvalue()).decode()
