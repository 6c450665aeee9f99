"""The service as a process: started by hand or by the app, outliving nobody, never leaking its key."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from playground.service.launch import EmbeddedService, StartFailedError
from tests.conftest import until

from .conftest import KEY, VERSION, RunningService, spawn, stop
from .core_client import jsonl


def alive(pid: int) -> bool:
    """Whether a process runs (one that ended but was not waited for does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def test_it_starts_answers_and_is_gone(tmp_path: Path) -> None:
    began = time.monotonic()
    service = await EmbeddedService(tmp_path / "data", simulated=True, faults=True).start()
    print(f"embedded service: started in {time.monotonic() - began:.2f} s")
    assert service._process is not None
    pid = service._process.pid
    try:
        assert time.monotonic() - began < 10
        assert service.deployments["chat"] == "chat"
        assert service.deployments["throttled"] == "chat"
        async with httpx.AsyncClient() as client:
            url = f"{service.url}/openai/files?api-version={VERSION}"
            assert (await client.get(url, headers={"api-key": service.key})).status_code == 200
            assert (await client.get(url, headers={"api-key": "x"})).status_code == 401
        for name in ("cmdline", "environ"):
            assert service.key.encode() not in Path(f"/proc/{pid}/{name}").read_bytes()
        assert service.running
    finally:
        await service.close()
    assert not alive(pid)
    assert not service.running
    await service.close()
    for path in (tmp_path / "data").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
        assert path.is_dir() or service.key.encode() not in path.read_bytes()


async def test_secrets_of_the_parent_are_not_inherited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "canary-in-the-environment")
    service = await EmbeddedService(tmp_path).start()
    try:
        assert service._process is not None
        environment = Path(f"/proc/{service._process.pid}/environ").read_bytes()
        assert b"canary" not in environment
    finally:
        await service.close()


async def test_each_start_has_its_own_key_and_keeps_the_state(tmp_path: Path) -> None:
    keys = set()
    for expected in (0, 1):
        service = await EmbeddedService(tmp_path).start()
        try:
            keys.add(service.key)
            headers, params = {"api-key": service.key}, {"api-version": VERSION}
            async with httpx.AsyncClient(headers=headers, params=params) as client:
                assert len((await client.get(f"{service.url}/openai/files")).json()["data"]) == expected
                files = {"file": ("a", b"x")}
                await client.post(f"{service.url}/openai/files", data={"purpose": "vision"}, files=files)
        finally:
            await service.close()
    assert len(keys) == 2


async def test_a_second_service_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    first = await EmbeddedService(tmp_path).start()
    try:
        with pytest.raises(StartFailedError, match="cannot be opened") as refused:
            await EmbeddedService(tmp_path).start()
        assert "Traceback" not in str(refused.value)
    finally:
        await first.close()


async def test_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartFailedError, match="did not start"):
        await EmbeddedService(tmp_path / "file" / "data").start()


async def test_the_child_ends_with_its_parent(tmp_path: Path) -> None:
    code = (
        "import asyncio, os, sys, pathlib\n"
        "from playground.service.launch import EmbeddedService\n"
        "async def main():\n"
        "    service = await EmbeddedService(pathlib.Path(sys.argv[1])).start()\n"
        "    print(service._process.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(await asyncio.to_thread(parent.stdout.readline))
    assert alive(pid)
    parent.kill()
    await asyncio.to_thread(parent.wait)
    parent.stdout.close()
    await until(lambda: not alive(pid), seconds=10)


async def test_a_stuck_child_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.service.launch.GOODBYE_SECONDS", 0.3)
    service = await EmbeddedService(tmp_path).start()
    assert service._process is not None
    pid = service._process.pid
    os.kill(pid, signal.SIGSTOP)
    await service.close()
    assert not alive(pid)


def test_by_hand_it_needs_a_key(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PLAYGROUND_SERVICE_KEY"}
    command = [sys.executable, "-m", "playground.service", "--data", str(tmp_path / "data")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20)
    assert done.returncode == 2
    assert "PLAYGROUND_SERVICE_KEY" in done.stderr
    assert not done.stdout
    assert not (tmp_path / "data").exists()


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    running = spawn(tmp_path / "one")
    try:
        port = running.url.rpartition(":")[2]
        command = [
            sys.executable,
            "-m",
            "playground.service",
            "--data",
            str(tmp_path / "two"),
            "--port",
            port,
        ]
        environment = os.environ | {"PLAYGROUND_SERVICE_KEY": KEY}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20)
        assert done.returncode == 1
        assert port in done.stderr
        assert "Traceback" not in done.stderr
    finally:
        stop(running)


def test_uploads_survive_a_kill(tmp_path: Path) -> None:
    boundary = {"content-type": "multipart/form-data; boundary=b"}
    form = b'--b\r\ncontent-disposition: form-data; name="data"; filename="p"\r\n\r\n%s\r\n--b--\r\n'
    running = spawn(tmp_path)
    body = {"filename": "a.jsonl", "purpose": "batch", "bytes": 6, "mime_type": "application/jsonl"}
    upload = running.ask("POST", "/openai/uploads", body).json()["id"]
    parts = f"/openai/uploads/{upload}/parts"
    first = running.ask("POST", parts, form % b"abc", boundary).json()["id"]
    stop(running, kill=True)
    running = spawn(tmp_path)
    try:
        second = running.ask("POST", parts, form % b"def", boundary).json()["id"]
        done = running.ask("POST", f"/openai/uploads/{upload}/complete", {"part_ids": [first, second]}).json()
        assert done["status"] == "completed"
        assert running.ask("GET", f"/openai/files/{done['file']['id']}/content").body == b"abcdef"
    finally:
        stop(running)


def send_batch(running: RunningService, lines: int, model: str) -> str:
    """Upload a file of so many lines and create a batch of it; its id."""
    body = {"model": model, "messages": [{"role": "user", "content": "Hello"}]}
    line = {"method": "POST", "url": "/chat/completions", "body": body}
    head = (
        b'--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nbatch\r\n'
        b'--b\r\ncontent-disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n'
    )
    form = head + jsonl(*({"custom_id": str(n)} | line for n in range(lines))) + b"\r\n--b--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=b"}
    file = running.ask("POST", "/openai/files", form, headers).json()
    wanted = {"input_file_id": file["id"], "endpoint": "/chat/completions", "completion_window": "24h"}
    return str(running.ask("POST", "/openai/batches", wanted).json()["id"])


def wait_for(running: RunningService, batch: str, condition: Callable[[Any], bool]) -> Any:
    """The batch once the condition holds of it."""
    for _ in range(500):
        found = running.ask("GET", f"/openai/batches/{batch}").json()
        if condition(found):
            return found
        time.sleep(0.02)
    raise AssertionError(found)


def results(running: RunningService, file_id: str) -> list[Any]:
    """The lines of a content file."""
    content = running.ask("GET", f"/openai/files/{file_id}/content").body
    return [json.loads(line) for line in content.splitlines()]


def test_a_batch_of_a_real_process_goes_to_its_end(tmp_path: Path) -> None:
    running = spawn(tmp_path)
    try:
        identifier = send_batch(running, 1, "throttled")
        batch = wait_for(running, identifier, lambda found: found["status"] == "completed")
        assert batch["request_counts"] == {"total": 1, "completed": 0, "failed": 1}
        assert results(running, batch["error_file_id"])[0]["response"]["status_code"] == 429
    finally:
        stop(running)


def test_a_batch_survives_kills(tmp_path: Path) -> None:
    running = spawn(tmp_path)
    identifier = send_batch(running, 60, "chat")
    for share in (5, 25):
        wait_for(running, identifier, lambda found: found["request_counts"]["completed"] >= share)  # noqa: B023
        stop(running, kill=True)
        running = spawn(tmp_path)
    try:
        batch = wait_for(running, identifier, lambda found: found["status"] == "completed")
        assert batch["request_counts"] == {"total": 60, "completed": 60, "failed": 0}
        output = results(running, batch["output_file_id"])
        assert [row["custom_id"] for row in output] == [str(n) for n in range(60)]
        assert all(row["response"]["body"]["choices"][0]["message"]["content"] for row in output)
    finally:
        stop(running)
