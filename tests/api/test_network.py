"""Refusals during an upload, redirects, proxies, encryption, and requests that are stopped."""

import asyncio
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from playground.api.bodies import FilePart
from playground.api.client import AzureOpenAI
from playground.api.errors import (
    ApiError,
    BadRequest,
    ConnectionFailed,
    InsecureAddress,
    NotThisApi,
    Redirected,
    TimedOut,
    TlsFailed,
    TooLarge,
    UnusableAddress,
)
from playground.wire.chat import ChatRequest
from playground.wire.files import UploadFileRequest
from tests.api.conftest import CANARY, client_of, connect
from tests.api.fault_server import (
    FaultServer,
    Line,
    Received,
    reply,
    whole,
)
from tests.api.recorded import figure

ASK = ChatRequest.model_validate({"messages": [{"role": "user", "content": "x"}]})
FILE = b'{"id":"file-1","object":"file"}'
BIG = 30 * 1024 * 1024


@pytest.fixture
def big_file(tmp_path: Path) -> Path:
    path = tmp_path / "big.jsonl"
    with path.open("wb") as file:
        file.truncate(BIG)
    return path


def refuse(status: int, how: str):
    """Answers after the first 64 KB of a body and goes away without reading the rest."""

    async def play(_: Received, line: Line) -> None:
        await line.reader.readexactly(64 * 1024)
        body = b'{"error":{"code":"too_large","message":"File is bigger than 25 MB."}}'
        await line.send(whole(status, body, Connection="close"))
        if how == "reset":
            await asyncio.sleep(0.005)
            line.reset()
        else:
            line.writer.close()

    return play


async def shown_refusals(server: FaultServer, client: AzureOpenAI, path: Path, runs: int) -> int:
    """How often the text of a refusal reaches the caller, under the right class."""
    shown = 0
    for run in range(runs):
        server.play(refuse(413 if run % 2 else 400, "reset" if run % 3 else "close"))
        with pytest.raises(ApiError) as caught:
            await client.files.upload(UploadFileRequest(purpose="batch"), FilePart(path, "big.jsonl"))
        right = TooLarge if run % 2 else BadRequest
        shown += isinstance(caught.value, right) and caught.value.message == "File is bigger than 25 MB."
    return shown


async def test_a10_a_refusal_during_an_upload_is_read_and_shown(big_file: Path) -> None:
    async with FaultServer(reply(500), read_body=False) as server, client_of(server.url) as client:
        shown = await shown_refusals(server, client, big_file, 10)
    figure("A10", 10, 10 - shown, f"refusals that were shown {shown}/10")


async def test_an_answer_that_is_no_refusal_does_not_stop_an_upload() -> None:
    size = 3 * 1024 * 1024
    taken = 0

    async def early(request: Received, line: Line) -> None:
        nonlocal taken
        await line.send(b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")
        body = await line.reader.readexactly(int(request.headers["content-length"]))
        taken = body.count(b"x" * 1024)
        await line.send(whole(201, FILE))

    async with FaultServer(early, read_body=False) as server, client_of(server.url) as client:
        file = FilePart(b"x" * size, "x")
        assert (await client.files.upload(UploadFileRequest(purpose="batch"), file)).id == "file-1"
    assert taken == size // 1024


async def test_b16_no_redirect_is_followed() -> None:
    leaked = runs = 0
    async with FaultServer(reply(200, FILE), host="127.0.0.2") as other, FaultServer(reply(500)) as server:
        targets = [f"{other.url}/x", f"http://127.0.0.1:{other.port}/x", "/relative", "https://example.test/"]
        async with client_of(server.url, max_retries=1) as client:
            for status in (301, 302, 303, 307, 308):
                for target in targets:
                    server.play(reply(status, b"", Location=f"{target}?sig=very-secret-signature"))
                    for ask in (client.files.get("f"), client.chat.complete("d", ASK)):
                        before = len(server.requests)
                        with pytest.raises(Redirected) as caught:
                            await ask
                        assert len(server.requests) == before + 1
                        assert target in caught.value.location
                        assert "very-secret" not in str(caught.value)
                        runs += 1
        leaked = len(other.requests)
    figure("B16", runs, leaked, f"canary in the recorder {leaked}")


async def test_b20_this_computer_is_never_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FaultServer(reply(200, FILE)) as proxy, FaultServer(reply(200, FILE)) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://user:proxy-secret@127.0.0.1:{proxy.port}")
        for setting in ("system", f"http://user:proxy-secret@127.0.0.1:{proxy.port}"):
            for host in ("127.0.0.1", "localhost"):
                url = f"http://{host}:{server.port}"
                async with client_of(url, proxy=setting) as client:
                    await client.files.get("f")
                    assert client.last_exchange is not None
                    assert client.last_exchange.proxy is None
        at_proxy = len(proxy.requests)
        assert len(server.requests) == 4
    figure("B20", 4, at_proxy, f"loopback requests at the proxy {at_proxy}")


async def test_b20_another_host_goes_through_the_proxy_whose_password_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = 0
    async with FaultServer(reply(200, FILE)) as proxy:
        address = f"http://user:proxy-secret@127.0.0.1:{proxy.port}"
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, address)
        for setting in ("system", address):
            connection = connect("http://service.test", proxy=setting, credential=None)
            async with AzureOpenAI(connection) as client:
                await client.files.get("f")
                exchange = client.last_exchange
                assert exchange is not None
                assert exchange.proxy == f"http://user:[redacted]@127.0.0.1:{proxy.port}"
                seen += "proxy-secret" in repr(exchange) + repr(connection)
        assert [each.target.partition("?")[0] for each in proxy.requests] == [
            "http://service.test/openai/files/f"
        ] * 2
        assert proxy.requests[0].headers["proxy-authorization"].startswith("Basic ")
        monkeypatch.setenv("NO_PROXY", "service.test")
        async with AzureOpenAI(connect("http://service.test", credential=None)) as client:
            with pytest.raises(ConnectionFailed):
                await client.files.get("f")
    figure("B20 (password)", 2, seen, f"canary {seen}")


async def test_a_proxy_that_refuses_is_named_as_the_culprit() -> None:
    async with FaultServer(reply(407, b"", "text/plain")) as proxy:
        connection = connect("https://service.test", proxy=f"127.0.0.1:{proxy.port}")
        async with AzureOpenAI(connection) as client:
            with pytest.raises(ConnectionFailed, match="proxy refused"):
                await client.files.get("f")
        assert all(CANARY not in str(each.headers) for each in proxy.requests)


@pytest.mark.parametrize("proxy", ["http://[", "http://", "what://127.0.0.1:1", "socks5://127.0.0.1:1"])
async def test_an_unusable_proxy_is_an_error_that_says_so(proxy: str) -> None:
    async with AzureOpenAI(connect("https://service.test", proxy=proxy)) as client:
        with pytest.raises(ConnectionFailed, match="proxy"):
            await client.files.get("f")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"kind": "openai"},
        {"credential": None, "headers": {"Ocp-Apim-Subscription-Key": CANARY}},
    ],
)
async def test_d18_no_credential_goes_over_plain_http(changes: dict) -> None:
    async with FaultServer(reply(200, FILE)) as proxy:
        url = "http://service.test"
        async with client_of(url, proxy=f"http://127.0.0.1:{proxy.port}", **changes) as client:
            with pytest.raises(InsecureAddress):
                await client.files.get("f")
        figure("D18", 1, len(proxy.requests), f"requests with the key sent {len(proxy.requests)}")


@pytest.mark.parametrize(
    "url", ["", "http://", "nonsense", "ftp://127.0.0.1/", "http://127.0.0.1:99999", "https://a b/"]
)
async def test_an_address_that_is_none(url: str) -> None:
    async with client_of(url, credential=None) as client:
        with pytest.raises(ApiError) as caught:
            await client.files.get("f")
    assert isinstance(caught.value, ConnectionFailed)
    assert caught.value.exchange is not None
    assert caught.value.exchange.state == "failed"


async def test_a_header_that_cannot_be_sent() -> None:
    async with FaultServer(reply(200, FILE)) as server:
        for value in ("two\r\nlines", "ünïcode"):
            async with client_of(server.url, headers={"X-Mine": value}, max_retries=2) as client:
                with pytest.raises(UnusableAddress):
                    await client.files.get("f")
        assert not server.requests


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0-OpenSSH_9\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\r\n\r\n"]
)
async def test_a_server_that_does_not_speak_http(answer: bytes) -> None:
    async def speak(_: Received, line: Line) -> None:
        await line.send(answer)

    async with FaultServer(speak) as server, client_of(server.url) as client:
        with pytest.raises(NotThisApi, match="nor of HTTP"):
            await client.files.get("f")


async def test_a_connection_that_is_never_made_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object, **__: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", never, raising=False)
    async with client_of("http://127.0.0.1:9", connect_timeout=0.1) as client:
        with pytest.raises(TimedOut) as caught:
            await client.files.get("f")
    assert caught.value.phase == "connect"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    chain, key = folder / "cert.pem", folder / "key.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(chain)]
    subprocess.run(command, check=True, capture_output=True)
    return chain, key


@pytest.fixture
def tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


async def test_d18_only_a_trusted_certificate_gets_the_key(
    tls: ssl.SSLContext, certificate: tuple[Path, Path], big_file: Path
) -> None:
    async with FaultServer(reply(200, FILE), tls=tls) as server:
        url = f"https://localhost:{server.port}"
        async with client_of(url) as client:
            with pytest.raises(TlsFailed, match="not trusted"):
                await client.files.get("f")
        async with client_of(f"https://127.0.0.1:{server.port}", ca_file=str(certificate[0])) as client:
            with pytest.raises(TlsFailed, match="not trusted"):
                await client.files.get("f")
        async with client_of(url, ca_file="/nowhere/ca.pem") as client:
            with pytest.raises(TlsFailed, match="CA file"):
                await client.files.get("f")
        assert not server.requests
        async with client_of(url, ca_file=str(certificate[0])) as client:
            assert (await client.files.get("f")).id == "file-1"
            await client.files.upload(UploadFileRequest(purpose="batch"), FilePart(big_file, "big"))
        assert len(server.requests) == 2
        assert server.connections == 1  # nobody who did not trust it came through


async def test_a10_over_tls_as_well(
    tls: ssl.SSLContext, certificate: tuple[Path, Path], big_file: Path
) -> None:
    async with FaultServer(reply(500), read_body=False, tls=tls) as server:
        url = f"https://localhost:{server.port}"
        async with client_of(url, ca_file=str(certificate[0])) as client:
            shown = await shown_refusals(server, client, big_file, 10)
    figure("A10 (TLS)", 10, 10 - shown, f"refusals that were shown {shown}/10")


async def test_a_server_that_does_not_speak_tls() -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(whole(400, b"The plain HTTP request was sent"))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server, client_of(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}") as client:
        with pytest.raises(TlsFailed):
            await client.files.get("f")
