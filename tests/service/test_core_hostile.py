"""Hostile input: forms cut anywhere, files of arbitrary lines, bodies far larger than the memory allowed."""

import asyncio
import http.client
import json
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from playground.service import batch_lines, limits
from playground.service.batch_lines import check_file, numbered_lines
from playground.service.call import Form
from playground.service.errors import ServiceError
from playground.service.multipart import read_form
from playground.service.service import DEFAULT

from .conftest import KEY, VERSION, RunningService
from .core_client import request_line

DEPLOYMENTS = {deployment.name: deployment for deployment in DEFAULT}
TYPE = "multipart/form-data; boundary=X"
CODES = {
    *("empty_file", "empty_batch", "too_many_tasks", "invalid_json_line", "invalid_request", "url_mismatch"),
    *("duplicate_custom_id", "model_not_found", "model_mismatch"),
}


def read(pieces: list[bytes], limit: int = 10_000) -> tuple[Form, bytes]:
    """The form in these pieces, and the bytes that its file had."""

    async def arriving() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        form = asyncio.run(read_form(arriving(), TYPE, path=path, limit=limit))
        return form, path.read_bytes() if path.exists() else b""


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """The data in pieces, cut at these places."""
    edges = [0, *sorted({place % (len(data) + 1) for place in places}), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


@given(st.binary(max_size=200), st.text(max_size=20), st.lists(st.integers(min_value=0), max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_form_is_the_same_however_it_is_cut(data: bytes, text: str, places: list[int]) -> None:
    head = b'--X\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n%s\r\n' % text.encode()
    file = b'--X\r\nContent-Disposition: form-data; name="file"; filename="\xc3\xa9.bin"\r\n\r\n%s\r\n' % data
    if b"\r\n--X" in b"\r\n" + data or "\r\n--X" in text:
        return
    form, content = read(cut(head + file + b"--X--\r\n", places))
    assert form.fields == [("purpose", text)]
    assert content == data
    assert form.file is not None
    assert (form.file.filename, form.file.size) == ("é.bin", len(data))


@given(st.lists(st.binary(max_size=80), max_size=5), st.booleans())
@settings(max_examples=80, deadline=None)
def test_any_bytes_are_a_form_or_a_refusal(pieces: list[bytes], begins_well: bool) -> None:
    start = [b'--X\r\nContent-Disposition: form-data; name="file"\r\n\r\n'] if begins_well else []
    status = 200
    try:
        read([*start, *pieces], limit=100)
    except ServiceError as error:
        status = error.status
    assert status in {200, 400, 413}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=2)
)
MEMBERS = st.sampled_from(["custom_id", "method", "url", "body", "other"])
LINES = st.one_of(
    st.binary(max_size=60).filter(lambda line: b"\n" not in line),
    st.dictionaries(MEMBERS, JSON).map(lambda value: json.dumps(value).encode()),
    st.builds(lambda n: json.dumps(request_line(n)).encode(), st.integers(0, 3)),
    st.builds(
        lambda b: json.dumps(request_line(9, body=b)).encode(), st.dictionaries(st.just("model"), JSON)
    ),
)


@given(st.lists(LINES, max_size=6), st.sampled_from([b"\n", b"\r\n"]))
@settings(max_examples=100, deadline=None)
def test_any_file_is_checked_with_documented_codes(lines: list[bytes], end: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.jsonl"
        path.write_bytes(end.join(lines))
        checked = check_file(path, "/v1/chat/completions", DEPLOYMENTS)
        assert {error["code"] for error in checked.errors} <= CODES
        assert checked.errors or checked.total == len(list(numbered_lines(path)))
        json.dumps(checked.errors).encode()


def test_a_line_without_end_costs_no_memory(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(limits, "BATCH_LINE", 1000)
    path = tmp_path / "in.jsonl"
    good = json.dumps(request_line(1)).encode()
    path.write_bytes(b"x" * 5000 + b"\n" + good + b"\n" + b"y" * 3000)
    assert [(number, len(line) <= 1001) for number, line in numbered_lines(path)] == [
        (1, True),
        (2, True),
        (3, True),
    ]
    codes = [
        (e["code"], e["line"]) for e in batch_lines.check_file(path, "/chat/completions", DEPLOYMENTS).errors
    ]
    assert codes == [("invalid_request", 1), ("invalid_request", 3)]


def _resident(pid: int) -> int:
    """The memory of a process in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


def test_a_large_part_goes_to_disk_in_constant_memory(service: RunningService) -> None:
    size = 60 * limits.MB
    wanted = {"filename": "a", "purpose": "vision", "bytes": size, "mime_type": "image/png"}
    upload = service.ask("POST", "/openai/uploads", wanted).json()["id"]
    before, peak = _resident(service.process.pid), 0

    def body() -> Iterator[bytes]:
        nonlocal peak
        yield b'--b\r\ncontent-disposition: form-data; name="data"; filename="p"\r\n\r\n'
        for _ in range(60):
            yield b"\r\n--almost" * (limits.MB // 10) + b"x" * (limits.MB % 10)
            peak = max(peak, _resident(service.process.pid))
        yield b"\r\n--b--\r\n"

    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=20)
    headers = {"api-key": KEY, "content-type": "multipart/form-data; boundary=b"}
    path = f"/openai/uploads/{upload}/parts?api-version={VERSION}"
    connection.request("POST", path, body(), headers, encode_chunked=True)
    with connection.getresponse() as reply:
        part = json.loads(reply.read())["id"]
    connection.close()
    assert peak - before < 24
    done = service.ask("POST", f"/openai/uploads/{upload}/complete", {"part_ids": [part]}).json()
    assert done["file"]["bytes"] == size
    service.ask("DELETE", f"/openai/files/{done['file']['id']}")
