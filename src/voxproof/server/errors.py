"""Errors as OpenAI's API shapes them: one object with a message of one line, a type, a parameter and a code."""

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from voxproof.errors import AudioError, ConsentError, ModelError, TextError, VoxproofError
from voxproof.notes import one_line

_KINDS = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}
_CODES: tuple[tuple[type[VoxproofError], str], ...] = (
    (AudioError, "invalid_audio"),
    (TextError, "invalid_text"),
    (ConsentError, "invalid_consent"),
)


class Problem(BaseModel):
    """What was wrong."""

    message: str = Field(description="One line: what was wrong, where, and what to do.")
    type: str = Field(description="The kind of error, `invalid_request_error` for most.")
    param: str | None = Field(None, description="The parameter that it is about, if it is about one.")
    code: str | None = Field(None, description="A short name for programs.")


class ErrorBody(BaseModel):
    """Every answer that is an error."""

    error: Problem


class ApiError(HTTPException):
    """An answer that is an error; `hangs_up` closes the connection, of which the rest of a body is not read."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        *,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
        hangs_up: bool = False,
    ) -> None:
        given = {**(headers or {}), **({"Connection": "close"} if hangs_up else {})}
        super().__init__(status, message, given or None)
        self.code = code
        self.param = param


def response(error: HTTPException) -> JSONResponse:
    """The answer."""
    status = error.status_code
    kind = _KINDS.get(status, "server_error" if status >= 500 else "invalid_request_error")
    problem = Problem(
        message=one_line(str(error.detail)),
        type=kind,
        param=getattr(error, "param", None),
        code=getattr(error, "code", None),
    )
    return JSONResponse({"error": problem.model_dump()}, status, error.headers)


def of_package(problem: VoxproofError) -> ApiError:
    """The answer to what the package refuses: the client's fault, but for a model that is missing here."""
    if isinstance(problem, ModelError):
        return ApiError(503, str(problem), "model_missing")
    return ApiError(400, str(problem), next((code for kind, code in _CODES if isinstance(problem, kind)), None))


def install(app: FastAPI) -> None:
    """Let every error of this application take this shape."""

    @app.exception_handler(HTTPException)
    async def of_http(request: Request, error: HTTPException) -> JSONResponse:
        return response(error)

    @app.exception_handler(VoxproofError)
    async def of_voxproof(request: Request, error: VoxproofError) -> JSONResponse:
        return response(of_package(error))

    @app.exception_handler(RequestValidationError)
    async def of_validation(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
        message = f"{place}: {first['msg'][:1].lower()}{first['msg'][1:]}"
        return response(ApiError(400, message, "invalid_value", param=place))


def documented(*statuses: int) -> dict[int | str, dict[str, object]]:
    """For a route's `responses`: the errors that it may answer with, besides those that all may."""
    words = {
        400: "The request is wrong; the message says how.",
        401: "The token is missing or wrong.",
        403: "The page that asks is not one of those that may.",
        404: "There is no such thing.",
        408: "The request came too slowly.",
        409: "There is one of that name already.",
        413: "Too much for one request.",
        415: "The body is not of a type that is read here.",
        429: "All workers are busy and the line is full: come back after `Retry-After` seconds.",
        503: "A model is missing or not loaded yet.",
    }
    return {status: {"model": ErrorBody, "description": words[status]} for status in (400, 401, 403, *statuses)}
