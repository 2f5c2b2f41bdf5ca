"""The server under load: detections a second, overload, memory, the first byte of speech, live conversion, the start.

    python benchmarks/serve.py

starts `voxproof serve` as often as it needs, asks it from this process, prints the tables and writes them to
benchmarks/results/serve.md (and .json). Run it on an idle machine. `--only start,speech` measures some parts again and
keeps the others, `--seconds` and `--requests` make them shorter.
"""

import argparse
import asyncio
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from voxproof.audio import Audio, read_audio
from voxproof.audio.utterances import AROUND_S, PAUSE_S
from voxproof.audio.writing import wav_bytes
from voxproof.cores import THREADS
from voxproof.evaluation.report import Report, Table, command_line, commit

RESULTS = Path(__file__).parent / "results"
VOICE = Path(__file__).parent.parent / "examples" / "voices" / "anna.flac"
PARTS = ("load", "overload", "batching", "memory", "speech", "live", "start")
TOGETHER = 8  # clips that would be batched
CLIENTS = (1, 8, 64)
CLIP_SECONDS = 5.0
WAITING = 8  # of the server that is overloaded
OVERLOAD = 4  # times as many requests a second as it can answer
MOST_OPEN = 256  # connections of the load generator
LIVE_SPEAKERS = ("anna", "carl", "dora")
LIVE_UTTERANCES = 2  # of a recording, at least
STARTS = 5
SENTENCES = (
    "Meet me at the harbour at a quarter to seven. The ferry will not wait for anybody.",
    "When the storm had passed, the villagers came out of their houses. Two boats had been thrown against the wall.",
)


@dataclass
class Server:
    """A server in a process of its own, and how long it took to be ready (seconds from the start of the process)."""

    url: str
    started: float
    process: "subprocess.Popen[bytes]"


@contextlib.contextmanager
def served(*options: str) -> Iterator[Server]:
    """`voxproof serve` with these options, ready."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "voxproof",
            "serve",
            "--no-pages",
            "--port",
            "0",
            "--json",
            "--folder",
            folder,
            *options,
        ]
        environment = {**_environment(), "VOXPROOF_HOME": str(Path(folder) / "home")}
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd=folder
        )
        try:
            assert process.stdout is not None
            url = json.loads(process.stdout.readline())["url"]
            with httpx.Client(base_url=url, trust_env=False) as client:
                while client.get("/ready").status_code != 200:
                    time.sleep(0.02)
            yield Server(url, time.perf_counter() - begun, process)
        finally:
            process.terminate()
            process.wait(60)


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key != "VOXPROOF_TOKEN"}


def clip() -> bytes:
    """Five seconds of real speech, 16-bit WAV."""
    speech = read_audio(VOICE)
    return wav_bytes(Audio(speech.samples[: int(CLIP_SECONDS * speech.rate)], speech.rate))


@contextlib.asynccontextmanager
async def asking(server: Server, clients: int) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx.AsyncClient(base_url=server.url, limits=limits, timeout=600.0, trust_env=False) as client:
        yield client


async def judged(client: httpx.AsyncClient, sound: bytes) -> tuple[str, float]:
    """The status of one detection ("lost" where no answer came) and its seconds."""
    begun = time.perf_counter()
    try:
        answer = await client.post("/v1/audio/detections", files={"file": ("clip.wav", io.BytesIO(sound))})
        status = str(answer.status_code)
    except httpx.HTTPError:
        status = "lost"
    return status, time.perf_counter() - begun


async def hammered(
    server: Server, clients: int, *, seconds: float = float("inf"), requests: int = sys.maxsize
) -> tuple[list[tuple[str, float]], float]:
    """Every client asks again as soon as it has its answer; all answers, and the seconds that it took."""
    sound = clip()
    answers: list[tuple[str, float]] = []
    begun = time.perf_counter()
    left = requests

    async def one(client: httpx.AsyncClient) -> None:
        nonlocal left
        while time.perf_counter() - begun < seconds and left > 0:
            left -= 1
            answers.append(await judged(client, sound))

    async with asking(server, clients) as client:
        await asyncio.gather(*(one(client) for _ in range(clients)))
    return answers, time.perf_counter() - begun


async def offered(server: Server, rate: float, seconds: float) -> list[tuple[str, float]]:
    """So many requests a second, whether the ones before are answered or not; all answers."""
    sound = clip()
    async with asking(server, MOST_OPEN) as client:
        begun = time.perf_counter()
        asked: list[asyncio.Task[tuple[str, float]]] = []
        for number in range(round(rate * seconds)):
            await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            asked.append(asyncio.create_task(judged(client, sound)))
        return await asyncio.gather(*asked)


def percentiles(seconds: list[float]) -> dict[str, float]:
    """p50, p95 and p99."""
    values = np.percentile(seconds, [50, 95, 99]) if seconds else [float("nan")] * 3
    return {name: float(value) for name, value in zip(("p50", "p95", "p99"), values, strict=True)}


def measure_load(seconds: float) -> tuple[Table, dict[str, Any]]:
    """Detections a second by the number of clients."""
    figures: dict[str, Any] = {}
    with served("--only", "detections", "--waiting", "128") as server:
        asyncio.run(hammered(server, 2, requests=10))
        for clients in CLIENTS:
            answers, took = asyncio.run(hammered(server, clients, seconds=seconds))
            good = [one for status, one in answers if status == "200"]
            figures[str(clients)] = {
                "per_second": len(good) / took,
                **percentiles(good),
                "answers": len(good),
                "others": len(answers) - len(good),
            }
    rows = [
        [clients, one["per_second"], one["p50"], one["p95"], one["p99"], one["answers"], one["others"]]
        for clients, one in figures.items()
    ]
    columns = ["clients", "detections/s", "p50 [s]", "p95 [s]", "p99 [s]", "answers", "other answers"]
    return Table("Detections of 5 s clips", columns, rows), figures


def measure_overload(seconds: float) -> tuple[Table, dict[str, Any]]:
    """Four times as many requests a second as the server can answer, evenly spaced."""
    places = 2 + WAITING
    with served("--only", "detections", "--waiting", str(WAITING), "--workers", "2") as server:
        asyncio.run(hammered(server, 2, requests=10))
        unloaded, _ = asyncio.run(hammered(server, 1, seconds=seconds / 2))
        full, took = asyncio.run(hammered(server, places, seconds=seconds / 2))
        capacity = sum(status == "200" for status, _ in full) / took
        answers = asyncio.run(offered(server, OVERLOAD * capacity, seconds))
        last = asyncio.run(hammered(server, 1, requests=1))[0][0][0]
    counts = Counter(status for status, _ in answers)
    alone = percentiles([one for _, one in unloaded])["p50"]
    accepted = percentiles([one for status, one in answers if status == "200"])
    turns = places / 2  # until the last in the line is done
    figures = {
        "capacity, requests/s": capacity,
        "offered, requests/s": OVERLOAD * capacity,
        "unloaded p50 [s]": alone,
        **{f"accepted {name} [s]": value for name, value in accepted.items()},
        "turns in the line": turns,
        "allowed p99 [s]": 2 * alone * turns,
        "p99 over allowed": accepted["p99"] / (2 * alone * turns),
        "accepted": counts["200"],
        "accepted a second": counts["200"] / seconds,
        "refused with 429": counts["429"],
        "refused p99 [s]": percentiles([one for status, one in answers if status == "429"])["p99"],
        "lost": len(answers) - counts["200"] - counts["429"],
        "answers afterwards": last == "200",
    }
    rows = [[name, value] for name, value in figures.items()]
    note = (
        f"{places} places (2 workers, {WAITING} waiting). The p99 of what is accepted may be 2 x unloaded p50 x turns "
        "in the line; `p99 over allowed` of at most 1 was asked."
    )
    return Table(f"{OVERLOAD} times as many requests as it can answer", ["figure", "value"], rows, note), figures


def measure_batching(repeats: int) -> tuple[Table, dict[str, Any]]:
    """What running the graphs of several detections together would save of the whole."""
    import onnxruntime

    from voxproof.detection import detect_audio

    os.environ[THREADS] = "1"  # as the server has it with a worker for each core; sessions are opened now
    speech = read_audio(io.BytesIO(clip()))
    detect_audio(speech)
    del os.environ[THREADS]
    calls: list[tuple[Any, dict[str, Any]]] = []
    run = onnxruntime.InferenceSession.run

    def recorded(self: Any, outputs: Any, feeds: dict[str, Any], *others: Any) -> Any:
        calls.append((self, feeds))
        return run(self, outputs, feeds, *others)

    onnxruntime.InferenceSession.run = recorded
    try:
        detect_audio(speech)
    finally:
        onnxruntime.InferenceSession.run = run

    whole = _median_of(lambda: detect_audio(speech), repeats)
    apart = together = 0.0
    for session, feeds in calls:
        one = _median_of(lambda session=session, feeds=feeds: session.run(None, feeds), repeats)
        stacked = {name: np.concatenate([np.atleast_1d(value)] * TOGETHER) for name, value in feeds.items()}
        try:
            many = _median_of(lambda session=session, stacked=stacked: session.run(None, stacked), repeats)
        except Exception:  # a graph that takes one clip at a time, such as one that keeps a state
            many = TOGETHER * one
        apart += one
        together += min(many / TOGETHER, one)
    figures = {
        "detection [ms]": 1000 * whole,
        "of it in graphs [ms]": 1000 * apart,
        f"in graphs if {TOGETHER} were run together [ms]": 1000 * together,
        "saved of the whole": (apart - together) / whole,
    }
    note = f"One thread; {len(calls)} runs of graphs a detection of a clip of {CLIP_SECONDS:.0f} s. The server does not"
    note += " batch: the first of a batch would wait for the last, for what the last row says."
    rows = [[name, value] for name, value in figures.items()]
    return Table("Would batching pay?", ["figure", "value"], rows, note), figures


def _median_of(action: Callable[[], object], repeats: int) -> float:
    found = []
    for _ in range(repeats):
        begun = time.perf_counter()
        action()
        found.append(time.perf_counter() - begun)
    return float(np.median(found))


def measure_memory(requests: int) -> tuple[Table, dict[str, Any]]:
    """Resident memory of the server after 100 requests and after many."""
    with served("--only", "detections", "--waiting", "64") as server:
        asyncio.run(hammered(server, 8, requests=100))
        early = _resident(server)
        asyncio.run(hammered(server, 8, requests=max(0, requests - 100)))
        late = _resident(server)
    figures = {"requests": requests, "early": early, "late": late, "growth": late / early - 1}
    rows = [["100", early / 2**20], [str(requests), late / 2**20]]
    return Table("Memory of the server", ["requests", "MiB resident"], rows), figures


def _resident(server: Server) -> float:
    text = httpx.get(f"{server.url}/metrics", trust_env=False).text
    return float(next(line.split()[1] for line in text.splitlines() if line.startswith("process_resident_memory")))


def measure_speech(repeats: int) -> tuple[Table, dict[str, Any]]:
    """From the request to the first byte of sound."""
    with served() as server, httpx.Client(base_url=server.url, timeout=600.0, trust_env=False) as client:
        form = {"name": "anna", "consent": "a public recording, used for a measurement"}
        client.post("/v1/audio/voices", data=form, files={"audio_sample": VOICE.read_bytes()}).raise_for_status()
        first: dict[str, list[float]] = {"pcm": [], "mp3": []}
        for number in range(repeats + 1):
            for format, found in first.items():
                said = {"voice": "anna", "input": SENTENCES[number % len(SENTENCES)], "response_format": format}
                begun = time.perf_counter()
                with client.stream("POST", "/v1/audio/speech", json=said) as answer:
                    pieces = answer.iter_raw()
                    next(pieces)
                    if number:  # the first one warms up
                        found.append(time.perf_counter() - begun)
                    for _ in pieces:
                        pass
    figures = {format: percentiles(found) for format, found in first.items()}
    rows = [[format, one["p50"], one["p95"], one["p99"]] for format, one in figures.items()]
    return Table("First byte of speech", ["format", "p50 [s]", "p95 [s]", "p99 [s]"], rows), figures


def measure_live(repeats: int) -> tuple[Table, dict[str, Any]]:
    """From the end of an utterance to its sound in the other voice, of a speaker who sends 20 ms at a time."""
    waits: list[float] = []
    with served("--only", "conversions") as server:
        form = {"name": "ben", "consent": "a public recording, used for a measurement"}
        with httpx.Client(base_url=server.url, timeout=600.0, trust_env=False) as client:
            sample = VOICE.with_name("ben.flac").read_bytes()
            client.post("/v1/audio/voices", data=form, files={"audio_sample": sample}).raise_for_status()
        for number in range(-(-repeats // LIVE_UTTERANCES)):
            speaker = LIVE_SPEAKERS[number % len(LIVE_SPEAKERS)]
            waits += asyncio.run(_spoken_live(server.url, read_audio(VOICE.with_name(f"{speaker}.flac"))))
    figures = {"utterances": len(waits), **percentiles(waits)}
    columns = ["utterances", "p50 [s]", "p95 [s]", "p99 [s]"]
    rows = [list(figures.values())]
    note = f"{PAUSE_S} s of each are the pause by which an utterance is known to have ended."
    return Table("Live conversion: end of an utterance to its sound", columns, rows, note), figures


async def _spoken_live(url: str, speech: Audio) -> list[float]:
    """The seconds waited for each utterance of a recording that is sent as fast as it was spoken."""
    from websockets.asyncio.client import connect

    # A second of silence behind it, so that the last utterance too is ended by a pause.
    pcm = np.rint(32_767 * speech.samples).astype("<i2").tobytes() + bytes(2 * speech.rate)
    step = 2 * speech.rate // 50
    address = f"{url.replace('http', 'ws', 1)}/v1/audio/conversions/live?voice=ben&rate={speech.rate}"
    async with connect(address, proxy=None) as socket:
        begun = time.perf_counter()

        async def speak() -> None:
            for number, at in enumerate(range(0, len(pcm), step)):
                await asyncio.sleep(max(0.0, begun + (number + 1) / 50 - time.perf_counter()))
                await socket.send(pcm[at : at + step])
            await socket.send("end")

        speaking = asyncio.create_task(speak())
        places, heard = [], []
        async for answer in socket:
            if isinstance(answer, bytes):
                heard.append(time.perf_counter() - begun)
            elif "to" in (said := json.loads(answer)):
                places.append((said["from"], said["to"]))
        await speaking
    # Without those that were cut because they grew too long: where one goes on in the next there was no pause.
    begins = [*(start for start, _ in places[1:]), float("inf")]
    ends = [(end, at) for (_, end), at, next_begin in zip(places, heard, begins, strict=True) if next_begin > end]
    return [at - (end - AROUND_S) for end, at in ends]  # what follows the last word is kept too


def measure_start() -> tuple[Table, dict[str, Any]]:
    """From the start of the process until it is ready, for detections alone and for everything."""
    found: dict[str, list[float]] = {"detections": [], "everything": []}
    for _ in range(STARTS):
        for name, options in (("detections", ("--only", "detections")), ("everything", ())):
            with served(*options) as server:
                found[name].append(server.started)
    figures = {name: {"median": float(np.median(one)), "most": max(one)} for name, one in found.items()}
    rows = [[name, one["median"], one["most"]] for name, one in figures.items()]
    return Table("Start to /ready", ["features", "median [s]", "most [s]"], rows), figures


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the server under load.")
    parser.add_argument("--only", default=",".join(PARTS), help="parts to measure")
    parser.add_argument("--seconds", type=float, default=30.0, help="of each load")
    parser.add_argument("--requests", type=int, default=5000, help="before memory is read again")
    parser.add_argument("--repeats", type=int, default=20, help="of speech and live utterances")
    parser.add_argument("--out", type=Path, default=RESULTS / "serve.md")
    given = parser.parse_args()
    parts = {
        "load": lambda: measure_load(given.seconds),
        "overload": lambda: measure_overload(given.seconds),
        "batching": lambda: measure_batching(given.repeats),
        "memory": lambda: measure_memory(given.requests),
        "speech": lambda: measure_speech(given.repeats),
        "live": lambda: measure_live(given.repeats),
        "start": measure_start,
    }
    beside = given.out.with_suffix(".json")
    figures: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8"))["figures"] if beside.is_file() else {}
    for name in given.only.split(","):
        table, found = parts[name]()
        when = f"{datetime.now(UTC).date().isoformat()} ({commit()})"
        figures[name] = found | {"measured": when, "table": vars(table)}
    kept = [name for name in PARTS if "table" in figures.get(name, {})]
    report = Report(
        "The server",
        [Table(**figures[name]["table"]) for name in kept],
        {name: figures[name] for name in kept},
        {
            "Intervals": "",
            "Clients": "in one process on the same machine",
            "Measured": ", ".join(f"{name} {figures[name]['measured']}" for name in kept),
        },
        command_line("python benchmarks/serve.py"),
    )
    report.save(given.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
