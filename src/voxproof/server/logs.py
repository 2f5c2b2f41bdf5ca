"""The log: one JSON object a line on stderr, with numbers and names of routes, never with audio, text or voices."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

log = logging.getLogger("voxproof.server")


class JsonLines(logging.Formatter):
    """`log.info("request", extra={"facts": {...}})` -> {"time": ..., "level": "info", "event": "request", ...}."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; of an exception its kind and where it came from, not its message, which may quote what was sent."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts: dict[str, Any] = {"time": moment, "level": record.levelname.lower(), "event": record.getMessage()}
        facts.update(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[0] is not None:
            facts["exception"] = record.exc_info[0].__name__
            facts["where"] = _where(record.exc_info[2])
        return json.dumps(facts, ensure_ascii=False)


class OtherLines(JsonLines):
    """Of other packages only that they said something, and where: what they say may quote what was sent."""

    def format(self, record: logging.LogRecord) -> str:
        """One line with the logger's name in place of the message."""
        facts = {"logger": record.name, "where": [f"{record.pathname}:{record.lineno} {record.funcName}"]}
        return super().format(logging.makeLogRecord({**record.__dict__, "msg": "other", "args": (), "facts": facts}))


def _where(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def write_json_lines(level: int = logging.INFO) -> None:
    """Let this package and uvicorn log so. uvicorn's own lines on requests are left out: they hold whole addresses."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    handler.addFilter(lambda record: '"WebSocket ' not in str(record.msg))  # how uvicorn tells of those, query and all
    for name in ("voxproof", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
    logging.getLogger("uvicorn.access").disabled = True
    others = logging.StreamHandler(sys.stderr)
    others.setFormatter(OtherLines())
    logging.getLogger().handlers[:] = [others]
