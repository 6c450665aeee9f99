"""Files: what is answered, what is refused, how lists end, and what is left on the disk."""

import os
import stat
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.service.multipart import safe_name
from tests.conftest import until
from tests.schema import validate

from .conftest import Opener, Resource
from .core_client import jsonl, refused, upload


async def status_of(resource: Resource, identifier: str) -> str:
    await until(lambda: identifier not in resource.service.checks)
    answer = await resource.client.get(f"/files/{identifier}")
    validate("GetFile", 200, answer.json())
    return str(answer.json()["status"])


async def test_a_file_goes_in_and_comes_out_and_goes_away(resource: Opener) -> None:
    data = bytes(range(256)) * 20_000
    async with resource() as running:
        files = {"file": ("pic.png", data, "image/png")}
        answer = await running.client.post("/files", data={"purpose": "vision"}, files=files)
        file = answer.json()
        validate("UploadFile", 201, file)
        assert answer.headers["location"].endswith(f"/openai/files/{file['id']}")
        assert (file["bytes"], file["filename"], file["purpose"]) == (len(data), "pic.png", "vision")
        assert (file["status"], file["status_details"]) == ("processed", None)
        content = await running.client.get(f"/files/{file['id']}/content")
        assert content.content == data
        assert content.headers["content-type"] == "application/octet-stream"
        gone = await running.client.delete(f"/files/{file['id']}")
        validate("DeleteFile", 200, gone.json())
        assert gone.json() == {"id": file["id"], "object": "file", "deleted": True}
        for answer in (
            await running.client.get(f"/files/{file['id']}"),
            await running.client.get(f"/files/{file['id']}/content"),
            await running.client.delete(f"/files/{file['id']}"),
        ):
            refused(answer, 404, "notFound")
        assert not list((running.service.data / "files").iterdir())


@pytest.mark.parametrize(
    ("purpose", "data", "status"),
    [
        ("batch", jsonl({"a": 1}, b"not json"), "processed"),
        ("batch", b"", "processed"),
        ("batch", b"\xef\xbb\xbf{}\n", "processed"),
        ("batch", b"\x00\xff\xfe", "error"),
        ("batch", b"[1]\n", "error"),
        ("batch", b"[" * 100_000, "error"),
        ("fine-tune", jsonl({"a": 1}, b"not json"), "error"),
        ("fine-tune", jsonl({"a": 1}, {"b": 2}), "processed"),
    ],
)
async def test_files_of_lines_are_pending_until_checked(
    resource: Opener, purpose: str, data: bytes, status: str
) -> None:
    async with resource() as running:
        file = await upload(running, data, purpose)
        assert file["status"] == "pending"
        assert await status_of(running, file["id"]) == status
        found = (await running.client.get(f"/files/{file['id']}")).json()
        assert (found["status_details"] is None) == (status == "processed")
        assert (await running.client.get(f"/files/{file['id']}/content")).content == data


async def test_what_is_refused(resource: Opener) -> None:
    async with resource() as running:
        post = running.client.post
        file = {"file": ("a", b"x")}
        refused(
            await post("/files", data={"purpose": "nonsense"}, files=file), 400, "invalidPayload", "purpose"
        )
        refused(await post("/files", files=file), 400, "invalidPayload", "purpose")
        nothing = {"other": (None, "x")}
        refused(await post("/files", data={"purpose": "batch"}, files=nothing), 400, "invalidPayload", "file")
        two = [("file", ("a", b"x")), ("file", ("b", b"y"))]
        assert (await post("/files", data={"purpose": "batch"}, files=two)).status_code == 400
        no_form = await post("/files", json={"purpose": "batch"})
        assert no_form.status_code == 400
        cut = b'--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nabc'
        headers = {"content-type": "multipart/form-data; boundary=b"}
        assert (await post("/files", content=cut, headers=headers)).status_code == 400
        assert (await post("/files", content=b"junk", headers=headers)).status_code == 400
        assert not list((running.service.data / "files").iterdir())
        assert not list((running.service.data / "temporary").iterdir())


async def test_too_large_is_413(resource: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    from playground.service import routes

    monkeypatch.setitem(routes.FORMS, "upload", (1000, "invalidPayload"))
    async with resource() as running:
        files = {"file": ("a", b"x" * 1001)}
        answer = await running.client.post("/files", data={"purpose": "vision"}, files=files)
        refused(answer, 413, "invalidPayload")
        files = {"file": ("a", b"x" * 1000)}
        answer = await running.client.post("/files", data={"purpose": "vision"}, files=files)
        assert answer.status_code == 201
        assert len(list((running.service.data / "files").iterdir())) == 1


async def walk(client: httpx.AsyncClient, path: str, **params: str | int) -> list[str]:
    """All ids of a list, page by page, as the newer SDKs do; fails rather than looping for ever."""
    seen: list[str] = []
    for _ in range(20):
        page = (await client.get(path, params=params)).json()
        seen += [item["id"] for item in page["data"]]
        if not page["has_more"]:
            return seen
        params["after"] = page["data"][-1]["id"]
    raise AssertionError("the list has no end")


async def test_lists_come_in_pages_that_end(resource: Opener) -> None:
    async with resource() as running:
        made = [(await upload(running, b"x", "assistants"))["id"] for _ in range(5)]
        other = (await upload(running, b"x", "vision"))["id"]
        listing = (await running.client.get("/files")).json()
        validate("ListFiles", 200, listing)
        assert [file["id"] for file in listing["data"]] == [other, *reversed(made)]
        assert listing["has_more"] is False
        assert await walk(running.client, "/files", limit=2) == [other, *reversed(made)]
        assert await walk(running.client, "/files", limit=2, order="asc") == [*made, other]
        assert await walk(running.client, "/files", purpose="assistants", limit=5) == made[::-1]
        last = (await running.client.get("/files", params={"after": made[0]})).json()
        assert (last["data"], last["has_more"]) == ([], False)
        # A file deleted while someone walks the list is still a place in it.
        await running.client.delete(f"/files/{made[3]}")
        after = (await running.client.get("/files", params={"after": made[3]})).json()
        assert [file["id"] for file in after["data"]] == made[2::-1]
        for params in (
            {"limit": "0"},
            {"limit": "x"},
            {"order": "up"},
            {"after": "file-0"},
            {"purpose": "x"},
        ):
            answer = await running.client.get("/files", params=params)
            refused(answer, 400, "invalidPayload", next(iter(params)))


async def test_files_survive_a_restart_and_debris_does_not(resource: Opener) -> None:
    async with resource() as running:
        kept = await upload(running, b"kept", "vision")
        data = running.service.data
    (data / "files" / "file-half-made").write_bytes(b"x")
    (data / "temporary" / "left").write_bytes(b"x")
    async with resource() as running:
        assert (await running.client.get(f"/files/{kept['id']}/content")).content == b"kept"
        assert [path.name for path in (data / "files").iterdir()] == [kept["id"]]
        assert not list((data / "temporary").iterdir())


async def test_everything_is_private_whatever_the_umask(resource: Opener) -> None:
    before = os.umask(0)
    try:
        async with resource() as running:
            await upload(running, jsonl({"a": 1}))
            modes = {
                path: stat.S_IMODE(path.stat().st_mode)
                for path in (running.service.data, *running.service.data.rglob("*"))
            }
    finally:
        os.umask(before)
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    assert any(path.name.startswith("state.sqlite3") for path in modes)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\x.jsonl", "x.jsonl"),
        ("..", "file"),
        ("", "file"),
        ("a\x00b\n.txt", "ab.txt"),
        ("gpj.\u202eexe", "gpj.exe"),
    ],
)
def test_names_become_harmless(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=600))
@settings(max_examples=60)
def test_no_name_is_a_path(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert Path(safe).name == safe
    assert len(safe) <= 255
    safe.encode()
