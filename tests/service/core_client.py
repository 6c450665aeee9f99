"""Small words that the tests of files, uploads and batches share."""

import json
from typing import Any

import httpx

from tests.conftest import until
from tests.schema import validate

from .conftest import Resource

MESSAGES = [{"role": "user", "content": "Hello"}]


def refused(answer: httpx.Response, status: int, code: str, target: str | None = None) -> str:
    """Assert a refusal as the authoring documents describe it; returns its message."""
    assert answer.status_code == status, answer.text
    validate("ListFiles", status, answer.json())
    error = answer.json()["error"]
    assert error["code"] == code
    assert error.get("target") == target
    assert answer.headers["x-ms-error-code"] == code
    return str(error["message"])


async def upload(resource: Resource, data: bytes, purpose: str = "batch", name: str = "a.jsonl") -> Any:
    """Upload a file; its JSON object."""
    files = {"file": (name, data, "application/jsonl")}
    answer = await resource.client.post("/files", data={"purpose": purpose}, files=files)
    assert answer.status_code == 201, answer.text
    validate("UploadFile", 201, answer.json())
    return answer.json()


def request_line(number: int, **changes: Any) -> dict[str, Any]:
    """A line of a batch's input."""
    body = {"model": "chat", "messages": MESSAGES}
    return {
        "custom_id": f"row-{number}",
        "method": "POST",
        "url": "/chat/completions",
        "body": body,
    } | changes


def jsonl(*lines: Any) -> bytes:
    """Lines as a file; bytes go in as they are."""
    return b"".join(
        (line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines
    )


async def create_batch(resource: Resource, data: bytes, endpoint: str = "/chat/completions") -> str:
    """Upload the input and create a batch of it; its id."""
    file = await upload(resource, data)
    body = {"input_file_id": file["id"], "endpoint": endpoint, "completion_window": "24h"}
    answer = await resource.client.post("/batches", json=body)
    assert answer.status_code == 201, answer.text
    validate("CreateBatch", 201, answer.json())
    return str(answer.json()["id"])


async def get_batch(resource: Resource, identifier: str) -> Any:
    """The batch as it is now."""
    answer = await resource.client.get(f"/batches/{identifier}")
    assert answer.status_code == 200, answer.text
    validate("GetBatch", 200, answer.json())
    return answer.json()


async def ended(resource: Resource, identifier: str) -> Any:
    """The batch once nothing runs in the background any more."""
    await until(lambda: not resource.service.tasks.running(("batch", identifier)))
    return await get_batch(resource, identifier)


async def rows(resource: Resource, file_id: str) -> list[Any]:
    """The lines of a content file, parsed."""
    answer = await resource.client.get(f"/files/{file_id}/content")
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.content.splitlines()]
