"""Errors as sentences: each says what happened, whose side it is and what to try; none lets a traceback through."""

import asyncio
import inspect
import sqlite3

import pytest
from pydantic import ValidationError

from playground.api import errors as api
from playground.store.errors import StoreFull
from playground.wire.chat import ChatRequest
from playground.workbench.describe import WHOSE, describe

CLASSES = [
    kind for _, kind in inspect.getmembers(api, inspect.isclass) if issubclass(kind, api.ApiError)
]  # fmt: skip


def sample(kind: type[api.ApiError]) -> api.ApiError:
    if issubclass(kind, api.StatusError):
        return kind(400, "It says no.")
    if issubclass(kind, api.TimedOut):
        return kind("It says nothing.", "answer", 3.0)
    if issubclass(kind, api.StreamError):
        return kind("It says no.", {})
    return kind("It says no.", 5) if issubclass(kind, api.TooMuchData) else kind("It says no.")


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_error_of_the_client_is_a_sentence(kind: type[api.ApiError]) -> None:
    if kind is api.ApiError:
        return
    problem = describe(sample(kind))
    assert problem.title
    assert problem.what.startswith("It says")
    assert problem.whose in WHOSE
    assert problem.advice


def test_the_nearest_class_decides() -> None:
    assert describe(sample(api.DeploymentNotFound)).title != describe(sample(api.NotFound)).title
    assert describe(sample(api.ConnectionLost)).title == "The connection broke"


def test_a_wait_and_a_parameter_are_named() -> None:
    limited = api.RateLimited(429, "Slow down.")
    limited.retry_after = 7
    assert "7 s" in describe(limited).advice
    unsupported = api.status_error(
        400, {"error": {"code": "unsupported_parameter", "message": "no", "param": "max_tokens"}}
    )
    assert "max_tokens" in describe(unsupported).title


def test_a_refused_prompt_names_its_categories() -> None:
    result = {
        "violence": {"filtered": True, "severity": "high"},
        "hate": {"filtered": False, "severity": "safe"},
    }
    inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": result}
    error = api.status_error(
        400, {"error": {"code": "content_filter", "message": "Refused.", "innererror": inner}}
    )
    assert "violence" in describe(error).what
    assert "hate" not in describe(error).what


def test_a_parameter_outside_its_limits_is_the_users_to_change() -> None:
    with pytest.raises(ValidationError) as caught:
        ChatRequest.model_validate({"messages": [{"role": "user", "content": "x"}], "temperature": 9})
    problem = describe(caught.value)
    assert problem.whose == "you"
    assert "temperature" in problem.what


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (OSError(28, "No space left on device"), "The disk is full"),
        (PermissionError(13, "Permission denied", "/x"), "Not allowed"),
        (StoreFull("The disk is full."), "The history could not be written"),
        (TimeoutError(), "That took too long"),
        (sqlite3.OperationalError("odd"), "Something unexpected happened"),
        (asyncio.IncompleteReadError(b"", 3), "Something unexpected happened"),
    ],
)
def test_other_errors(error: BaseException, title: str) -> None:
    assert describe(error).title == title


def test_a_very_long_message_is_cut() -> None:
    assert len(describe(api.StatusError(400, "x" * 100_000)).what) <= 600
