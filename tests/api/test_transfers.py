"""Uploads from disk and downloads to disk: whole or not at all, in constant memory."""

import errno
import gzip
import os
import resource
import shutil
import zlib
from itertools import pairwise
from pathlib import Path

import pytest

from playground.api.bodies import FilePart
from playground.api.errors import ConnectionLost, NotThisApi, SaveFailed, TooMuchData
from playground.wire.chat import ChatRequest
from playground.wire.files import UploadFileRequest
from tests.api.conftest import client_of
from tests.api.fault_server import FaultServer, Line, Received, Script, reply, whole
from tests.api.recorded import figure

DATA = bytes(range(256)) * 4096
OLD = b"what was there before"
BATCH = UploadFileRequest(purpose="batch")
ASK = ChatRequest.model_validate({"messages": [{"role": "user", "content": "x"}]})


def cut(position: int, how: str = "reset") -> Script:
    async def play(_: Received, line: Line) -> None:
        answer = whole(200, DATA, "application/octet-stream")
        await line.send(answer[: len(answer) - len(DATA) + position])
        if how == "reset":
            line.reset()
        else:
            line.writer.close()

    return play


async def test_a_download_reports_progress_and_replaces_the_old_file(tmp_path: Path) -> None:
    target, progress = tmp_path / "out.jsonl", []
    target.write_bytes(OLD)
    async with (
        FaultServer(reply(200, DATA, "application/octet-stream")) as server,
        client_of(server.url) as client,
    ):
        report = lambda done, total: progress.append((done, total))  # noqa: E731
        assert await client.files.download("f", target, progress=report) == len(DATA)
    assert target.read_bytes() == DATA
    assert progress == sorted(progress)
    assert progress[-1] == (len(DATA), len(DATA))
    assert list(tmp_path.iterdir()) == [target]
    assert target.stat().st_mode & 0o077 == 0


async def test_a7_a_download_that_is_cut_leaves_the_old_file_alone(tmp_path: Path) -> None:
    target, partial = tmp_path / "out.jsonl", 0
    target.write_bytes(OLD)
    async with FaultServer(reply(500)) as server, client_of(server.url) as client:
        for run in range(20):
            server.play(cut(run * len(DATA) // 20, "reset" if run % 2 else "close"))
            with pytest.raises(ConnectionLost):
                await client.files.download("f", target)
            partial += target.read_bytes() != OLD or len(list(tmp_path.iterdir())) != 1
    figure("A7", 20, partial, f"partial files at the final name {partial}")


async def test_a_cut_download_begins_anew(tmp_path: Path, quick: None) -> None:
    progress: list[int] = []
    good = reply(200, DATA, "application/octet-stream")
    async with (
        FaultServer(cut(len(DATA) // 2), good) as server,
        client_of(server.url, max_retries=1) as client,
    ):
        await client.files.download("f", tmp_path / "x", progress=lambda done, _: progress.append(done))
        assert client.last_exchange is not None
        assert len(client.last_exchange.attempts) == 2
    assert (tmp_path / "x").read_bytes() == DATA
    falls = [after for before, after in pairwise(progress) if after < before]
    assert len(falls) == 1
    assert max(progress) == len(DATA)


async def test_a9_a_full_disk_is_named_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with (
        FaultServer(reply(200, DATA, "application/octet-stream")) as server,
        client_of(server.url) as client,
    ):
        with monkeypatch.context() as patch:
            patch.setattr("playground.api.downloads._finish", full)
            with pytest.raises(SaveFailed, match="not enough room") as caught:
                await client.files.download("f", tmp_path / "x")
        usage = shutil.disk_usage(tmp_path)._replace(free=len(DATA) - 1)
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "disk_usage", lambda _: usage)
            with pytest.raises(SaveFailed, match="not enough room"):
                await client.files.download("f", tmp_path / "x")
    assert str(tmp_path) in str(caught.value)
    assert f"{len(DATA):,}" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


async def test_a12_data_whose_last_step_fails_is_kept_and_found(tmp_path: Path) -> None:
    target = tmp_path / "is a folder"
    target.mkdir()
    async with (
        FaultServer(reply(200, DATA, "application/octet-stream")) as server,
        client_of(server.url) as client,
    ):
        with pytest.raises(SaveFailed) as caught:
            await client.files.download("f", target)
        assert client.last_exchange is not None
        assert client.last_exchange.state == "failed"
    assert caught.value.kept is not None
    assert caught.value.kept in str(caught.value)
    assert Path(caught.value.kept).read_bytes() == DATA


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    async with (
        FaultServer(reply(200, DATA, "application/octet-stream")) as server,
        client_of(server.url) as client,
    ):
        with pytest.raises(SaveFailed):
            await client.files.download("f", tmp_path / "no" / "x")


async def test_a_web_page_is_not_saved(tmp_path: Path) -> None:
    async with FaultServer(reply(200, b"<html>", "text/html")) as server, client_of(server.url) as client:
        with pytest.raises(NotThisApi):
            await client.files.download("f", tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


async def test_a15_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    size, block = 128 * 1024 * 1024, bytes(1 << 20)
    source = tmp_path / "source"
    with source.open("wb") as file:
        file.truncate(size)
    taken = 0

    async def send(_: Received, line: Line) -> None:
        await line.send(whole(200, b"", Content_Length=str(size)).replace(b"Content-Length: 0\r\n", b""))
        for _mb in range(size // len(block)):
            await line.send(block)

    async def take(request: Received, line: Line) -> None:
        nonlocal taken
        left = int(request.headers["content-length"])
        while left:
            got = len(await line.reader.read(min(left, 1 << 20)))
            left -= got
            taken += got
        await line.send(whole(200, b'{"id":"f"}'))

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with FaultServer(send, take, read_body=False) as server, client_of(server.url) as client:
        assert await client.files.download("f", tmp_path / "x") == size
        await client.files.upload(BATCH, FilePart(source, "source"))
    growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert taken > size
    figure("A15", 2, growth > 64, f"growth {growth:.0f} MB for {size >> 20} MB")


async def test_a_slice_of_a_file_is_a_part(tmp_path: Path) -> None:
    path = tmp_path / "big"
    path.write_bytes(DATA)
    async with FaultServer(reply(200, b'{"id":"part"}')) as server, client_of(server.url) as client:
        await client.uploads.add_part("u", FilePart(path, "p", offset=1000, length=5000))
        await client.uploads.add_part("u", FilePart(path, "p", offset=len(DATA) - 10, length=5000))
    first, second = (each.body.partition(b"\r\n\r\n")[2].rpartition(b"\r\n--")[0] for each in server.requests)
    assert first == DATA[1000:6000]
    assert second.removesuffix(b"\r\n").endswith(DATA[-10:])


async def test_a_file_that_is_gone_or_shrinks_is_an_error_of_this_computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    async with FaultServer(reply(200, b'{"id":"f"}')) as server, client_of(server.url) as client:
        with pytest.raises(FileNotFoundError):
            await client.files.upload(BATCH, FilePart(path, "x"))
        path.write_bytes(DATA)
        real = os.stat

        def longer(name: str | Path) -> os.stat_result:
            found = real(name)
            return os.stat_result([*found[:6], found[6] + 100, *found[7:10]]) if name == path else found

        monkeypatch.setattr("playground.api.bodies.os.stat", longer)
        with pytest.raises(OSError, match="became shorter"):
            await client.files.upload(BATCH, FilePart(path, "x"))


async def test_compressed_answers_are_undone() -> None:
    body = b'{"choices":[{"index":0,"message":{"content":"hello"}}]}'
    bare = zlib.compressobj(wbits=-15)
    forms = {
        "gzip": gzip.compress(body),
        "x-gzip": gzip.compress(body),
        "deflate": zlib.compress(body),
        "identity": body,
        "Deflate": bare.compress(body) + bare.flush(),
    }
    async with FaultServer(reply(500)) as server, client_of(server.url) as client:
        for encoding, data in forms.items():
            server.play(reply(200, data, Content_Encoding=encoding))
            assert (await client.chat.complete("d", ASK)).choices[0].message is not None
        server.play(reply(200, gzip.compress(body)[:-12], Content_Encoding="gzip"))
        with pytest.raises(ConnectionLost, match="cut"):
            await client.chat.complete("d", ASK)


async def test_a_compression_bomb_does_not_go_off(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = 8 * 1024 * 1024
    monkeypatch.setattr("playground.api.answer.LARGEST_ANSWER", limit)
    bomb = zlib.compressobj(9, wbits=31)
    data = b"".join(bomb.compress(bytes(1 << 20)) for _ in range(400)) + bomb.flush()
    assert len(data) < 1 << 20
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with (
        FaultServer(reply(200, data, Content_Encoding="gzip")) as server,
        client_of(server.url) as client,
    ):
        with pytest.raises(TooMuchData) as caught:
            await client.chat.complete("d", ASK)
    growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert caught.value.limit == limit
    figure("bomb", 1, growth > 32, f"growth {growth:.0f} MB for 400 MB in {len(data) >> 10} kB")
