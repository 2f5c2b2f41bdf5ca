"""One clone on the page: whose voice, what was asked and heard, players, pictures."""

import html
from collections.abc import Sequence

from voxproof.audio import Audio
from voxproof.cloners import TimedPhoneme
from voxproof.evaluation.clone_picks import Pick
from voxproof.evaluation.clone_picture import LONGEST_DRAWN, speech_pictures
from voxproof.evaluation.normaliser import normalise
from voxproof.evaluation.passage import align
from voxproof.pages import player, themed_picture

RATE = 16_000  # Hz, of all sound in the page
# Seconds of sound in the page: what is cut is said beside the player.
REFERENCE_PLAYED, REAL_PLAYED, CLONE_PLAYED = 10.0, 12.0, 25.0


def section(pick: Pick, phonemes: Sequence[TimedPhoneme] = ()) -> str:
    """The clone as one HTML section; `phonemes` are the clone's, in its own time."""
    clone, found = pick.clone, pick.measures
    speaker = clone.speaker
    name = html.escape(speaker.name)
    about = html.escape(", ".join(part for part in (speaker.gender, speaker.accent) if part))
    real = speaker.real[0]
    reasons = "".join(f'<span class="label why">{html.escape(reason)}</span>' for reason in pick.reasons)
    length = "all there is" if clone.length == "all" else f"{clone.length} s"
    facts = {
        "Asked": html.escape(found.text),
        "Heard by the recogniser": html.escape(found.heard) or "nothing",
        "Differences": _differences(found.text, found.heard),
        "Word errors": f"{found.words.edits} of {found.words.length} words",
        "Likeness": f"{pick.likeness:.2f} (0: another voice of the same gender, 1: the speaker)",
        "DistillMOS": f"{found.distillmos:.2f} (1: bad, 5: excellent)",
    }
    return (
        f"<section><h3>{name} <small>({about})</small></h3><p>{reasons}</p>"
        f"<dl>{''.join(f'<dt>{what}</dt><dd>{said}</dd>' for what, said in facts.items())}</dl>"
        f'<div class="voices"><div><h4>Reference, {length}</h4>'
        f"{_played(speaker.reference(clone.length), f'reference of {name}', REFERENCE_PLAYED)}</div>"
        f"<div><h4>A real sentence</h4>{_played(real.audio(), f'real sentence of {name}', REAL_PLAYED)}"
        f'<p class="small">{html.escape(real.text)}</p></div></div>'
        f"{_drawn(real.audio(), f'the real sentence of {name}')}"
        f"<h4>The clone</h4>{_played(clone.audio(), f'clone of {name}', CLONE_PLAYED)}"
        f"{_drawn(clone.audio(), f'the clone of {name}', phonemes)}</section>"
    )


def _played(audio: Audio, what: str, seconds: float) -> str:
    """A player of at most that many seconds, which says so where it cuts. `what` is HTML already."""
    shown = audio.resampled(RATE)
    if shown.duration <= seconds:
        return player(shown, what)
    cut = Audio(shown.samples[: round(seconds * RATE)], RATE)
    return player(cut, f"{what}, its first {seconds:.0f} s") + f'<p class="small">The first {seconds:.0f} s.</p>'


def _drawn(audio: Audio, what: str, phonemes: Sequence[TimedPhoneme] = ()) -> str:
    beneath = ", and its phonemes as long as each lasts" if phonemes else ""
    start = f", first {LONGEST_DRAWN:.0f} s" if audio.duration > LONGEST_DRAWN else ""
    said = f"Mel spectrogram and pitch of {what}{beneath}{start}"
    caption = f'<figcaption class="small">{said}.</figcaption>'
    return f"<figure>{themed_picture(*speech_pictures(audio, phonemes), said)}{caption}</figure>"


def _differences(asked: str, heard: str) -> str:
    """What was heard for what, as HTML; case, punctuation and spelling do not count."""
    found = differences(asked, heard)
    if not found:
        return "none"
    return "; ".join(f"<del>{html.escape(one) or '&#8709;'}</del> &#8594; {html.escape(other) or '&#8709;'}"
                     for one, other in found)  # fmt: skip


def differences(asked: str, heard: str) -> list[tuple[str, str]]:
    """Stretches of words that differ: what was asked, what was heard in its place; one of them may be empty."""
    wanted, got = normalise(asked).split(), normalise(heard).split()
    partner = [*align(wanted, got), len(got)]
    found: list[tuple[str, str]] = []
    start, before = 0, 0
    for place, other in enumerate(partner):
        same = place == len(wanted) or (other >= 0 and got[other] == wanted[place])
        if not same:
            continue
        if wanted[start:place] or got[before:other]:
            found.append((" ".join(wanted[start:place]), " ".join(got[before:other])))
        start, before = place + 1, other + 1
    return found
