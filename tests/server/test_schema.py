"""The OpenAPI schema, and what comes of all that it allows."""

import re
from pathlib import Path

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

PAGE = Path(__file__).parents[2] / "docs" / "server.md"
FEW = 6  # examples of a route


def test_every_route_is_described(client) -> None:
    schema = client.get("/openapi.json").json()
    assert schema["openapi"].startswith("3.")
    paths = schema["paths"]
    assert {
        "/v1/audio/speech",
        "/v1/audio/voices",
        "/v1/audio/voices/{name}",
        "/v1/audio/conversions",
        "/v1/audio/detections",
        "/v1/jobs/{id}",
        "/v1/jobs/{id}/cancel",
        "/health",
        "/ready",
        "/metrics",
    } <= set(paths)
    for path, operations in paths.items():
        for method, operation in operations.items():
            assert len(operation["description"]) > 15, (path, method)
            assert "422" not in operation["responses"]
            for answer in operation["responses"].values():
                assert answer["description"] not in ("", "Successful Response", "Validation Error"), (path, method)
    detect = paths["/v1/audio/detections"]["post"]
    assert detect["responses"]["400"]["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorBody")


def test_the_page_names_what_there_is(client) -> None:
    sockets = {"/v1/audio/detections/live", "/v1/audio/conversions/live"}
    paths = set(client.get("/openapi.json").json()["paths"]) | sockets
    named = set(re.findall(r"/(?:v1/[a-z{}/]+|health|ready|metrics)\b\}?", PAGE.read_text(encoding="utf-8")))
    assert paths - named == set()
    assert named - paths <= {"/v1/jobs"}


def test_figures_for_prometheus(client) -> None:
    text = client.get("/metrics").text
    for name in ("voxproof_requests_total", "voxproof_request_seconds_bucket", "voxproof_workers_busy"):
        assert name in text
    assert 'route="/metrics"' in client.get("/metrics").text


def test_paths_that_there_are_not(client, refusal) -> None:
    refusal(client.get("/nothing"), 404)
    refusal(client.get("/v1/audio/speech"), 405)
    assert client.get("/docs").status_code == 404  # that page would fetch scripts from another host


@pytest.fixture(scope="module")
def schema(server, anna: str):
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json")


def test_nothing_that_the_schema_allows_is_a_mistake_of_ours(schema) -> None:
    for result in schema.get_all_operations():
        operation = result.ok()

        @hypothesis.given(case=operation.as_strategy())
        @hypothesis.settings(
            max_examples=FEW,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        def holds(case) -> None:
            answer = case.call(timeout=120)
            checks = [not_a_server_error, content_type_conformance, response_schema_conformance]
            case.validate_response(answer, checks=checks)

        holds()
