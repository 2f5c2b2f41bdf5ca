"""Figures for Prometheus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)


class Metrics:
    """Of one server; everything is named `voxproof_...`, but for memory and processor time (`process_...`)."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        labels = ("method", "route")
        self.requests = Counter(
            "voxproof_requests", "Requests that were answered.", (*labels, "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "voxproof_request_seconds",
            "From the first byte of a request to the last of its answer.",
            labels,
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.received = Counter("voxproof_received_bytes", "Bodies of requests.", registry=self.registry)
        self.sent = Counter("voxproof_sent_bytes", "Bodies of answers.", registry=self.registry)
        self.verdicts = Counter("voxproof_verdicts", "Recordings that were judged.", ("label",), registry=self.registry)
        self.heard = Counter("voxproof_heard_seconds", "Sound that was judged.", registry=self.registry)
        self.made = Counter("voxproof_made_seconds", "Sound that was made.", ("kind",), registry=self.registry)
        self.jobs = Counter("voxproof_jobs", "Jobs that ended.", ("kind", "status"), registry=self.registry)

    def watch(self, name: str, about: str, value: Callable[[], float]) -> None:
        """A gauge that is read when it is asked for."""
        Gauge(f"voxproof_{name}", about, registry=self.registry).set_function(value)

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)
