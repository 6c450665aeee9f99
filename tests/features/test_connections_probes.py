"""The lower half of the doctor against real sockets: names, ports, certificates, proxies."""

import asyncio
import contextlib
import gc
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.features.connections.probes import Line
from playground.features.connections.route import UnusableAddressError, route_to
from playground.features.connections.steps import Step
from tests.conftest import until
from tests.features.certificates import issue


@pytest.fixture(autouse=True)
def _no_dead_loop_left() -> None:
    """Qt timers of an earlier test's loop must not be collected on a worker thread, which Qt forbids."""
    gc.freeze()


@asynccontextmanager
async def server(
    reply: Callable[[bytes], bytes] = lambda _: b"", tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server on loopback that answers the first bytes of each caller; yields its port and what it got."""
    got: list[bytes] = []
    before = asyncio.all_tasks()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            data = await reader.read(65536)
            if data:
                got.append(data)
                writer.write(reply(data))
                await writer.drain()
        except (OSError, ssl.SSLError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield listening.sockets[0].getsockname()[1], got
    finally:
        listening.close()
        await listening.wait_closed()
        await until(lambda: not asyncio.all_tasks() - before)  # its side of a broken handshake ends later


async def walk(endpoint: str, *, proxy: str | None = None, ca_file: Path | None = None) -> list[Step]:
    """Name, network and encryption of an endpoint, until one fails."""
    way = route_to(endpoint, proxy)
    line = Line(way, ca_file=str(ca_file) if ca_file else None, seconds=3)
    steps = []
    try:
        for probe in (line.look_up, line.connect, *([line.encrypt] if way.encrypted else [])):
            steps.append(await probe())
            if steps[-1].state != "ok":
                break
    finally:
        await line.close()
    return steps


async def test_a_name_that_does_not_exist():
    (step,) = await walk("https://nosuchhost.invalid")
    assert (step.id, step.state) == ("name", "failed")
    assert "nosuchhost.invalid" in step.sentence


@pytest.mark.parametrize("name", ["a" * 70, "a..b", "nul\0nul"])
async def test_a_name_that_cannot_be_a_name(name: str):
    (step,) = await walk(f"https://{name}.example")
    assert (step.id, step.state) == ("name", "failed")


async def test_a_port_where_nobody_listens():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # bound but not listening: refuses, and nobody else can take it
        steps = await walk(f"http://127.0.0.1:{bound.getsockname()[1]}")
    assert [(s.id, s.state) for s in steps] == [("name", "ok"), ("network", "failed")]
    assert "refuses connections" in steps[1].sentence


async def test_a_sound_certificate_with_its_authority(tmp_path: Path):
    issued = issue(tmp_path)
    async with server(tls=issued.context) as (port, _):
        steps = await walk(f"https://localhost:{port}", ca_file=issued.authority)
    assert [s.state for s in steps] == ["ok", "ok", "ok"]
    assert "Test Authority" in steps[2].sentence
    assert "CA file" in steps[2].sentence


@pytest.mark.parametrize(
    ("made", "trusted", "words"),
    [
        ({}, False, "does not know"),
        ({"self_signed": True}, False, "signed by itself"),
        ({"days": -1}, True, "expired"),
        ({"names": ("other.example",)}, True, "another name"),
    ],
    ids=["unknown authority", "self-signed", "expired", "wrong host"],
)
async def test_a_certificate_that_cannot_be_trusted_is_told_apart(
    tmp_path: Path, made, trusted: bool, words: str
):
    issued = issue(tmp_path, **made)
    async with server(tls=issued.context) as (port, got):
        steps = await walk(f"https://localhost:{port}", ca_file=issued.authority if trusted else None)
    assert (steps[-1].id, steps[-1].state) == ("encryption", "failed")
    assert words in steps[-1].sentence
    assert steps[-1].advice
    assert got == [], "nothing was sent to a server that could not be trusted"


async def test_a_server_that_does_not_speak_tls():
    async with server(lambda _: b"HTTP/1.1 400 Bad Request\r\n\r\n") as (port, _):
        steps = await walk(f"https://127.0.0.1:{port}")
    assert steps[-1].state == "failed"
    assert "does not speak TLS" in steps[-1].sentence


async def test_a_server_that_hangs_up():
    async with server() as (port, _):
        steps = await walk(f"https://127.0.0.1:{port}")
    assert (steps[-1].id, steps[-1].state) == ("encryption", "failed")


@pytest.mark.parametrize("content", [None, "no certificate at all"])
async def test_a_ca_file_that_is_none(tmp_path: Path, content: str | None):
    issued = issue(tmp_path)
    broken = tmp_path / "broken.pem"
    if content is not None:
        broken.write_text(content)
    async with server(tls=issued.context) as (port, _):
        steps = await walk(f"https://localhost:{port}", ca_file=broken)
    assert "broken.pem cannot be used" in steps[-1].sentence


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "wants a user name"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "does not let us through"),
        (b"SSH-2.0-OpenSSH\r\n", "does not behave like a proxy"),
    ],
)
async def test_a_proxy_that_refuses(answer: bytes, words: str):
    async with server(lambda _: answer) as (port, _):
        steps = await walk("https://res.openai.azure.com", proxy=f"http://127.0.0.1:{port}")
    assert (steps[-1].id, steps[-1].state) == ("network", "failed")
    assert words in steps[-1].sentence


async def test_a_proxy_is_told_who_we_are_and_nothing_of_it_is_repeated():
    async with server(lambda _: b"HTTP/1.1 403 Forbidden\r\n\r\n") as (port, got):
        steps = await walk("https://res.openai.azure.com", proxy=f"http://me:canary%2F1@127.0.0.1:{port}")
    assert b"CONNECT res.openai.azure.com:443" in got[0]
    assert b"Proxy-Authorization: Basic bWU6Y2FuYXJ5LzE=" in got[0]
    assert "canary" not in repr(steps)
    assert "canary" not in repr(route_to("https://a.example", f"http://me:canary@127.0.0.1:{port}"))


@given(st.text(max_size=30) | st.text(max_size=20).map("https://{}".format))
def test_no_address_at_all_raises_anything_else(text: str):
    with contextlib.suppress(UnusableAddressError):
        assert route_to(text, None).host
    with contextlib.suppress(UnusableAddressError):
        route_to("https://a.example", text)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "   ",
        "res.openai.azure.com",
        "ftp://x",
        "https://",
        "https://<name>.azure.com",
        "https://[::1",
        "https://a:b",
    ],
)
def test_an_address_that_cannot_be_asked_is_explained(endpoint: str):
    with pytest.raises(UnusableAddressError) as caught:
        route_to(endpoint, None)
    sentence, advice = caught.value.args
    assert sentence.endswith(".")
    assert advice.endswith(".")
