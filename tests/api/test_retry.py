"""What is sent again and what is not, counted by the server; and how long is waited before."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from pathlib import Path

import pytest

from playground.api.bodies import FilePart
from playground.api.client import AzureOpenAI
from playground.api.errors import ApiError, ConnectionFailed, RateLimited, ServerFault, StatusError
from playground.api.exchange import Exchange
from playground.api.retry import JITTER, Jitter, asked_wait
from playground.wire.batches import CreateBatchRequest
from playground.wire.chat import ChatRequest
from playground.wire.completions import CompletionRequest
from playground.wire.embeddings import EmbeddingsRequest
from playground.wire.files import UploadFileRequest
from playground.wire.images import ImageRequest
from playground.wire.operations import OPERATIONS
from playground.wire.speech import SpeechRequest
from playground.wire.transcription import TranscriptionRequest, TranslationRequest
from playground.wire.uploads import CompleteUploadRequest, CreateUploadRequest
from tests.api.conftest import client_of
from tests.api.fault_server import FaultServer, Line, Received, Script, reply, whole
from tests.api.recorded import figure
from tests.conftest import until

FILE = FilePart(b"some bytes", "a.wav")
CHAT = ChatRequest.model_validate({"messages": [{"role": "user", "content": "x"}]})
BATCH = CreateBatchRequest(input_file_id="f", endpoint="/chat/completions", completion_window="24h")
UPLOAD = CreateUploadRequest(filename="f", purpose="batch", bytes=1, mime_type="text/plain")

ASK: dict[str, Callable[[AzureOpenAI], Awaitable[object]]] = {
    "chat.complete": lambda c: c.chat.complete("d", CHAT),
    "completions.complete": lambda c: c.completions.complete("d", CompletionRequest(prompt="x")),
    "embeddings.embed": lambda c: c.embeddings.embed("d", EmbeddingsRequest(input="x")),
    "images.generate": lambda c: c.images.generate("d", ImageRequest(prompt="x")),
    "speech.generate": lambda c: c.speech.generate("d", SpeechRequest(input="x", voice="alloy")),
    "transcription.transcribe": lambda c: c.transcription.transcribe("d", TranscriptionRequest(), FILE),
    "transcription.translate": lambda c: c.transcription.translate("d", TranslationRequest(), FILE),
    "files.list": lambda c: c.files.list(),
    "files.upload": lambda c: c.files.upload(UploadFileRequest(purpose="batch"), FILE),
    "files.get": lambda c: c.files.get("f"),
    "files.delete": lambda c: c.files.delete("f"),
    "files.content": lambda c: c.files.content("f"),
    "uploads.create": lambda c: c.uploads.create(UPLOAD),
    "uploads.add_part": lambda c: c.uploads.add_part("u", FILE),
    "uploads.complete": lambda c: c.uploads.complete("u", CompleteUploadRequest(part_ids=["p"])),
    "uploads.cancel": lambda c: c.uploads.cancel("u"),
    "batches.list": lambda c: c.batches.list(),
    "batches.create": lambda c: c.batches.create(BATCH),
    "batches.get": lambda c: c.batches.get("b"),
    "batches.cancel": lambda c: c.batches.cancel("b"),
}

# Written out here once more, so that a change of the policy is a change of this table.
ASKING = {"files.list", "files.get", "files.delete", "files.content", "batches.list", "batches.get"}
COMPUTING = {
    *("chat.complete", "completions.complete", "embeddings.embed"),
    *("transcription.transcribe", "transcription.translate"),
}
AGAIN_FOR_ALL = {429, 503}
AGAIN_UNLESS_ACCEPTED = {408, 500, 502, 504}
STATUSES = (400, 401, 403, 404, 408, 409, 413, 422, 425, 429, 500, 502, 503, 504, 301, 307)


async def lose_early(_: Received, line: Line) -> None:
    line.reset()


async def lose_midway(_: Received, line: Line) -> None:
    await line.send(
        whole(200, b'{"id":"x", "data":[', Content_Length="500").replace(b"Content-Length: 19\r\n", b"")
    )
    await asyncio.sleep(0.002)
    line.reset()


def expected(action: str, happening: object) -> int:
    """Requests that the server should see, when one repetition is allowed."""
    if happening in AGAIN_FOR_ALL:
        return 2
    if happening in AGAIN_UNLESS_ACCEPTED or happening == "lost early":
        return 2 if action in ASKING | COMPUTING else 1
    return 2 if happening == "lost midway" and action in ASKING else 1


def test_every_operation_is_tried() -> None:
    assert {operation.action for operation in OPERATIONS} == set(ASK)


async def test_b13_what_is_sent_again_is_what_the_table_says(quick: None) -> None:
    scripts: dict[object, Script] = {
        status: reply(status, b'{"error":{"code":"x","message":"m"}}', Location="http://127.0.0.1:9/")
        for status in STATUSES
    }
    scripts |= {"lost early": lose_early, "lost midway": lose_midway}
    wrong = []
    async with FaultServer(reply(500)) as server, client_of(server.url, max_retries=1) as client:
        for happening, script in scripts.items():
            server.play(script)
            for action, ask in ASK.items():
                before = len(server.requests)
                with pytest.raises(ApiError) as caught:
                    await ask(client)
                seen = len(server.requests) - before
                exchange = caught.value.exchange
                assert exchange is not None
                if seen != expected(action, happening) or len(exchange.attempts) != seen:
                    wrong.append((action, happening, seen))
    assert not wrong
    figure("B13", len(scripts) * len(ASK), len(wrong), "cells as in the table 100 %")


async def test_b13_before_anything_is_sent_everything_may_be_tried_again(quick: None) -> None:
    async with FaultServer(reply(200)) as server:
        url = server.url
    async with client_of(url, max_retries=1) as client:
        for ask in ASK.values():
            with pytest.raises(ConnectionFailed, match="refused") as caught:
                await ask(client)
            exchange = caught.value.exchange
            assert exchange is not None
            assert [each.status for each in exchange.attempts] == [None, None]
    figure("B13 (refused)", len(ASK), 0, "attempts 2 of 2")


async def test_a_body_is_sent_whole_each_time(quick: None, tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    path.write_bytes(b"0123456789" * 30_000)
    file = b'{"id":"file-1","object":"file"}'
    async with FaultServer(reply(429), reply(503), reply(201, file)) as server:
        async with client_of(server.url, max_retries=2) as client:
            progress: list[int] = []
            await client.files.upload(
                UploadFileRequest(purpose="batch"),
                FilePart(path, "big.jsonl"),
                progress=lambda done, total: progress.append(done),
            )
        bodies = [each.body.replace(b"--", b"") for each in server.requests]
    assert len(bodies) == 3
    assert all(path.read_bytes() in body for body in bodies)
    assert progress.count(0) == 3
    assert max(progress) == 300_000


WAITS = {
    "retry-after-ms": {"Retry_After_Ms": "300", "Retry_After": "9"},
    "x-ms-retry-after-ms": {"X_Ms_Retry_After_Ms": "300", "Retry_After": "9"},
    "seconds": {"Retry_After": "0.3"},
    "date": {
        "Retry_After": formatdate(1_700_000_001, usegmt=True),
        "Date": formatdate(1_700_000_000, usegmt=True),
    },
}


class Told:
    """What a listener hears of an exchange: its state, and how long it is still going to wait."""

    def __init__(self) -> None:
        self.states: list[str] = []
        self.waits: list[float | None] = []

    def __call__(self, exchange: Exchange) -> None:
        self.states.append(exchange.state)
        self.waits.append(exchange.remaining_wait)


async def test_b14_the_wait_is_as_long_as_asked_and_visible() -> None:
    wrong, shown = 0, []
    for name, headers in WAITS.items():
        told = Told()
        scripts = reply(429, b"", **headers), reply(200, b'{"id":"f","object":"file"}')
        async with FaultServer(*scripts) as server, client_of(server.url, told, max_retries=1) as client:
            await client.files.get("f")
        asked = 1.0 if name == "date" else 0.3
        waited = server.requests[1].at - server.requests[0].at
        # At least what was asked for; at most a tenth more, and whatever this machine needs for itself.
        wrong += not asked <= waited <= asked * 1.1 + 0.3
        shown.append(f"{waited / asked - 1:+.1%}")
        assert told.states == ["running", "running", "running", "ok"]
        assert told.waits == [None, pytest.approx(asked, rel=0.12), None, None]
    figure("B14", len(WAITS), wrong, f"waited against asked {', '.join(shown)}")


async def test_b14_twenty_jobs_do_not_come_back_together() -> None:
    asked, jobs, retries = 0.5, 20, 1
    exchanges: list[Exchange] = []
    async with FaultServer(reply(429, Retry_After_Ms="500")) as server:
        async with client_of(server.url, max_retries=retries) as client:

            async def job() -> None:
                with pytest.raises(RateLimited) as caught:
                    await client.files.get("f")
                assert caught.value.exchange is not None
                exchanges.append(caught.value.exchange)

            await asyncio.gather(*(job() for _ in range(jobs)))
        requests = len(server.requests)
    waits = [each.attempts[0].wait or 0 for each in exchanges]
    spread = (max(waits) - min(waits)) / asked
    wrong = sum(abs(wait - asked) > asked * 0.1 + 1e-9 for wait in waits)
    wrong += spread < 0.1 - 1e-9
    wrong += requests > jobs * (1 + retries)
    figure("B14 (20 jobs)", jobs, wrong, f"spread {spread:.1%} of the wait, {requests} requests")


async def test_a_wait_beyond_the_cap_is_told_and_not_waited() -> None:
    async with FaultServer(reply(429, Retry_After="86400")) as server:
        async with client_of(server.url, max_retries=3) as client:
            began = time.monotonic()
            with pytest.raises(RateLimited) as caught:
                await client.chat.complete("d", CHAT)
        assert len(server.requests) == 1
    assert caught.value.retry_after == 86_400
    assert time.monotonic() - began < 5


async def test_a_used_up_quota_is_no_reason_to_come_back(quick: None) -> None:
    body = b'{"error":{"code":"insufficient_quota","message":"pay"}}'
    async with FaultServer(reply(429, body)) as server, client_of(server.url, max_retries=3) as client:
        with pytest.raises(RateLimited):
            await client.chat.complete("d", CHAT)
        assert len(server.requests) == 1


async def test_a_wait_can_be_stopped() -> None:
    async with FaultServer(reply(503, Retry_After="30")) as server:
        told: list[Exchange] = []
        async with client_of(server.url, told.append, max_retries=3) as client:
            task = asyncio.create_task(client.chat.complete("d", CHAT))
            await until(lambda: told and told[-1].resumes_at is not None)
            began = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    assert time.monotonic() - began < 1
    assert told[-1].state == "cancelled"
    assert told[-1].resumes_at is None
    assert told[-1].attempts[0].status == 503


async def test_every_attempt_is_on_record(quick: None) -> None:
    busy = reply(503, b'{"error":{"message":"busy","code":"x"}}', Apim_Request_Id="first")
    good = reply(200, b'{"id":"f","object":"file"}', Apim_Request_Id="second")
    async with FaultServer(busy, lose_early, good) as server, client_of(server.url, max_retries=2) as client:
        await client.files.get("f")
        exchange = client.last_exchange
    assert exchange is not None
    first, second, third = exchange.attempts
    assert (first.status, first.outcome) == (503, "busy")
    assert second.status is None
    assert "broke" in second.outcome
    assert (third.status, third.outcome, third.wait) == (200, "ok", None)
    assert exchange.request_id == "second"


async def test_patience_ends() -> None:
    async with (
        FaultServer(reply(500, Retry_After_Ms="1")) as server,
        client_of(server.url, max_retries=2) as client,
    ):
        with pytest.raises(ServerFault):
            await client.files.get("f")
        assert len(server.requests) == 3


def test_headers_that_ask_to_wait() -> None:
    def wait(**headers: str) -> float | None:
        return asked_wait(lambda name: headers.get(name.replace("-", "_")), now=lambda: 1_700_000_000.0)

    assert wait() is None
    assert wait(retry_after="7") == 7
    assert wait(retry_after="-7") is None
    assert wait(retry_after="nan") is None
    assert wait(retry_after="inf") is None
    assert wait(retry_after="soon") is None
    assert wait(retry_after=formatdate(1_700_000_030, usegmt=True)) == 30
    assert wait(retry_after=formatdate(1_600_000_000, usegmt=True)) == 0
    assert wait(retry_after_ms="1500", retry_after="7") == 1.5
    assert wait(retry_after_ms="x", retry_after="7") == 7


def test_jitter_never_shortens_a_wait() -> None:
    jitter = Jitter(seed=1)
    factors = [jitter.draw() for _ in range(16)]
    assert len(set(factors)) == 16
    assert min(factors) == 1
    assert max(factors) == pytest.approx(1 + JITTER)


def test_a_status_without_a_class_of_its_own_is_still_an_error() -> None:
    from playground.api.errors import status_error

    assert type(status_error(418, None)) is StatusError
