"""Starts the service as a child of this program, and makes sure that it never outlives it."""

import asyncio
import contextlib
import json
import os
import secrets
import socket
import sys
from pathlib import Path
from typing import IO, Self

START_SECONDS = 20.0
GOODBYE_SECONDS = 3.0
LOG_NAME = "service.log"
LOG_TAIL = 2000
NOT_INHERITED = (
    *("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN", "OPENAI_API_KEY", "PLAYGROUND_SERVICE_KEY"),
    *("AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD"),
)
"""Secrets of this program's environment that the child has no use for."""


class StartFailedError(RuntimeError):
    """The service did not come up; the message ends with what it wrote before."""


class EmbeddedService:
    """The service as a child process on a random loopback port, with a fresh key.

    The listening socket is opened here and inherited, and the key goes through standard input, so neither is
    ever in an argument or in the environment. When this program dies, however it dies, the child's standard
    input ends, and the child with it. After ``start`` there are ``url``, ``key`` and ``deployments`` (name to
    capability).
    """

    def __init__(self, data_dir: Path, simulated: bool = True, faults: bool = False) -> None:
        self.url = ""
        self.key = ""
        self.deployments: dict[str, str] = {}
        self._data = data_dir
        self._simulated = simulated
        self._faults = faults
        self._process: asyncio.subprocess.Process | None = None

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> Self:
        """Start and wait until requests are answered; raises ``StartFailedError``."""
        key = secrets.token_urlsafe(32)
        try:
            with await asyncio.to_thread(self._open_log) as log:
                self._process = await self._spawn(log)
            async with asyncio.timeout(START_SECONDS):
                await self._say(key)
                ready = json.loads(await self._first_line())
        except (OSError, ValueError, TimeoutError) as error:
            await self.close()
            words = await self._last_words()
            raise StartFailedError(f"The embedded service did not start: {words or error}") from error
        except BaseException:
            await self.close()
            raise
        self.url, self.key, self.deployments = ready["url"], key, ready["deployments"]
        return self

    async def close(self) -> None:
        """End the process: by word, after a few seconds by force; safe to call twice."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), GOODBYE_SECONDS)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        # The loop closes the pipe's transports a little later; without this they would warn at its end.
        process._transport.close()  # type: ignore[attr-defined]

    def _open_log(self) -> IO[bytes]:
        self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._data / LOG_NAME
        return open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600))

    async def _spawn(self, log: IO[bytes]) -> asyncio.subprocess.Process:
        arguments = ["-m", "playground.service", "--inherit", "--data", str(self._data)]
        arguments += ["--simulated"] if self._simulated else []
        arguments += ["--faults"] if self._faults else []
        with contextlib.ExitStack() as stack:
            inherited: tuple[int, ...] = ()
            if sys.platform != "win32":  # descriptors are not inherited there: the child opens the socket
                listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=128))
                inherited = (listener.fileno(),)
                arguments += ["--fd", str(listener.fileno())]
            return await asyncio.create_subprocess_exec(
                sys.executable,
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env={name: value for name, value in os.environ.items() if name not in NOT_INHERITED},
                pass_fds=inherited,
            )

    async def _say(self, key: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{key}\n".encode())
        await self._process.stdin.drain()

    async def _first_line(self) -> bytes:
        assert self._process is not None
        assert self._process.stdout is not None
        return await self._process.stdout.readline()

    async def _last_words(self) -> str:
        try:
            log = await asyncio.to_thread((self._data / LOG_NAME).read_text, errors="replace")
        except OSError:
            return ""
        return log.strip()[-LOG_TAIL:]
