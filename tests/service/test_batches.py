"""Batches: from the input file to the output, with everything that can go wrong on the way."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from playground.service import batch_lines, dispatch, limits
from playground.service.call import Call
from playground.service.errors import bad_request
from playground.service.limits import BATCH_SECONDS
from playground.service.state_batches import add_batch
from playground.wire.batches import Batch
from tests.conftest import until
from tests.schema import validate

from .conftest import Opener
from .core_client import (
    create_batch,
    ended,
    get_batch,
    jsonl,
    refused,
    request_line,
    rows,
    upload,
)
from .test_files import walk


@dataclass
class Handler:
    """Answers lines in place of an engine, as slowly as a test wants, and remembers them."""

    seen: list[str] = field(default_factory=list)
    gate: asyncio.Event | None = None
    most: int = 0
    running: int = 0

    async def __call__(self, call: Call) -> Response:
        text = json.loads(call.body)["messages"][0]["content"]
        self.seen.append(text)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            if self.gate is not None:
                await self.gate.wait()
            if text == "bad":
                raise bad_request("no", "messages")
            if text == "crash":
                raise RuntimeError("a bug")
            return JSONResponse({"object": "chat.completion", "echo": text})
        finally:
            self.running -= 1


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> Handler:
    made, real = Handler(), dispatch.handler_of
    monkeypatch.setattr(dispatch, "handler_of", lambda o: made if o.word == "chat" else real(o))
    return made


def asking(number: int, text: str, **changes: Any) -> dict[str, Any]:
    body = {"model": "chat", "messages": [{"role": "user", "content": text}]}
    return request_line(number, body=body, **changes)


@pytest.mark.parametrize("url", ["/chat/completions", "/v1/chat/completions"])
async def test_from_file_to_output(
    resource: Opener, handler: Handler, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    lines = [asking(n, text, url=url) for n, text in enumerate(["one", "bad", "zwei ☂", "crash"])]
    async with resource() as running:
        identifier = await create_batch(running, jsonl(*lines, b"\n  "), endpoint=url)
        batch = await ended(running, identifier)
        assert batch["status"] == "completed"
        assert batch["endpoint"] == url
        assert batch["request_counts"] == {"total": 4, "completed": 2, "failed": 2}
        assert batch["expires_at"] - batch["created_at"] == BATCH_SECONDS
        assert batch["in_progress_at"]
        assert batch["finalizing_at"]
        assert batch["completed_at"]
        assert batch["errors"] is None
        output = await rows(running, batch["output_file_id"])
        assert {row["custom_id"]: row["response"]["body"]["echo"] for row in output} == {
            "row-0": "one",
            "row-2": "zwei ☂",
        }
        assert all(row["error"] is None and row["response"]["status_code"] == 200 for row in output)
        errors = {row["custom_id"]: row for row in await rows(running, batch["error_file_id"])}
        assert errors["row-1"]["response"]["status_code"] == 400
        assert errors["row-1"]["response"]["body"]["error"]["param"] == "messages"
        assert errors["row-3"]["response"]["status_code"] == 500
        assert "a bug" not in json.dumps(errors)
        file = (await running.client.get(f"/files/{batch['output_file_id']}")).json()
        assert file["purpose"] == "batch_output"
    assert [record.message for record in caplog.records] == ["a request failed"]


CHECKS = {
    "empty_file": (b"", None),
    "empty_batch": (b"\n \n", None),
    "invalid_json_line": (jsonl(request_line(1), b"{nope"), 2),
    "url_mismatch": (jsonl(request_line(1), b"", request_line(2, url="/completions")), 3),
    "duplicate_custom_id": (jsonl(request_line(1), request_line(1)), 2),
    "model_not_found": (jsonl(request_line(1, body={"model": "nope"})), 1),
    "model_mismatch": (jsonl(request_line(1), request_line(2, body={"model": "reasoning"})), 2),
    "invalid_request": (jsonl(request_line(1), request_line(2, method="GET")), 2),
}


@pytest.mark.parametrize("code", CHECKS)
async def test_a_bad_file_fails_the_batch(resource: Opener, handler: Handler, code: str) -> None:
    data, line = CHECKS[code]
    async with resource() as running:
        batch = await ended(running, await create_batch(running, data))
        assert batch["status"] == "failed"
        assert batch["failed_at"]
        assert [(error["code"], error["line"]) for error in batch["errors"]["data"]] == [(code, line)]
        assert batch["output_file_id"] is None
    assert not handler.seen


@pytest.mark.parametrize(
    "line",
    [
        {"custom_id": "a"},
        [1, 2],
        request_line(1, custom_id=7),
        request_line(1, body=[]),
        request_line(1, body={"model": "chat", "stream": True}),
        request_line(1, body={"model": "chat", "data_sources": [{}]}),
    ],
)
def test_other_lines_that_are_no_requests(line: Any, tmp_path: Any) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(jsonl(line))
    from playground.service.service import DEFAULT

    checked = batch_lines.check_file(path, "/chat/completions", {d.name: d for d in DEFAULT})
    assert [error["code"] for error in checked.errors] == ["invalid_request"]


async def test_too_many_tasks(resource: Opener, handler: Handler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BATCH_LINES", 3)
    async with resource() as running:
        batch = await ended(running, await create_batch(running, jsonl(*map(request_line, range(4)))))
        assert [error["code"] for error in batch["errors"]["data"]] == ["too_many_tasks"]
        batch = await ended(running, await create_batch(running, jsonl(*map(request_line, range(3)))))
        assert batch["status"] == "completed"


async def test_a_deployment_that_throttles_fails_its_lines(resource: Opener, handler: Handler) -> None:
    async with resource() as running:
        line = request_line(1, body={"model": "throttled", "messages": []})
        batch = await ended(running, await create_batch(running, jsonl(line)))
        assert batch["request_counts"] == {"total": 1, "completed": 0, "failed": 1}
        assert (await rows(running, batch["error_file_id"]))[0]["response"]["status_code"] == 429


async def test_counts_move_and_only_a_few_lines_run_at_once(resource: Opener, handler: Handler) -> None:
    handler.gate = asyncio.Event()
    async with resource() as running:
        data = jsonl(*(asking(n, str(n)) for n in range(12)))
        first, second = await create_batch(running, data), await create_batch(running, data)
        await until(lambda: handler.running >= 4)
        assert (await get_batch(running, first))["status"] == "in_progress"
        assert (await get_batch(running, first))["request_counts"]["total"] == 12
        handler.gate.set()
        assert (await ended(running, first))["request_counts"]["completed"] == 12
        assert (await ended(running, second))["request_counts"]["completed"] == 12
    assert handler.most == 4


async def test_cancelled_with_what_was_answered(resource: Opener, handler: Handler) -> None:
    handler.gate = asyncio.Event()
    async with resource() as running:
        identifier = await create_batch(running, jsonl(*(asking(n, str(n)) for n in range(20))))
        await until(lambda: handler.running == 4)
        answer = await running.client.post(f"/batches/{identifier}/cancel")
        validate("CancelBatch", 200, answer.json())
        assert answer.json()["status"] == "cancelling"
        assert (await running.client.post(f"/batches/{identifier}/cancel")).json()["status"] == "cancelling"
        handler.gate.set()
        batch = await ended(running, identifier)
        assert (batch["status"], batch["completed_at"]) == ("cancelled", None)
        assert batch["cancelling_at"]
        assert batch["cancelled_at"]
        assert batch["request_counts"] == {"total": 20, "completed": 4, "failed": 0}
        assert len(await rows(running, batch["output_file_id"])) == 4
        unrun = await rows(running, batch["error_file_id"])
        assert len(unrun) == 16
        assert {row["error"]["code"] for row in unrun} == {"batch_cancelled"}
        assert all(row["response"] is None for row in unrun)
        refused(await running.client.post(f"/batches/{identifier}/cancel"), 400, "unexpectedEntityState")


async def test_cancelled_before_it_was_checked(resource: Opener, handler: Handler) -> None:
    async with resource() as running:
        file = await upload(running, b"{nope")
        stopped = Batch(
            id="batch_1", object="batch", input_file_id=file["id"], status="cancelling", expires_at=9e9
        )
        await running.service.state.run(lambda db: add_batch(db, stopped))
    async with resource() as running:
        batch = await ended(running, "batch_1")
        assert batch["status"] == "cancelled"
        assert (
            await rows(running, batch["output_file_id"]) == await rows(running, batch["error_file_id"]) == []
        )


async def test_a_batch_expires_with_what_was_answered(resource: Opener, handler: Handler) -> None:
    handler.gate = asyncio.Event()
    async with resource() as running:
        identifier = await create_batch(running, jsonl(*(asking(n, str(n)) for n in range(10))))
        await until(lambda: handler.running == 4)
        running.clock.now += BATCH_SECONDS
        handler.gate.set()
        batch = await ended(running, identifier)
        assert batch["status"] == "expired"
        assert batch["expired_at"]
        assert len(await rows(running, batch["output_file_id"])) == 4
        assert {row["error"]["code"] for row in await rows(running, batch["error_file_id"])} == {
            "batch_expired"
        }


async def test_a_restart_goes_on_where_it_stopped(resource: Opener, handler: Handler) -> None:
    handler.gate = asyncio.Event()
    async with resource() as running:
        identifier = await create_batch(running, jsonl(*(asking(n, f"{n}") for n in range(30))))
        await until(lambda: handler.running == 4)
        handler.gate.set()
        await until(lambda: len(handler.seen) > 8)
        handler.gate.clear()
        await until(lambda: handler.running == 4)
        before = await get_batch(running, identifier)
        assert before["status"] == "in_progress"
        interrupted = set(handler.seen[-4:])
    answered = before["request_counts"]["completed"]
    assert 0 < answered < 30
    handler.seen.clear()
    handler.gate = None
    async with resource() as running:
        batch = await ended(running, identifier)
        assert batch["status"] == "completed"
        assert batch["request_counts"] == {"total": 30, "completed": 30, "failed": 0}
        assert interrupted <= set(handler.seen)
        assert len(handler.seen) == 30 - answered
        output = await rows(running, batch["output_file_id"])
        assert sorted(row["response"]["body"]["echo"] for row in output) == sorted(map(str, range(30)))
        assert [row["custom_id"] for row in output] == [f"row-{n}" for n in range(30)]


async def test_what_create_refuses(resource: Opener) -> None:
    async with resource() as running:
        good = await upload(running, b"{}")
        other = await upload(running, b"x", "vision")
        right = {"input_file_id": good["id"], "endpoint": "/chat/completions", "completion_window": "24h"}
        for changes, target in (
            ({"endpoint": "/embeddings"}, "endpoint"),
            ({"endpoint": "/v1/v1/chat/completions"}, "endpoint"),
            ({"completion_window": "1h"}, "completion_window"),
            ({"input_file_id": other["id"]}, "input_file_id"),
            ({"input_file_id": ""}, "input_file_id"),
            ({"metadata": {str(n): "x" for n in range(17)}}, "metadata"),
        ):
            refused(
                await running.client.post("/batches", json=right | changes), 400, "invalidPayload", target
            )
        unknown = await running.client.post("/batches", json=right | {"input_file_id": "file-0"})
        refused(unknown, 404, "notFound")
        refused(await running.client.post("/batches", content=b"{nope"), 400, "invalidPayload")
        refused(await running.client.get("/batches/batch_0"), 404, "notFound")
        refused(await running.client.post("/batches/batch_0/cancel"), 404, "notFound")


async def test_the_input_of_a_running_batch_cannot_be_deleted(resource: Opener, handler: Handler) -> None:
    handler.gate = asyncio.Event()
    async with resource() as running:
        identifier = await create_batch(running, jsonl(asking(1, "x")))
        await until(lambda: handler.running == 1)
        file_id = (await get_batch(running, identifier))["input_file_id"]
        refused(await running.client.delete(f"/files/{file_id}"), 400, "unexpectedEntityState")
        handler.gate.set()
        await ended(running, identifier)
        assert (await running.client.delete(f"/files/{file_id}")).status_code == 200


async def test_the_list_comes_in_pages_that_end(resource: Opener, handler: Handler) -> None:
    async with resource() as running:
        made = [await create_batch(running, jsonl(asking(1, "x"))) for _ in range(5)]
        answer = await running.client.get("/batches", params={"limit": 2})
        listing = answer.json()
        validate("ListBatches", 200, listing)
        assert (listing["first_id"], listing["last_id"]) == (made[4], made[3])
        assert listing["has_more"] is True
        assert answer.headers["deployment-enqueued-tokens"].isdecimal()
        assert answer.headers["deployment-maximum-enqueued-tokens"].isdecimal()
        odata = {"$filter": "status eq 'completed'", "$orderby": "created_at asc"}
        assert await walk(running.client, "/batches", limit=2, **odata) == made[::-1]
        last = (await running.client.get("/batches", params={"after": made[0]})).json()
        assert (last["data"], last["has_more"], last["first_id"]) == ([], False, None)
        for identifier in made:
            await ended(running, identifier)
