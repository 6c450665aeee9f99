"""Uploads: parts in parallel, put together in the order told; checksums, states, expiry, and restarts."""

import asyncio
import base64
import hashlib
from typing import Any

import httpx
import pytest

from playground.service.limits import UPLOAD_SECONDS
from tests.conftest import until
from tests.schema import validate

from .conftest import Opener, Resource
from .core_client import refused

DATA = bytes(range(256)) * 4000
PIECES = [DATA[i : i + 300_000] for i in range(0, len(DATA), 300_000)]


async def create(resource: Resource, size: int = len(DATA), **changes: Any) -> str:
    body = {"filename": "big.bin", "purpose": "vision", "bytes": size, "mime_type": "image/png"} | changes
    answer = await resource.client.post("/uploads", json=body)
    assert answer.status_code == 200, answer.text
    upload = answer.json()
    validate("CreateUpload", 200, upload)
    assert (upload["status"], upload["bytes"], upload["object"]) == ("pending", size, "upload")
    assert upload["expires_at"] - upload["created_at"] == UPLOAD_SECONDS
    assert answer.headers["location"].endswith(f"/openai/uploads/{upload['id']}")
    return str(upload["id"])


async def post_part(resource: Resource, upload_id: str, data: bytes) -> httpx.Response:
    files = {"data": ("upload", data, "application/octet-stream")}
    return await resource.client.post(f"/uploads/{upload_id}/parts", files=files)


async def add_parts(resource: Resource, upload_id: str) -> list[str]:
    """All pieces at the same time, the last one first; their ids in the order of the file."""
    answers = await asyncio.gather(*(post_part(resource, upload_id, piece) for piece in reversed(PIECES)))
    parts = [answer.json() for answer in reversed(answers)]
    for part in parts:
        validate("AddUploadPart", 200, part)
        assert (part["object"], part["upload_id"]) == ("upload.part", upload_id)
    return [part["id"] for part in parts]


async def complete(resource: Resource, upload_id: str, parts: list[str], **changes: Any) -> httpx.Response:
    return await resource.client.post(f"/uploads/{upload_id}/complete", json={"part_ids": parts} | changes)


def stored(resource: Resource, folder: str) -> int:
    return len(list((resource.service.data / folder).iterdir()))


@pytest.mark.parametrize("form", ["hex", "HEX", "base64", "none"])
async def test_parts_become_a_file(resource: Opener, form: str) -> None:
    digest = hashlib.md5(DATA)
    written = {
        "hex": {"md5": digest.hexdigest()},
        "HEX": {"md5": digest.hexdigest().upper()},
        "base64": {"md5": base64.b64encode(digest.digest()).decode()},
        "none": {},
    }
    async with resource() as running:
        upload_id = await create(running)
        parts = await add_parts(running, upload_id)
        assert stored(running, "parts") == len(PIECES)
        answer = await complete(running, upload_id, parts, **written[form])
        assert answer.status_code == 200, answer.text
        validate("CompleteUpload", 200, answer.json())
        done = answer.json()
        assert (done["status"], done["file"]["bytes"]) == ("completed", len(DATA))
        assert done["file"]["filename"] == "big.bin"
        content = await running.client.get(f"/files/{done['file']['id']}/content")
        assert content.content == DATA
        assert stored(running, "parts") == 0
        assert stored(running, "temporary") == 0


async def test_what_complete_refuses_leaves_the_upload_pending(resource: Opener) -> None:
    async with resource() as running:
        upload_id = await create(running)
        parts = await add_parts(running, upload_id)
        foreign_upload = await create(running, 1)
        foreign = (await post_part(running, foreign_upload, b"x")).json()["id"]
        for wrong, target in (
            ({"part_ids": parts[:-1]}, "part_ids"),
            ({"part_ids": [*parts, parts[0]]}, "part_ids"),
            ({"part_ids": [*parts[:-1], foreign]}, "part_ids"),
            ({"part_ids": []}, "part_ids"),
            ({"part_ids": parts, "md5": "0" * 32}, "md5"),
            ({}, "part_ids"),
        ):
            answer = await running.client.post(f"/uploads/{upload_id}/complete", json=wrong)
            refused(answer, 400, "invalidPayload", target)
        swapped = [parts[1], parts[0], *parts[2:]]
        answer = await complete(running, upload_id, swapped, md5=hashlib.md5(DATA).hexdigest())
        refused(answer, 400, "invalidPayload", "md5")
        assert stored(running, "files") == 0
        assert (await complete(running, upload_id, parts)).json()["status"] == "completed"


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"bytes": -1}, "bytes"),
        ({"bytes": 8 * 1024**3 + 1}, "bytes"),
        ({"bytes": "12"}, "bytes"),
        ({"purpose": "batch_output"}, "purpose"),
        ({"filename": ""}, "filename"),
        ({"mime_type": None}, "mime_type"),
    ],
)
async def test_what_create_refuses(resource: Opener, changes: dict[str, Any], target: str) -> None:
    body = {"filename": "a", "purpose": "batch", "bytes": 1, "mime_type": "text/plain"} | changes
    async with resource() as running:
        refused(await running.client.post("/uploads", json=body), 400, "invalidPayload", target)


async def test_a_closed_upload_takes_nothing(resource: Opener) -> None:
    async with resource() as running:
        completed = await create(running, 1)
        part = (await post_part(running, completed, b"x")).json()["id"]
        assert (await complete(running, completed, [part])).status_code == 200
        cancelled = await create(running)
        await add_parts(running, cancelled)
        answer = await running.client.post(
            f"/uploads/{cancelled}/cancel", headers={"content-type": "application/json"}
        )
        validate("CancelUpload", 200, answer.json())
        assert answer.json()["status"] == "cancelled"
        for upload_id, status in ((completed, "completed"), (cancelled, "cancelled")):
            for answer in (
                await post_part(running, upload_id, b"x"),
                await complete(running, upload_id, [part]),
                await running.client.post(f"/uploads/{upload_id}/cancel"),
            ):
                assert status in refused(answer, 400, "unexpectedEntityState")
        assert stored(running, "parts") == 0
        unknown = await post_part(running, "upload_nope", b"x")
        refused(unknown, 404, "notFound")


async def test_an_upload_expires_with_its_parts(resource: Opener) -> None:
    async with resource() as running:
        upload_id = await create(running)
        parts = await add_parts(running, upload_id)
        running.clock.now += UPLOAD_SECONDS - 1
        assert (await post_part(running, upload_id, b"x")).status_code == 200
        running.clock.now += 1
        assert "expired" in refused(await post_part(running, upload_id, b"x"), 400, "unexpectedEntityState")
        assert "expired" in refused(await complete(running, upload_id, parts), 400, "unexpectedEntityState")
        assert stored(running, "parts") == 0


async def test_parts_survive_a_restart(resource: Opener) -> None:
    async with resource() as running:
        upload_id = await create(running)
        parts = await add_parts(running, upload_id)
    async with resource() as running:
        answer = await complete(running, upload_id, parts, md5=hashlib.md5(DATA).hexdigest())
        assert answer.json()["status"] == "completed"


async def test_completed_once_even_if_asked_twice_at_the_same_time(resource: Opener) -> None:
    async with resource() as running:
        upload_id = await create(running)
        parts = await add_parts(running, upload_id)
        answers = await asyncio.gather(*(complete(running, upload_id, parts) for _ in range(3)))
        assert sorted(answer.status_code for answer in answers) == [200, 400, 400]
        assert stored(running, "files") == 1


async def test_a_part_has_a_limit_and_needs_data(resource: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    from playground.service import routes

    monkeypatch.setitem(routes.FORMS, "add_part", (1000, "invalidPayload"))
    async with resource() as running:
        upload_id = await create(running)
        refused(await post_part(running, upload_id, b"x" * 1001), 413, "invalidPayload")
        nothing = await running.client.post(f"/uploads/{upload_id}/parts", files={"x": (None, b"y")})
        refused(nothing, 400, "invalidPayload", "data")
        assert stored(running, "parts") == 0


async def test_a_completed_batch_upload_is_checked_like_a_file(resource: Opener) -> None:
    async with resource() as running:
        upload_id = await create(running, 2, purpose="batch", filename="../x.jsonl")
        part = (await post_part(running, upload_id, b"{}")).json()["id"]
        file = (await complete(running, upload_id, [part])).json()["file"]
        assert (file["status"], file["filename"]) == ("pending", "x.jsonl")
        await until(lambda: file["id"] not in running.service.checks)
        assert (await running.client.get(f"/files/{file['id']}")).json()["status"] == "processed"
