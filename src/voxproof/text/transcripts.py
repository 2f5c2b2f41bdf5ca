"""Transcripts of corpora as a sentence would be written."""


def as_sentence(text: str) -> str:
    """Lower case where a transcript shouts, a full stop where it has no end."""
    text = text.strip()
    text = text.lower() if text.upper() == text else text
    return text if text[-1:] in ".,;:!?" else f"{text}."
