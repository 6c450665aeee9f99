"""All twenty operations: what they put into a request, and what they make of the answer."""

import json
from collections.abc import Callable
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from playground.api.bodies import FilePart
from playground.api.client import AzureOpenAI
from playground.api.connection import ApiKey, BearerToken, Connection, is_loopback
from playground.api.errors import NotThisApi
from playground.api.words import Word
from playground.service.launch import EmbeddedService
from playground.wire.batches import CreateBatchRequest
from playground.wire.chat import ChatRequest
from playground.wire.completions import CompletionRequest
from playground.wire.embeddings import EmbeddingsRequest
from playground.wire.files import UploadFileRequest
from playground.wire.images import ImageRequest
from playground.wire.operations import OPERATIONS
from playground.wire.speech import SpeechRequest
from playground.wire.transcription import (
    TranscriptionRequest,
    TranslationRequest,
    VerboseTranscription,
)
from playground.wire.uploads import CompleteUploadRequest, CreateUploadRequest
from tests.api.conftest import CANARY, mocked
from tests.api.test_retry import ASK

Answer = Callable[[httpx.Request], httpx.Response]

PATHS = {
    "chat.complete": "POST /openai/deployments/d/chat/completions",
    "completions.complete": "POST /openai/deployments/d/completions",
    "embeddings.embed": "POST /openai/deployments/d/embeddings",
    "images.generate": "POST /openai/deployments/d/images/generations",
    "speech.generate": "POST /openai/deployments/d/audio/speech",
    "transcription.transcribe": "POST /openai/deployments/d/audio/transcriptions",
    "transcription.translate": "POST /openai/deployments/d/audio/translations",
    "files.list": "GET /openai/files",
    "files.upload": "POST /openai/files",
    "files.get": "GET /openai/files/f",
    "files.delete": "DELETE /openai/files/f",
    "files.content": "GET /openai/files/f/content",
    "uploads.create": "POST /openai/uploads",
    "uploads.add_part": "POST /openai/uploads/u/parts",
    "uploads.complete": "POST /openai/uploads/u/complete",
    "uploads.cancel": "POST /openai/uploads/u/cancel",
    "batches.list": "GET /openai/batches",
    "batches.create": "POST /openai/batches",
    "batches.get": "GET /openai/batches/b",
    "batches.cancel": "POST /openai/batches/b/cancel",
}


def answering(seen: list[httpx.Request]) -> Answer:
    """Takes down requests, and answers with something that fits every operation."""

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.url.path.endswith(("/content", "/audio/speech")):
            return httpx.Response(200, content=b"bytes", headers={"content-type": "audio/mpeg"})
        return httpx.Response(200, json={"id": "x", "data": [], "choices": [], "text": "t", "created": 1})

    return answer


@pytest.mark.parametrize("action", PATHS)
async def test_address_version_and_credential_of_every_operation(action: str) -> None:
    seen: list[httpx.Request] = []
    async with mocked(answering(seen)) as client:
        await ASK[action](client)
    (request,) = seen
    assert f"{request.method} {request.url.path}" == PATHS[action]
    assert request.url.query == b"api-version=2025-01-01-preview"
    assert request.headers["api-key"] == CANARY
    assert "authorization" not in request.headers
    body = await request.aread() if request.method == "POST" else b""
    assert request.headers.get("content-length", "0") == str(len(body))
    assert (request.headers.get("content-type") is None) == (not body)


@pytest.mark.parametrize("action", PATHS)
async def test_any_compatible_server_is_asked_under_its_own_paths(action: str) -> None:
    seen: list[httpx.Request] = []
    async with mocked(answering(seen), kind="openai", endpoint="http://127.0.0.1:1/v1/") as client:
        await ASK[action](client)
    (request,) = seen
    path = PATHS[action].replace("/openai/deployments/d", "/v1").replace("/openai", "/v1")
    assert f"{request.method} {request.url.path}" == path
    assert request.url.query == b""
    assert request.headers["authorization"] == f"Bearer {CANARY}"
    assert "api-key" not in request.headers
    if "deployments" in PATHS[action]:
        body = await request.aread()
        if request.headers["content-type"] == "application/json":
            assert json.loads(body)["model"] == "d"
        else:
            assert b'name="model"\r\n\r\nd\r\n' in body


def test_the_table_is_the_list_of_operations() -> None:
    listed = {each.action: f"{each.method} /openai{each.path}" for each in OPERATIONS}
    shown = {"deployment": "d", "fileId": "f", "upload_id": "u", "batchId": "b"}
    assert {action: path.format(**shown) for action, path in listed.items()} == PATHS


async def test_names_in_addresses_are_escaped_and_credentials_go_where_they_belong() -> None:
    seen: list[httpx.Request] = []
    async with mocked(answering(seen), credential=BearerToken("tok-en-tok-en")) as client:
        await client.embeddings.embed("a/b c?d#é", EmbeddingsRequest(input="x"))
        await client.files.get("../files?x=1")
    assert seen[0].url.raw_path.startswith(b"/openai/deployments/a%2Fb%20c%3Fd%23%C3%A9/embeddings?")
    assert seen[1].url.raw_path.startswith(b"/openai/files/..%2Ffiles%3Fx%3D1?")
    assert seen[0].headers["authorization"] == "Bearer tok-en-tok-en"
    async with mocked(
        answering(seen), credential=None, headers={"X-Mine": "1", "User-Agent": "me"}
    ) as client:
        await client.files.get("f")
    assert (seen[2].headers["x-mine"], seen[2].headers.get_list("user-agent")) == ("1", ["me"])
    assert "api-key" not in seen[2].headers


async def test_queries_and_bodies_hold_only_what_is_set() -> None:
    seen: list[httpx.Request] = []
    async with mocked(answering(seen)) as client:
        await client.files.list(purpose="batch", after="f1", limit=3)
        await client.batches.list(limit=5, filter="status eq 'x'", orderby="created_at")
        request = ChatRequest.model_validate({"messages": [{"role": "user", "content": "x"}], "top_p": None})
        await client.chat.complete("d", request)
        await client.chat.complete("d", request.model_copy(update={"stream": True}))
    assert dict(seen[0].url.params) == {
        "purpose": "batch",
        "after": "f1",
        "limit": "3",
        "api-version": "2025-01-01-preview",
    }
    assert dict(seen[1].url.params)["$filter"] == "status eq 'x'"
    bodies = [json.loads(await each.aread()) for each in seen[2:]]
    plain = {"messages": [{"role": "user", "content": "x"}], "top_p": None}
    assert bodies == [plain, {**plain, "stream": False}]


def parts_of(request: httpx.Request, body: bytes) -> list[tuple[str, bytes]]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + body)
    return [
        (str(part.get_param("name", header="content-disposition")), bytes(part.get_payload(decode=True)))
        for part in message.walk()
        if not part.is_multipart()
    ]


async def test_forms_have_brackets_repeats_and_the_file_last() -> None:
    seen: list[httpx.Request] = []
    request = TranscriptionRequest.model_validate(
        {"language": "de", "temperature": 0.5, "response_format": "verbose_json", "prompt": "Grüße",
         "timestamp_granularities": ["word", "segment"]}
    )  # fmt: skip
    async with mocked(answering(seen)) as client:
        await client.transcription.transcribe("d", request, FilePart(b"sound", 'a"b\r\nc.wav', "audio/wav"))
    body = await seen[0].aread()
    assert b'filename="a%22b%0D%0Ac.wav"' in body
    parts = parts_of(seen[0], body)
    assert sorted(parts[:-1]) == sorted([
        ("language", b"de"),
        ("prompt", "Grüße".encode()),
        ("response_format", b"verbose_json"),
        ("temperature", b"0.5"),
        ("timestamp_granularities[]", b"word"),
        ("timestamp_granularities[]", b"segment"),
    ])  # fmt: skip
    assert parts[-1] == ("file", b"sound")


@pytest.mark.parametrize("wanted", ["text", "srt", "vtt", "json", "verbose_json"])
async def test_transcripts_come_in_the_format_that_was_asked_for(wanted: str) -> None:
    text = "WEBVTT\n\n00:00.000 --> 00:01.000\nHallo"
    verbose = {"task": "transcribe", "text": "Hallo", "words": [{"word": "Hallo", "start": 0, "end": 1}]}

    def answer(_: httpx.Request) -> httpx.Response:
        if wanted in ("json", "verbose_json"):
            return httpx.Response(200, json=verbose)
        return httpx.Response(200, text=text)

    request = TranslationRequest.model_validate({"response_format": wanted})
    async with mocked(answer) as client:
        found = await client.transcription.translate("d", request, FilePart(b"s", "a.wav"))
    if wanted in ("json", "verbose_json"):
        assert not isinstance(found, str)
        assert found.text == "Hallo"
        assert isinstance(found, VerboseTranscription) == (wanted == "verbose_json")
    else:
        assert found == text


async def test_sound_in_one_piece_and_in_blocks() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"\xff\xfb" * 50, headers={"content-type": "audio/mpeg; x=y"})

    async with mocked(answer) as client:
        request = SpeechRequest(input="x", voice="alloy")
        sound = await client.speech.generate("d", request)
        assert (sound.data, sound.content_type) == (b"\xff\xfb" * 50, "audio/mpeg")
        async with client.speech.stream("d", request) as stream:
            blocks = [block async for block in stream]
        assert (b"".join(blocks), stream.content_type, stream.length) == (sound.data, "audio/mpeg", 100)
        assert stream.exchange.state == "ok"
        async with client.files.stream("f") as stream:
            pass
        assert stream.exchange.state == "cancelled"


@pytest.mark.parametrize("content_type", ["text/html", "application/json"])
async def test_what_is_no_sound_is_refused(content_type: str) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b'{"error":null}', headers={"content-type": content_type})

    async with mocked(answer) as client:
        with pytest.raises(NotThisApi):
            await client.speech.generate("d", SpeechRequest(input="x", voice="alloy"))


async def test_lists_are_walked_through_once_and_never_for_ever() -> None:
    pages = {
        None: {"data": [{"id": "a"}, {"id": "b"}], "has_more": True, "last_id": "b"},
        "b": {"data": [{"id": "c"}], "has_more": True, "last_id": "c"},
        "c": {"data": [{"id": "d"}], "has_more": False, "last_id": "d"},
    }
    shapes: dict[str, Callable[[str | None], dict[str, Any]]] = {
        "pages": lambda after: pages[after],
        "no paging at all": lambda after: {"data": [{"id": "a"}, {"id": "b"}]},
        "for ever the same": lambda after: {"data": [{"id": "a"}], "has_more": True, "last_id": "a"},
        "more, but nothing": lambda after: {"data": [], "has_more": True},
        "without ids": lambda after: {"data": [{}, {}], "has_more": True},
    }
    found, asked = {}, {}
    for name, shape in shapes.items():
        seen: list[httpx.Request] = []

        def answer(request: httpx.Request, shape=shape, seen=seen) -> httpx.Response:
            seen.append(request)
            return httpx.Response(200, json={"object": "list", **shape(request.url.params.get("after"))})

        async with mocked(answer) as client:
            found[name] = "".join([file.id async for file in client.files.every()])
            assert found[name] == "".join([batch.id async for batch in client.batches.every()])
        asked[name] = len(seen) // 2
    assert found == {
        "pages": "abcd",
        "no paging at all": "ab",
        "for ever the same": "a",
        "more, but nothing": "",
        "without ids": "",
    }
    assert asked == {
        "pages": 3,
        "no paging at all": 2,
        "for ever the same": 2,
        "more, but nothing": 1,
        "without ids": 1,
    }


def test_every_verb_names_its_operation() -> None:
    for operation in OPERATIONS:
        kinds = [kind for kind in all_words() if kind.__module__ == f"playground.api.{operation.word}"]
        (kind,) = kinds
        method = getattr(kind, operation.verb)
        assert operation.id in (method.__doc__ or ""), operation.id


def all_words() -> list[type[Word]]:
    client = AzureOpenAI(Connection("x", "azure", "http://127.0.0.1"))
    return [type(getattr(client, word)) for word in {operation.word for operation in OPERATIONS}]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "LOCALHOST.", "a.localhost"])
def test_this_computer_is_known_by_name(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "example.test", "localhost.example.test", "128.0.0.1", "0.0.0.0"])
def test_other_computers_are_not_this_one(host: str) -> None:
    assert not is_loopback(host)


def test_credentials_are_in_no_repr() -> None:
    connection = Connection(
        "x", "azure", "http://127.0.0.1", ApiKey(CANARY), headers={"k": CANARY}, proxy=f"http://u:{CANARY}@h"
    )
    assert CANARY not in repr(connection) + repr(BearerToken(CANARY))


async def test_the_embedded_service_answers_all_twenty(tmp_path: Path) -> None:
    service = await EmbeddedService(tmp_path / "data", simulated=True).start()
    try:
        connection = Connection("here", "embedded", service.url, ApiKey(service.key))
        done: list[str] = []
        async with AzureOpenAI(
            connection, on_exchange=lambda x: done.append(f"{x.state} {x.operation}")
        ) as client:
            await client.prepare()
            await ask_everything(client, service.deployments, tmp_path)
    finally:
        await service.close()
    assert {f"ok {operation.id}" for operation in OPERATIONS} <= set(done)
    assert not [each for each in done if each.startswith("failed")]


async def ask_everything(client: AzureOpenAI, deployments: dict[str, str], folder: Path) -> None:
    of = {capability: name for name, capability in deployments.items()}
    chat = ChatRequest.model_validate({"messages": [{"role": "user", "content": "Hello"}]})
    assert (await client.chat.complete(of["chat"], chat)).choices
    async with client.chat.stream(of["chat"], chat) as stream:
        assert [chunk async for chunk in stream]
    prompt = CompletionRequest(prompt="Once", max_tokens=5)
    assert (await client.completions.complete(of["completions"], prompt)).choices
    async with client.completions.stream(of["completions"], prompt) as texts:
        assert [chunk async for chunk in texts]
    vectors = await client.embeddings.embed(of["embeddings"], EmbeddingsRequest(input=["a", "b"]))
    assert len(vectors.data) == 2
    image = ImageRequest(prompt="A tree", response_format="b64_json")
    assert (await client.images.generate(of["images"], image)).data[0].b64_json
    speech = SpeechRequest(input="Good morning", voice="alloy", response_format="wav")
    sound = await client.speech.generate(of["speech"], speech)
    assert sound.data.startswith(b"RIFF")
    spoken = FilePart(sound.data, "morning.wav", "audio/wav")
    assert await client.transcription.transcribe(of["transcription"], TranscriptionRequest(), spoken)
    text = TranslationRequest(response_format="text")
    assert isinstance(await client.transcription.translate(of["transcription"], text, spoken), str)
    await ask_of_the_resource(client, of["chat"], folder)


async def ask_of_the_resource(client: AzureOpenAI, deployment: str, folder: Path) -> None:
    body = {"model": deployment, "messages": [{"role": "user", "content": "Hello"}]}
    line = {"custom_id": "1", "method": "POST", "url": "/chat/completions", "body": body}
    data = json.dumps(line).encode() + b"\n"
    file = await client.files.upload(UploadFileRequest(purpose="batch"), FilePart(data, "in.jsonl"))
    assert (await client.files.get(file.id)).bytes == len(data)
    assert [each.id async for each in client.files.every()] == [file.id]
    assert await client.files.content(file.id) == data
    assert await client.files.download(file.id, folder / "out.jsonl") == len(data)
    assert (folder / "out.jsonl").read_bytes() == data
    batch = await client.batches.create(
        CreateBatchRequest(input_file_id=file.id, endpoint="/chat/completions", completion_window="24h")
    )
    assert (await client.batches.get(batch.id)).id == batch.id
    assert [each.id for each in (await client.batches.list()).data] == [batch.id]
    many = b"".join(data.replace(b'"1"', b'"%d"' % number) for number in range(3000))
    longer = await client.files.upload(UploadFileRequest(purpose="batch"), FilePart(many, "many.jsonl"))
    slow = await client.batches.create(
        CreateBatchRequest(input_file_id=longer.id, endpoint="/chat/completions", completion_window="24h")
    )
    assert (await client.batches.cancel(slow.id)).state in ("cancelling", "cancelled")
    upload = CreateUploadRequest(
        filename="up", purpose="batch", bytes=len(data), mime_type="application/jsonl"
    )
    first, second = await client.uploads.create(upload), await client.uploads.create(upload)
    part = await client.uploads.add_part(first.id, FilePart(data, "part"))
    done = await client.uploads.complete(first.id, CompleteUploadRequest(part_ids=[part.id]))
    assert done.file is not None
    assert (await client.uploads.cancel(second.id)).status == "cancelled"
    assert (await client.files.delete(done.file.id)).deleted
