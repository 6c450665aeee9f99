"""What is kept of a request: everything that helps, and never a credential, whatever happens."""

import base64
import io
import json
import logging
import shlex
import subprocess
import sys
import traceback
from pathlib import Path

import httpx
import pytest

from playground.api.bodies import FilePart
from playground.api.client import AzureOpenAI
from playground.api.connection import ApiKey, BearerToken
from playground.api.entra import EntraTokens, entra_credential
from playground.api.errors import ApiError, SignInFailed
from playground.api.exchange import MAXIMUM_BODY, MAXIMUM_EVENT_TEXT, MAXIMUM_EVENTS, Exchange
from playground.api.export import as_curl, as_har, as_http, as_python
from playground.api.redaction import REDACTED, Redactor, is_secret_header, redact_url
from playground.wire.chat import ChatRequest
from playground.wire.files import UploadFileRequest
from tests.api.conftest import CANARY, client_of, mocked
from tests.api.fault_server import FaultServer, reply, stream
from tests.api.recorded import DONE, chunk, event, events_of, figure
from tests.api.test_retry import ASK

CHAT = ChatRequest.model_validate({"messages": [{"role": "user", "content": "it's a $HOME `test`"}]})
SOURCE_KEY = "search-service-key-1234"
WITH_SOURCE = ChatRequest.model_validate(
    {
        "messages": [{"role": "user", "content": "the key is under the mat"}],
        "data_sources": [
            {
                "type": "azure_search",
                "parameters": {
                    "endpoint": "https://x.search.windows.net",
                    "index_name": "i",
                    "authentication": {"type": "api_key", "key": SOURCE_KEY},
                    "embedding_dependency": {
                        "type": "endpoint",
                        "endpoint": "https://y/?sig=signature-of-a-blob&x=1",
                        "authentication": {"type": "api_key", "key": SOURCE_KEY},
                    },
                },
            }
        ],
    }
)


def forms_of(secret: str) -> set[str]:
    """The shapes in which a secret could slip through."""
    quoted = httpx.URL("http://x", params={"k": secret}).query.decode()[2:]
    plain = base64.b64encode(secret.encode()).decode().rstrip("=")
    return {secret, json.dumps(secret)[1:-1], quoted, plain, secret.encode().hex(), repr(secret)[1:-1]}


async def test_d6_the_key_is_in_no_record_log_error_or_export(quick: None) -> None:
    echo = json.dumps({"error": {"code": "x", "message": f"Incorrect API key provided: {CANARY}"}}).encode()
    scripts = [
        *(
            reply(status, echo, X_Echo=CANARY, Location=f"/?sig={CANARY}")
            for status in (301, 400, 401, 404, 429, 500)
        ),
        reply(200, f"<html>{CANARY}</html>".encode(), "text/html"),
        reply(200, f'{{"id":"{CANARY}"'.encode()),
        stream([event(chunk(content=CANARY)), DONE]),
        stream([event({"error": {"message": CANARY}})]),
        stream([f"data: {CANARY}\n\n".encode()]),
        stream([]),
    ]
    log = io.StringIO()
    exchanges: list[Exchange] = []
    texts: list[str] = []
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(1)
    try:
        async with FaultServer(reply(500)) as server:
            headers = {"Ocp-Apim-Subscription-Key": CANARY, "X-Gateway-Token": CANARY}
            async with client_of(server.url, exchanges.append, headers=headers, max_retries=1) as client:
                for script in scripts:
                    server.play(script)
                    texts += await told(client)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    texts += [log.getvalue(), *map(repr, exchanges), as_har(exchanges)]
    for exchange in exchanges:
        texts += [as_curl(exchange), as_python(exchange), as_http(exchange)]
    assert all(CANARY in str(each.headers) for each in server.requests)
    hits = sum(form in text for form in forms_of(CANARY) for text in texts)
    figure("D6", len(texts), hits, f"canary hits {hits}")


async def told(client: AzureOpenAI) -> list[str]:
    """Everything that a user or a log could be told when two requests go wrong."""

    async def listen() -> None:
        async with client.chat.stream("d", CHAT) as answer:
            async for _ in answer:
                pass

    texts = []
    for ask in (lambda: ASK["files.get"](client), listen):
        try:
            await ask()
        except ApiError as error:
            attributes = {name: str(value) for name, value in vars(error).items() if name != "exchange"}
            texts += [str(error), json.dumps(attributes), "".join(traceback.format_exception(error))]
    return texts


async def test_secrets_of_data_sources_are_not_recorded_but_sent() -> None:
    sent = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return httpx.Response(200, json={"choices": []})

    async with mocked(answer) as client:
        await client.chat.complete("d", WITH_SOURCE)
        exchange = client.last_exchange
    assert SOURCE_KEY.encode() in sent[0]
    assert exchange is not None
    body = exchange.request_body or b""
    assert SOURCE_KEY.encode() not in body
    assert b"signature-of-a-blob" not in body
    recorded = json.loads(body)
    assert recorded["messages"] == [{"role": "user", "content": "the key is under the mat"}]
    assert recorded["data_sources"][0]["parameters"]["authentication"] == {"type": "api_key", "key": REDACTED}


def test_pictures_and_sounds_are_told_by_size_and_hash() -> None:
    picture = base64.b64encode(bytes(range(256)) * 40).decode()
    body = {
        "url": f"data:image/png;base64,{picture}",
        "input_audio": {"data": picture, "format": "wav"},
        "data": [{"b64_json": picture}, {"url": "https://x/blob.png?se=1&sig=secret%2Bsignature&sp=r"}],
        "text": "data:image/png;base64,short",
        "content": picture,
    }
    recorded = json.loads(Redactor().body(json.dumps(body).encode(), MAXIMUM_BODY))
    assert recorded["url"].startswith("data:image/png;base64,[10,240 bytes, sha256")
    assert recorded["input_audio"]["data"] == recorded["data"][0]["b64_json"]
    assert recorded["input_audio"]["format"] == "wav"
    assert recorded["data"][1]["url"] == f"https://x/blob.png?se=1&sig={REDACTED}&sp=r"
    assert recorded["text"] == body["text"]
    assert recorded["content"] == picture  # a person's own text stays as it is


def test_records_are_bounded() -> None:
    long = Redactor().body(json.dumps({"a": "word " * MAXIMUM_BODY}).encode(), 1000)
    assert len(long) < 1100
    assert b"more bytes not recorded" in long
    exchange = Exchange("GetFile", "GET", "http://x")
    for _ in range(3):
        exchange.record_events(["x"] * (MAXIMUM_EVENTS // 2))
    assert (len(exchange.events), exchange.events_left_out) == (MAXIMUM_EVENTS, MAXIMUM_EVENTS // 2)
    big = Exchange("GetFile", "GET", "http://x")
    big.record_events(["x" * (MAXIMUM_EVENT_TEXT + 1)])
    big.record_events(["y"])
    assert (len(big.events), big.events_left_out) == (0, 2)


@pytest.mark.parametrize(
    "name", ["api-key", "Authorization", "X-My-Token", "Proxy-Authorization", "X-Secret", "Cookie"]
)
def test_secret_headers(name: str) -> None:
    assert is_secret_header(name)


@pytest.mark.parametrize(
    "name", ["Content-Type", "x-ratelimit-remaining-tokens", "apim-request-id", "deployment-enqueued-tokens"]
)
def test_harmless_headers(name: str) -> None:
    assert not is_secret_header(name)


def test_addresses_lose_passwords_and_signatures() -> None:
    assert redact_url("http://u:p@h:1/x?a=1&sig=s&b=2") == f"http://u:{REDACTED}@h:1/x?a=1&sig={REDACTED}&b=2"
    assert (
        redact_url("https://h/x?api-version=2025-01-01-preview")
        == "https://h/x?api-version=2025-01-01-preview"
    )
    assert redact_url("http://[:p@x") == f"http://{REDACTED}"


async def recorded(scripts: list, ask, **changes) -> Exchange:
    async with FaultServer(*scripts) as server, client_of(server.url, **changes) as client:
        await ask(client)
        assert client.last_exchange is not None
        return client.last_exchange


async def test_phases_ids_and_limits_are_read_from_an_answer() -> None:
    script = reply(
        200, b'{"id":"f"}', Apim_Request_Id="abc", X_Ratelimit_Remaining_Requests="7",
        X_Ratelimit_Remaining_Tokens="-1", X_Ratelimit_Reset_Requests="6ms", X_Rate_Limit_Reset_Tokens="12",
    )  # fmt: skip
    exchange = await recorded([script], ASK["files.get"])
    timing = exchange.timing
    assert timing.connected is not None
    assert timing.sent is not None
    assert timing.first_byte is not None
    assert timing.ended is not None
    assert 0 <= timing.connected <= timing.sent <= timing.first_byte <= timing.ended
    assert exchange.request_id == "abc"
    limits = exchange.rate_limits
    assert (limits.remaining_requests, limits.remaining_tokens, limits.reset_tokens) == (7, -1, 12)
    assert limits.reset_requests == pytest.approx(0.006)
    assert limits.known
    assert exchange.response_body == b'{"id":"f"}'
    assert exchange.response_size == 10


async def test_first_token_is_the_first_text_and_not_the_first_event() -> None:
    exchange = await recorded([stream(events_of("text"))], lambda client: told(client))
    assert exchange.timing.first_token is not None
    assert exchange.timing.first_token >= exchange.events[0].offset_seconds
    assert exchange.events[-1].data == "[DONE]"


async def test_the_latest_exchange_belongs_to_the_task() -> None:
    import asyncio

    async def one(client: AzureOpenAI, file_id: str) -> str:
        await client.files.get(file_id)
        assert client.last_exchange is not None
        return client.last_exchange.url

    async with FaultServer(reply(200, b'{"id":"f"}')) as server, client_of(server.url) as client:
        urls = await asyncio.gather(*(one(client, f"file-{number}") for number in range(5)))
    assert all(f"/file-{number}?" in url for number, url in enumerate(urls))


async def test_a_listener_that_fails_does_not_fail_the_request() -> None:
    import asyncio

    def broken(_: Exchange) -> None:
        raise ValueError("a fault of the window")

    reported: list[dict] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    async with FaultServer(reply(200, b'{"id":"f"}')) as server, client_of(server.url, broken) as client:
        assert (await client.files.get("f")).id == "f"
    assert len(reported) == 2


async def test_curl_is_a_command_that_sends_the_same(tmp_path: Path) -> None:
    exchange = await recorded([stream(events_of("text"))], lambda client: told(client))
    words = shlex.split(as_curl(exchange).replace("\\\n", " "))
    assert words[:4] == ["curl", "-sS", "-X", "POST"]
    assert words[4] == exchange.url
    assert "api-key: $AZURE_OPENAI_API_KEY" in words
    assert json.loads(words[words.index("--data-raw") + 1])["messages"][0]["content"] == "it's a $HOME `test`"
    assert "--no-buffer" in words
    upload = await recorded(
        [reply(201, b'{"id":"f"}')],
        lambda client: client.files.upload(UploadFileRequest(purpose="batch"), FilePart(b"x", "a b.jsonl")),
    )
    assert "--form-string purpose=batch" in as_curl(upload)
    assert "-F 'file=@a b.jsonl'" in as_curl(upload)
    assert "multipart" not in as_curl(upload)


@pytest.mark.parametrize("action", ASK)
@pytest.mark.parametrize("kind", ["azure", "openai"])
async def test_python_is_a_program_of_the_official_sdk(action: str, kind: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(("/content", "/audio/speech")):
            return httpx.Response(200, content=b"bytes")
        return httpx.Response(200, json={"id": "x", "data": [], "choices": [], "text": "t", "created": 1})

    credential = ApiKey(CANARY) if action < "f" else BearerToken(CANARY)
    async with mocked(answer, kind=kind, credential=credential) as client:
        await ASK[action](client)
        assert client.last_exchange is not None
        program = as_python(client.last_exchange)
    compile(program, "program", "exec")
    assert ("AzureOpenAI(" in program) == (kind == "azure")
    assert "'http://127.0.0.1:1'" in program
    if "d/" in client.last_exchange.url or client.last_exchange.deployment:
        assert "model='d'" in program
    for name, value in (("file_id", "'f'"), ("batch_id", "'b'"), ("upload_id", "'u'")):
        if f"/{value[1:-1]}" in client.last_exchange.url.partition("?")[0].removeprefix(
            "http://127.0.0.1:1/openai"
        ):
            assert f"{name}={value}" in program or action.split(".")[0] not in name


async def test_python_puts_what_the_sdk_does_not_know_into_the_extra_body() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"choices": []})

    async with mocked(answer) as client:
        await client.chat.complete("d", WITH_SOURCE)
        assert client.last_exchange is not None
        program = as_python(client.last_exchange)
    compile(program, "program", "exec")
    assert "extra_body={'data_sources'" in program
    assert SOURCE_KEY not in program


async def test_http_and_har_hold_request_and_answer() -> None:
    exchange = await recorded([stream(events_of("text"))], lambda client: told(client))
    text = as_http(exchange)
    assert text.startswith(
        "POST /openai/deployments/d/chat/completions?api-version=2025-01-01-preview HTTP/1.1\n"
    )
    assert "HTTP/1.1 200 OK" in text
    assert "data: [DONE]" in text
    failed = Exchange("GetFile", "GET", "http://x/y", error="ConnectionFailed: nobody")
    assert "no answer: ConnectionFailed" in as_http(failed)
    log = json.loads(as_har([exchange, failed]))["log"]
    first, second = log["entries"]
    assert first["request"]["postData"]["mimeType"] == "application/json"
    assert first["request"]["queryString"] == [{"name": "api-version", "value": "2025-01-01-preview"}]
    assert first["response"]["content"]["text"].endswith("data: [DONE]\n\n")
    assert all(value >= 0 for value in first["timings"].values())
    assert second["response"]["status"] == 0


class Source:
    """A stand-in for azure-identity."""

    def __init__(self, *lifetimes: float) -> None:
        self.asked = 0
        self._lifetimes = list(lifetimes)

    def get_token(self, scope: str):
        import time
        from types import SimpleNamespace

        assert scope == "https://cognitiveservices.azure.com/.default"
        self.asked += 1
        if not self._lifetimes:
            raise ValueError("please run az login")
        return SimpleNamespace(
            token=f"token-number-{self.asked}", expires_on=time.time() + self._lifetimes.pop(0)
        )


async def test_tokens_are_kept_while_fresh_and_fetched_anew_before_they_expire() -> None:
    source = Source(100, 3600)
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return httpx.Response(200, json={"id": "f"})

    async with mocked(answer, credential=entra_credential(source)) as client:
        for _ in range(4):
            await client.files.get("f")
        assert client.last_exchange is not None
        assert ("Authorization", REDACTED) in client.last_exchange.request_headers
    assert seen == ["Bearer token-number-1", *["Bearer token-number-2"] * 3]
    assert source.asked == 2


async def test_signing_in_that_fails_says_so_and_sends_nothing() -> None:
    seen: list[httpx.Request] = []
    async with mocked(seen.append, credential=EntraTokens(Source()), max_retries=2) as client:
        with pytest.raises(SignInFailed, match="az login"):
            await client.files.get("f")

    async def broken() -> str:
        raise KeyError("no such tenant")

    async with mocked(seen.append, credential=broken) as client:
        with pytest.raises(SignInFailed, match="no such tenant"):
            await client.files.get("f")
    assert not seen


def test_importing_the_client_imports_neither_http_nor_models() -> None:
    code = (
        "import sys, playground.api.client; "
        "print(*sorted(m for m in sys.modules if m.split('.')[0] in "
        "{'httpx', 'httpcore', 'h11', 'anyio', 'pydantic', 'truststore', 'azure'} "
        "or m.startswith('playground.wire')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["playground.wire", "playground.wire.operations"]
