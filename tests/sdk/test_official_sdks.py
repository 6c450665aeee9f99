"""The official SDKs, unmodified, drive the service through all 20 operations and every error class."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from playground.service.launch import EmbeddedService

HERE = Path(__file__).parent
SDKS = Path(sys.prefix) / "sdk"
JAVASCRIPT_CASES, PYTHON_CASES = 12, 18


@pytest.fixture(scope="module")
def wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a rising and falling tone: something to transcribe."""
    import numpy as np

    seconds = np.arange(32_000) / 16_000
    tone = np.sin(2 * np.pi * 220 * seconds) * np.abs(np.sin(2 * np.pi * 2 * seconds))
    path = tmp_path_factory.mktemp("audio") / "tone.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes((tone * 20_000).astype("<i2").tobytes())
    return path


async def drive(command: list[str], service: EmbeddedService, wav: Path, **environment: str) -> list[dict]:
    """Run a driver against the service in a process of its own; its rows, one for each case."""
    done = await asyncio.to_thread(
        subprocess.run,
        [*command, service.url, service.key, str(wav)],
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def judge(name: str, rows: list[dict], cases: int) -> None:
    failed = [row for row in rows if not row["ok"]]
    print(f"SDK {name}: runs {len(rows)}, failures {len(failed)}")
    assert not failed
    assert len(rows) == cases


@pytest.mark.parametrize("version", ["openai-1.61.1", "openai-3.54.0"])
async def test_the_python_sdk(version: str, tmp_path: Path, wav: Path) -> None:
    folder = SDKS / version
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing; packaging/bootstrap.py test fetches it")
    service = await EmbeddedService(tmp_path, simulated=True, faults=True).start()
    try:
        rows = await drive([sys.executable, str(HERE / "drive.py")], service, wav, PYTHONPATH=str(folder))
    finally:
        await service.close()
    judge(version, rows, PYTHON_CASES)


async def test_the_javascript_sdk(tmp_path: Path, wav: Path) -> None:
    folder, node = SDKS / "npm", shutil.which("node")
    if node is None or not (folder / "node_modules" / "openai").is_dir():
        pytest.skip(
            "node or the npm package openai is missing; the bootstrap fetches it where npm is installed"
        )
    script = folder / "drive.mjs"  # beside node_modules, where node looks for the package
    shutil.copy(HERE / "drive.mjs", script)
    service = await EmbeddedService(tmp_path, simulated=True, faults=True).start()
    try:
        rows = await drive([node, str(script)], service, wav)
    finally:
        await service.close()
    judge("npm openai", rows, JAVASCRIPT_CASES)
