"""What a clone costs here and in Pocket TTS (github.com/kyutai-labs/pocket-tts, MIT), one after the other.

    pip install pocket-tts
    python benchmarks/rivals.py

Pocket TTS runs with random weights of its true sizes, since its own cannot be had without a network: time does not hang
on what weights are, quality does, so only time and memory are compared. Its end of speech is switched off and it speaks
as long as it thinks that the text takes. Its tokenizer is trained on the text here, to as many entries as its own has.
Each runs in a process of its own: once to warm up, then five times; medians.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from voxproof.evaluation.report import Report, Table, command_line

RESULTS = Path(__file__).parent / "results"
VOICE = Path(__file__).parent.parent / "examples" / "voices" / "anna.flac"
TEXT = (
    "The ferry leaves the old harbour at twenty past seven, and whoever misses it has to wait until noon. "
    "On clear days you can see the lighthouse from the kitchen window, white against the grey water."
)
POCKET = {
    "Pocket TTS 100 M": "english_2026-10",
    "Pocket TTS 18 M": "english_18m_2026-10",
    "Pocket TTS 2 M": "english_2m_2026-10",
}
REPEATS = 5

Speak = Callable[[], Iterator[float]]  # seconds of sound of each piece


def native() -> tuple[Speak, int]:
    """The shipped cloner; its parameters."""
    import voxproof
    from voxproof.models import load_card

    voice = voxproof.enroll(VOICE)
    cards = [load_card(name) for name in ("cantor", "pulsar")]

    def speak() -> Iterator[float]:
        for piece in voxproof.clone(TEXT, voice, stream=True):
            yield piece.duration

    return speak, sum(int(card.config["parameters"]) for card in cards)


def pocket(name: str) -> tuple[Speak, int]:
    """One size of Pocket TTS with random weights; its parameters."""
    import pocket_tts
    import torch
    import yaml
    from pocket_tts import TTSModel

    torch.manual_seed(0)
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    config = yaml.safe_load((Path(pocket_tts.__file__).parent / "config" / f"{POCKET[name]}.yaml").read_text())
    with tempfile.TemporaryDirectory() as folder:
        for key in ("weights_path", "weights_path_without_voice_cloning"):
            config.pop(key, None)
        table = config["flow_lm"]["lookup_table"]
        table |= {"tokenizer": "tokenizers", "tokenizer_path": str(Path(folder) / "tokenizer.json")}
        _train_tokenizer(Path(table["tokenizer_path"]), int(table["n_bins"]))
        path = Path(folder) / "config.yaml"
        path.write_text(yaml.safe_dump(config))
        model = TTSModel.load_model(config=path, eos_threshold=float("inf"))
    prompt = torch.randn(1, 10 * model.sample_rate) * 0.05
    state = model.get_state_for_audio_prompt(prompt)

    def speak() -> Iterator[float]:
        for piece in model.generate_audio_stream(state, TEXT):
            yield piece.shape[-1] / model.sample_rate

    return speak, sum(p.numel() for p in model.parameters())


def _train_tokenizer(path: Path, size: int) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    # Words of English prose, so that a word is about one token, as with the tokenizer that it comes with.
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=["<unk>"])
    tokenizer.train_from_iterator([TEXT, readme], trainer)
    tokenizer.add_tokens([f"<{n}>" for n in range(size - tokenizer.get_vocab_size())])
    tokenizer.save(str(path))


def measure(name: str) -> dict[str, Any]:
    """Warm figures of one engine, in this process."""
    speak, parameters = native() if name == "native" else pocket(name)
    for _ in speak():
        pass
    rtf, first = [], []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        seconds, heard = 0.0, 0.0
        for piece in speak():
            heard = heard or time.perf_counter() - begin
            seconds += piece
        rtf.append((time.perf_counter() - begin) / seconds)
        first.append(heard)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"parameters": parameters, "rtf": median(rtf), "first": median(first), "memory": memory, "seconds": seconds}


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("engines", nargs="*", default=["native", *POCKET])
    cli.add_argument("--threads", type=int, default=2)
    cli.add_argument("--out", type=Path, default=RESULTS / "rivals.md")
    cli.add_argument("--one", help=argparse.SUPPRESS)
    args = cli.parse_args()
    if args.one:
        print(json.dumps(measure(args.one)))
        return
    threads = str(args.threads)
    environment = {**os.environ, "OMP_NUM_THREADS": threads, "VOXPROOF_THREADS": threads}
    rows, figures = [], {}
    for name in args.engines:
        command = [sys.executable, __file__, "--one", name]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{name}: {done.stderr.strip().splitlines()[-1]}")
        found = json.loads(done.stdout.strip().splitlines()[-1])
        figures[name] = found
        rows.append(
            [
                name,
                f"{found['parameters'] / 1e6:.1f} M",
                f"{found['rtf']:.3f}",
                f"{1000 * found['first']:.0f} ms",
                f"{found['memory']:.0f} MiB",
                f"{found['rtf'] / figures[args.engines[0]]['rtf']:.1f}",
            ]
        )
        print(rows[-1], file=sys.stderr, flush=True)
    head = ["engine", "parameters", "RTF", "first sound", "peak memory", f"times the RTF of {args.engines[0]}"]
    note = f"{threads} threads; two sentences, streamed; RTF: work for a second of sound. Pocket TTS: random weights."
    command = command_line("python benchmarks/rivals.py")
    report = Report("Cost beside Pocket TTS", [Table("Cost", head, rows, note)], figures, {"Intervals": ""}, command)
    report.save(args.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
