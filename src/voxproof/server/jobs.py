"""Work that takes longer than a client wants to hold a connection open: asked for, looked at, fetched or cancelled."""

import asyncio
import secrets
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from voxproof.errors import VoxproofError
from voxproof.notes import one_line
from voxproof.server.errors import ApiError
from voxproof.server.logs import log
from voxproof.server.metrics import Metrics
from voxproof.server.settings import Settings

Status = Literal["queued", "running", "succeeded", "failed", "cancelled"]
ENDED: tuple[Status, ...] = ("succeeded", "failed", "cancelled")


@dataclass
class Job:
    """One piece of work. `done` of `total` (sentences, files; 0: not known yet) are finished.

    `folder` is the job's own; `result` is a file in it, `manifest` another where there is one.
    """

    id: str
    kind: str
    folder: Path
    created: float = field(default_factory=time.time)
    ended: float | None = None
    status: Status = "queued"
    done: int = 0
    total: int = 0
    error: str | None = None
    media_type: str = "application/json"
    result: Path | None = None
    manifest: Path | None = None
    notes: list[str] = field(default_factory=list)
    task: "asyncio.Task[None] | None" = None

    def step(self) -> None:
        """One more is done."""
        self.status = "running"
        self.done += 1


class Jobs:
    """All jobs of a server. Who knows the number of one may look at it; nobody can list them."""

    def __init__(self, folder: Path, settings: Settings, metrics: Metrics) -> None:
        self._folder = folder
        self._settings = settings
        self._metrics = metrics
        self._jobs: dict[str, Job] = {}

    @property
    def unfinished(self) -> int:
        """How many wait or run."""
        return sum(job.status not in ENDED for job in self._jobs.values())

    def check_room(self) -> None:
        """Raise the error 429 when no further job is taken."""
        if self.unfinished >= self._settings.jobs:
            message = f"{self.unfinished} jobs wait or run already; try again later"
            raise ApiError(429, message, "busy", headers={"Retry-After": "10"})

    def start(self, kind: str, work: Callable[[Job], Awaitable[None]], *, total: int = 0) -> Job:
        """Begin a job: `work` is given it, counts its steps and names its result."""
        self.check_room()
        self._forget()
        number = secrets.token_urlsafe(12)
        job = Job(number, kind, self._folder / f"job-{number}", total=total)
        job.folder.mkdir()
        self._jobs[number] = job
        job.task = asyncio.get_running_loop().create_task(self._run(job, work))
        return job

    def get(self, number: str) -> Job:
        """The job of that number; the error 404 if there is none (any more)."""
        self._forget()
        if number not in self._jobs:
            raise ApiError(404, "there is no such job, or it was forgotten", "job_not_found")
        return self._jobs[number]

    async def cancel(self, number: str) -> Job:
        """Stop a job; one that has ended stays as it is. A step that runs is finished before its worker is free."""
        job = self.get(number)
        if job.task is not None and job.status not in ENDED:
            job.task.cancel()
            await asyncio.wait({job.task})
            if job.ended is None:  # it was cancelled before its first line ran
                job.status, job.ended = "cancelled", time.time()
                shutil.rmtree(job.folder, ignore_errors=True)
        return job

    async def delete(self, number: str) -> None:
        """Stop a job and take away what it made."""
        job = await self.cancel(number)
        self._drop(job)

    async def close(self) -> None:
        """Stop all of them."""
        tasks = [job.task for job in self._jobs.values() if job.task is not None and not job.task.done()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _run(self, job: Job, work: Callable[[Job], Awaitable[None]]) -> None:
        try:
            await work(job)
            job.status = "succeeded"
        except asyncio.CancelledError:
            job.status = "cancelled"
        except (VoxproofError, ApiError) as problem:
            job.status, job.error = "failed", one_line(str(getattr(problem, "detail", problem)))
        except Exception as mistake:
            job.status, job.error = "failed", f"a mistake in Voxproof itself; the log has more under {job.id[:6]}"
            log.error("mistake", exc_info=mistake, extra={"facts": {"job": job.id[:6], "kind": job.kind}})
        finally:
            job.ended = time.time()
            self._metrics.jobs.labels(job.kind, job.status).inc()
            facts = {"job": job.id[:6], "kind": job.kind, "status": job.status, "seconds": job.ended - job.created}
            log.info("job", extra={"facts": facts})
            if job.status != "succeeded":
                job.result = job.manifest = None
                shutil.rmtree(job.folder, ignore_errors=True)

    def _forget(self) -> None:
        """Drop results that are too old, and the oldest of too many."""
        ended = sorted((job for job in self._jobs.values() if job.ended is not None), key=lambda job: job.ended or 0.0)
        oldest = time.time() - self._settings.keep_jobs
        surplus = len(ended) - self._settings.kept_jobs
        for place, job in enumerate(ended):
            if place < surplus or (job.ended or 0.0) < oldest:
                self._drop(job)

    def _drop(self, job: Job) -> None:
        self._jobs.pop(job.id, None)
        shutil.rmtree(job.folder, ignore_errors=True)
