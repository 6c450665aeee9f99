"""The input file of a batch: read line by line, and checked as a whole before anything is run."""

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydantic

from playground.service import limits
from playground.service.call import Deployment
from playground.wire.base import to_wire
from playground.wire.batches import BatchError, BatchLine

WORDS = {"/chat/completions": "chat", "/completions": "completions"}
"""What may be asked in a batch, in this version of the API."""


def plain_url(url: str) -> str:
    """An endpoint in Azure's spelling: ``/v1/chat/completions`` is ``/chat/completions``."""
    return url.removeprefix("/v1")


def numbered_lines(path: Path) -> Generator[tuple[int, bytes], None, None]:
    """Each line that is not blank, with its number in the file (from 1); a too long one comes cut off."""
    with path.open("rb") as file:
        number = 0
        while piece := file.readline(limits.BATCH_LINE + 1):
            number += 1
            line = piece.removeprefix(b"\xef\xbb\xbf") if number == 1 else piece
            while len(piece) > limits.BATCH_LINE and not piece.endswith(b"\n"):
                if not (piece := file.readline(limits.BATCH_LINE + 1)):
                    break
            if line.strip():
                yield number, line


@dataclass
class Checked:
    """What a check found: the number of requests, and what is wrong (at most ``BATCH_ERRORS_COUNT``)."""

    total: int
    errors: list[dict[str, Any]]


def check_file(path: Path, endpoint: str, deployments: Mapping[str, Deployment]) -> Checked:
    """Check every line against the endpoint, the deployments and the other lines.

    The codes are the documented ones: ``empty_file``, ``empty_batch``, ``too_many_tasks``,
    ``invalid_json_line``, ``invalid_request``, ``url_mismatch``, ``duplicate_custom_id``,
    ``model_not_found``, ``model_mismatch``. Blocking: run it in a thread.
    """
    if path.stat().st_size == 0:
        return Checked(0, [_error("empty_file", "The input file is empty.")])
    checker = _Checker(endpoint, deployments)
    total = 0
    for number, line in numbered_lines(path):
        total += 1
        if total > limits.BATCH_LINES:
            limit = limits.BATCH_LINES
            return Checked(0, [_error("too_many_tasks", f"The file has more than {limit} requests.")])
        if len(checker.errors) < limits.BATCH_ERRORS_COUNT:
            checker.check(number, line)
    if total == 0:
        return Checked(0, [_error("empty_batch", "The input file has no requests.")])
    return Checked(total, checker.errors)


class _Checker:
    """Remembers what the lines must agree on."""

    def __init__(self, endpoint: str, deployments: Mapping[str, Deployment]) -> None:
        self.errors: list[dict[str, Any]] = []
        self._url = plain_url(endpoint)
        self._deployments = deployments
        self._identifiers: set[str] = set()
        self._model: str | None = None

    def check(self, number: int, data: bytes) -> None:
        """Check one line; the first thing wrong with it is noted."""
        problem = self._problem(data)
        if problem is not None:
            code, message, param = problem
            self.errors.append(_error(code, message, param, number))

    def _problem(self, data: bytes) -> tuple[str, str, str | None] | None:
        if len(data) > limits.BATCH_LINE:
            return "invalid_request", f"The line is longer than {limits.BATCH_LINE} bytes.", None
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            return "invalid_json_line", "This line is not parseable as valid JSON.", None
        try:
            line = BatchLine.model_validate(value)
        except pydantic.ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            param = ".".join(map(str, first["loc"])) or None
            return "invalid_request", f"The line is no valid request: {first['msg']}.", param
        return self._disagreement(line) or self._unsuitable(line)

    def _disagreement(self, line: BatchLine) -> tuple[str, str, str | None] | None:
        if plain_url(line.url) != self._url:
            return "url_mismatch", f"The URL is not the batch's endpoint {self._url}.", "url"
        if line.custom_id in self._identifiers:
            return "duplicate_custom_id", "The custom_id is used by another line.", "custom_id"
        self._identifiers.add(line.custom_id)
        return None

    def _unsuitable(self, line: BatchLine) -> tuple[str, str, str | None] | None:
        model = line.body.get("model")
        deployment = self._deployments.get(model) if isinstance(model, str) else None
        if deployment is None or deployment.capability != WORDS[self._url]:
            return "model_not_found", "The model is no deployment that can do this.", "body.model"
        if self._model is None:
            self._model = deployment.name
        if deployment.name != self._model:
            return "model_mismatch", "The model is not the one of the first line.", "body.model"
        for name in ("stream", "data_sources"):
            if line.body.get(name):
                return "invalid_request", f"'{name}' is not supported in a batch.", f"body.{name}"
        return None


def _error(code: str, message: str, param: str | None = None, line: int | None = None) -> dict[str, Any]:
    return to_wire(BatchError(code=code, message=message, param=param, line=line))
