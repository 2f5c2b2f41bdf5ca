"""The demo's page: players, verdicts and pictures in one HTML file that needs nothing beside it."""

import base64
import html
from importlib import resources
from string import Template
from typing import TYPE_CHECKING

from voxproof import __version__
from voxproof.audio import Audio
from voxproof.audio.writing import wav_bytes
from voxproof.detection.picture import picture_of
from voxproof.pages import themed_picture

if TYPE_CHECKING:
    from voxproof.cli.demo.making import Clip, Demo

LONGEST_PLAYED = 60.0  # seconds in the page; the whole lies beside it
_LABELS = {"real": "judged real", "fake": "judged fake", "uncertain": "uncertain"}
_ORIGIN = (
    "The two real voices are LibriVox volunteers from LibriSpeech (Panayotov et al., 2015), "
    '<a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>.'
)
_ORIGIN_OWN = (
    "The first voice is the recording that you gave; the other is a LibriVox volunteer from LibriSpeech "
    '(Panayotov et al., 2015), <a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>.'
)


def page_of(made: "Demo", *, own_voice: bool) -> str:
    """The page as text: no script, nothing from elsewhere, light or dark as the reader's system."""
    template = Template(resources.files(__package__).joinpath("page.html").read_text(encoding="utf-8"))
    sections = [_section(clip) for clip in made.clips]
    return template.substitute(
        cloning="\n".join(sections[:2]),
        converting="\n".join(sections[2:]),
        seconds=f"{made.voice.seconds:.0f}",
        rtf=f"{made.rtf:.2f}",
        spoken=f"{made.clips[1].audio.duration:.1f}",
        took=f"{made.speaking_seconds:.1f}",
        origin=_ORIGIN_OWN if own_voice else _ORIGIN,
        version=__version__,
        model=html.escape(made.clips[0].verdict.model),
        card=made.clips[0].verdict.card_sha256[:12],
    )


def _section(clip: "Clip") -> str:
    name, title = html.escape(clip.path.name), html.escape(clip.title[:1].upper() + clip.title[1:])
    verdict = clip.verdict
    percent = f"{100 * verdict.probability:.0f}"
    picture = themed_picture(*picture_of(clip.audio, verdict), f"Waveform, spectrogram and score over time of {name}")
    kept = Audio(clip.audio.samples[: round(LONGEST_PLAYED * clip.audio.rate)], clip.audio.rate)
    sound = base64.b64encode(wav_bytes(kept)).decode()
    manifest = ""
    if clip.audio.manifest is not None:
        manifest = f'<dt>Manifest</dt><dd><a href="{name}.json">{name}.json</a> says how it was made</dd>'
    mark = f"found, number {clip.mark}: a machine made this" if clip.mark else "none"
    warnings = "".join(f"<dt>Note</dt><dd>{html.escape(one.message)}</dd>" for one in verdict.warnings)
    return f"""<article>
<h3>{title} <span class="label {verdict.label}">{_LABELS[verdict.label]}</span></h3>
<p>{html.escape(clip.about)}</p>
<audio controls preload="metadata" aria-label="{title}" src="data:audio/wav;base64,{sound}"></audio>
<dl>
<dt>By its sound alone</dt>
<dd><span class="bar" role="img" aria-label="{percent} percent"><span style="width:{percent}%"></span></span>
{percent} % likely to be synthetic</dd>
<dt>Watermark</dt><dd>{mark}</dd>
{manifest}{warnings}
</dl>
{picture}
<p class="small"><a href="{name}">{name}</a>, {clip.audio.duration:.1f} s</p>
</article>"""
