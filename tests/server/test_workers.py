"""Turns: who works when, and who is sent away."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from voxproof.server.errors import ApiError
from voxproof.server.workers import Workers


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        await asyncio.wait_for(test(), 30)

    with ThreadPoolExecutor(1) as apart:  # a browser of another test may have left its loop running in this thread
        apart.submit(asyncio.run, within()).result()


def test_no_more_at_once_than_there_are_workers() -> None:
    async def test() -> None:
        workers = Workers(2, 10)
        lock, now, most = threading.Lock(), 0, 0

        def work() -> None:
            nonlocal now, most
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.02)
            with lock:
                now -= 1

        await asyncio.gather(*(workers.step(work) for _ in range(9)))
        assert most == 2
        assert (workers.busy, workers.waiting) == (0, 0)
        workers.close()

    run(test)


def test_in_the_order_of_coming_but_for_the_patient() -> None:
    async def test() -> None:
        workers = Workers(1, 10)
        order: list[str] = []
        steps = [workers.step(lambda: time.sleep(0.1))]
        for name, patience in (("job", 10.0), ("first", 0.0), ("second", 0.0)):
            steps.append(workers.step(lambda name=name: order.append(name), patience=patience))  # type: ignore[misc]
        await asyncio.gather(*steps)
        assert order == ["first", "second", "job"]
        workers.close()

    run(test)


def test_who_is_cancelled_leaves_the_line_and_the_rest_go_on() -> None:
    async def test() -> None:
        workers = Workers(1, 10)
        done = threading.Event()
        running = asyncio.ensure_future(workers.step(lambda: done.wait(10)))
        waiting = asyncio.ensure_future(workers.step(lambda: "never"))
        behind = asyncio.ensure_future(workers.step(lambda: "in the end"))
        await asyncio.sleep(0.05)
        waiting.cancel()
        running.cancel()
        await asyncio.sleep(0.05)
        assert workers.busy == 1, "what runs keeps its worker until it ends"
        assert not behind.done()
        done.set()
        assert await behind == "in the end"
        assert workers.busy == 0
        workers.close()

    run(test)


def test_errors_come_back_and_free_the_worker() -> None:
    async def test() -> None:
        workers = Workers(1, 0)
        with pytest.raises(ZeroDivisionError):
            await workers.step(lambda: 1 / 0)
        assert await workers.step(lambda: 1) == 1
        workers.close()

    run(test)


def test_who_comes_when_all_places_are_taken_is_told_when_to_come_again() -> None:
    workers = Workers(1, 1)
    with workers.admitted(), workers.admitted():
        with pytest.raises(ApiError) as full, workers.admitted():
            pass
        assert full.value.status_code == 429
        assert full.value.headers is not None
        assert int(full.value.headers["Retry-After"]) >= 1
    with workers.admitted():
        assert workers.inside == 1
    workers.close()
