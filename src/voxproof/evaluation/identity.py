"""What made a clone: a short name for engine, weights and code, so that old clones are never measured as new ones."""

import hashlib
import json
from pathlib import Path

import voxproof
from voxproof.models import cards, is_path, load_card

# All that stands between a text and a file; what lies to the right of it cannot change a clone.
FOLDERS = (
    "audio", "features", "text", "models", "speakers", "synthesis", "conversion", "vocoders", "bandwidth_extension",
    "cloners", "provenance",
)  # fmt: skip
KINDS = ("speaker-encoder", "content-encoder", "synthesizer", "converter", "vocoder", "bandwidth-extension", "cloner")


def identity(engine: str, bank: Path) -> str:
    """Twelve hexadecimal digits over the engine's name, all weights by hash, the code and the bank's manifest."""
    digest = hashlib.sha256()
    digest.update(engine.encode())
    weights = {card.name: [file.sha256 for file in card.files] for kind in KINDS for card in cards(kind)}
    weights |= {part: [load_card(part).sha256] for part in engine.split("+") if is_path(part)}
    digest.update(json.dumps(weights, sort_keys=True).encode())
    package = Path(voxproof.__file__).parent
    for path in [package / "api.py", *(path for name in FOLDERS for path in sorted((package / name).rglob("*.py")))]:
        if path.is_file():
            digest.update(path.read_bytes())
    for name in ("manifest.tsv", "texts.tsv"):
        digest.update((bank / name).read_bytes())
    return digest.hexdigest()[:12]
