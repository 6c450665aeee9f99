"""Where keys and tokens live: the system's keyring, the environment, or memory; never a file."""

import asyncio
import contextlib
import os
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pydantic import SecretStr

T = TypeVar("T")

SERVICE = "playground"
MEMORY_ONLY = "Keys are kept in memory only and are forgotten when the program ends."
KEYRING_SECONDS = 90.0  # a locked keyring may be asking for its password in a dialog
_REFERENCE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class SecretsStatus:
    """Whether a secret set now is still there after a restart, and the sentence that says so."""

    durable: bool
    sentence: str


class ReadOnlySecretError(ValueError):
    """A reference to the environment was to be changed; only whoever starts the program can do that."""


class Secrets(Protocol):
    """Keeps secrets under names. A failing keyring raises nothing: ``status`` tells where things went."""

    @property
    def status(self) -> SecretsStatus:
        """Where a secret set now would be kept."""

    async def get(self, reference: str) -> SecretStr | None:
        """The secret under a name, or None."""

    async def set(self, reference: str, secret: SecretStr) -> None:
        """Keep a secret under a name."""

    async def delete(self, reference: str) -> None:
        """Forget it; one that is not there is no error."""


class MemorySecrets:
    """Forgets everything when the program ends."""

    def __init__(self) -> None:
        self._held: dict[str, SecretStr] = {}

    @property
    def status(self) -> SecretsStatus:
        """Never durable."""
        return SecretsStatus(False, MEMORY_ONLY)

    async def get(self, reference: str) -> SecretStr | None:
        """The secret under a name, or None."""
        return self._held.get(reference)

    async def set(self, reference: str, secret: SecretStr) -> None:
        """Keep a secret until the program ends."""
        self._held[reference] = secret

    async def delete(self, reference: str) -> None:
        """Forget it."""
        self._held.pop(reference, None)


def variable_of(reference: str) -> str | None:
    """The variable that ``${NAME}`` names, or None when it is no such reference."""
    match = _REFERENCE.fullmatch(reference.strip())
    return match[1] if match else None


class EnvironmentSecrets:
    """Reads ``${NAME}`` out of the environment, and writes nothing there (children would inherit it)."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ

    @property
    def status(self) -> SecretsStatus:
        """As durable as whoever set the variable made it."""
        return SecretsStatus(True, "The key is read from the environment each time and is stored nowhere.")

    async def get(self, reference: str) -> SecretStr | None:
        """The value of the variable, or None when it is unset or empty."""
        name = variable_of(reference)
        value = self._environ.get(name, "").strip() if name else ""
        return SecretStr(value) if value else None

    async def set(self, reference: str, secret: SecretStr) -> None:
        """Raises ``ReadOnlySecretError``."""
        raise ReadOnlySecretError(reference)

    async def delete(self, reference: str) -> None:
        """Nothing is kept, so nothing is forgotten."""


class KeyringSecrets:
    """The operating system's keyring, asked from worker threads because it may block on a prompt.

    Once it has failed, secrets set from then on stay in memory and ``status`` says why.
    """

    def __init__(self, service: str = SERVICE, load: Callable[[], Any] | None = None) -> None:
        self._service = service
        self._load = load or _load_keyring
        self._turn = threading.Lock()
        self._memory = MemorySecrets()
        self._failure = ""

    @property
    def status(self) -> SecretsStatus:
        """Durable until the keyring has refused."""
        if not self._failure:
            return SecretsStatus(True, "Keys are stored in the keyring of your operating system.")
        return SecretsStatus(False, f"{self._failure} {MEMORY_ONLY}")

    async def get(self, reference: str) -> SecretStr | None:
        """What was set in this run in place of a failed keyring comes first."""
        held = await self._memory.get(reference)
        if held is not None:
            return held
        value = await self._ask(lambda ring: ring.get_password(self._service, reference))
        return SecretStr(value) if isinstance(value, str) and value else None

    async def set(self, reference: str, secret: SecretStr) -> None:
        """Store it, read it back, and keep it in memory if the keyring did not."""

        def store(ring: Any) -> bool:
            ring.set_password(self._service, reference, secret.get_secret_value())
            return bool(ring.get_password(self._service, reference) == secret.get_secret_value())

        stored = await self._ask(store)
        if stored:
            await self._memory.delete(reference)
            return
        self._failure = self._failure or "The keyring accepted the key but did not keep it."
        await self._memory.set(reference, secret)

    async def delete(self, reference: str) -> None:
        """Forget it in both places."""
        await self._memory.delete(reference)

        def remove(ring: Any) -> None:
            if ring.get_password(self._service, reference) is not None:
                ring.delete_password(self._service, reference)

        await self._ask(remove)

    async def _ask(self, question: Callable[[Any], T]) -> T | None:
        if self._failure:
            return None

        def work() -> T:
            with self._turn:
                return question(self._load())

        try:
            return await _in_daemon_thread(work, KEYRING_SECONDS)
        except TimeoutError:
            self._failure = "The keyring did not answer."
        except Exception as error:  # backends raise their own kinds, and D-Bus its own beneath them
            self._failure = f"There is no usable keyring ({type(error).__name__})."
        return None


class LayeredSecrets:
    """``${NAME}`` comes from the environment, everything else from the keyring."""

    def __init__(self, environment: Secrets, kept: Secrets) -> None:
        self._environment = environment
        self._kept = kept

    def _layer(self, reference: str) -> Secrets:
        return self._environment if variable_of(reference) else self._kept

    @property
    def status(self) -> SecretsStatus:
        """Of the layer that can be written."""
        return self._kept.status

    async def get(self, reference: str) -> SecretStr | None:
        """The secret under a name or in a variable, or None."""
        return await self._layer(reference).get(reference) if reference else None

    async def set(self, reference: str, secret: SecretStr) -> None:
        """Keep a secret. Raises ``ReadOnlySecretError`` for ``${NAME}``."""
        await self._layer(reference).set(reference, secret)

    async def delete(self, reference: str) -> None:
        """Forget it."""
        if reference:
            await self._layer(reference).delete(reference)


def open_secrets(environ: Mapping[str, str] | None = None) -> LayeredSecrets:
    """The secrets of a normal run; nothing is imported or asked until the first use."""
    return LayeredSecrets(EnvironmentSecrets(environ), KeyringSecrets())


def _load_keyring() -> Any:
    import keyring  # 240 ms and D-Bus: only when a key is wanted, and in the worker

    return keyring


async def _in_daemon_thread(work: Callable[[], T], seconds: float) -> T:
    """Run blocking work on a thread that, unlike a pool's, cannot keep the program alive."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(value: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(value)  # type: ignore[arg-type]
        else:
            future.set_exception(error)

    def run() -> None:
        value: T | None = None
        failure: BaseException | None = None
        try:
            value = work()
        except BaseException as error:
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, value, failure)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    async with asyncio.timeout(seconds):
        return await future
