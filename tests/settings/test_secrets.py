"""Secrets: where they go, what is said about it, and that they are never in a file."""

import gc
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from playground.settings import secrets as module
from playground.settings.file import Settings, SettingsFile
from playground.settings.profiles import ConnectionProfile, HeaderEntry, ProxySettings, is_sensitive_header
from playground.settings.resolved import resolve
from playground.settings.secrets import (
    EnvironmentSecrets,
    KeyringSecrets,
    LayeredSecrets,
    MemorySecrets,
    ReadOnlySecretError,
)
from tests.settings.canary import hits, spellings

CANARY = 'sk-canary/7Qé"+&'


@pytest.fixture(autouse=True)
def _no_dead_loop_left() -> None:
    """Qt timers of an earlier test's loop must not be collected on the keyring's thread, which Qt forbids."""
    gc.freeze()


class FakeRing:
    """A keyring in memory that can be told to fail, forget or hang."""

    def __init__(self, fail: bool = False, forget: bool = False, hang: threading.Event | None = None) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.threads: set[int] = set()
        self._fail, self._forget, self._hang = fail, forget, hang

    def _enter(self) -> None:
        self.threads.add(threading.get_ident())
        if self._hang:
            self._hang.wait(10)
        if self._fail:
            raise RuntimeError("No recommended backend was available")

    def get_password(self, service: str, name: str) -> str | None:
        self._enter()
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self._enter()
        if not self._forget:
            self.kept[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        self._enter()
        del self.kept[service, name]


async def test_a_key_goes_to_the_keyring_on_another_thread_and_comes_back():
    ring = FakeRing()
    secrets = KeyringSecrets(load=lambda: ring)
    await secrets.set("connection/a", SecretStr(CANARY))
    found = await KeyringSecrets(load=lambda: ring).get("connection/a")
    assert found is not None
    assert found.get_secret_value() == CANARY
    assert threading.get_ident() not in ring.threads
    assert secrets.status.durable
    await secrets.delete("connection/a")
    await secrets.delete("connection/a")
    assert await secrets.get("connection/a") is None


@pytest.mark.parametrize(
    "ring", [FakeRing(fail=True), FakeRing(forget=True)], ids=["no keyring", "null backend"]
)
async def test_without_a_keyring_the_key_works_for_this_run_and_the_status_says_so(ring: FakeRing):
    secrets = KeyringSecrets(load=lambda: ring)
    await secrets.set("connection/a", SecretStr(CANARY))
    found = await secrets.get("connection/a")
    assert found is not None
    assert found.get_secret_value() == CANARY
    assert not secrets.status.durable
    assert "memory only" in secrets.status.sentence
    assert CANARY not in secrets.status.sentence
    assert ring.kept == {}


async def test_a_keyring_that_cannot_be_imported_is_no_keyring():
    def broken() -> None:
        raise ImportError("libsecret")

    secrets = KeyringSecrets(load=broken)
    assert await secrets.get("x") is None
    assert not secrets.status.durable


async def test_a_prompt_that_is_never_answered_ends_in_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "KEYRING_SECONDS", 0.05)
    answered = threading.Event()
    secrets = KeyringSecrets(load=lambda: FakeRing(hang=answered))
    started = time.monotonic()
    await secrets.set("a", SecretStr(CANARY))
    assert time.monotonic() - started < 5
    assert secrets.status.sentence.startswith("The keyring did not answer.")
    assert await secrets.get("a") == SecretStr(CANARY)
    answered.set()


async def test_the_environment_is_read_each_time_and_never_written():
    environ = {"MY_KEY": f" {CANARY}\n", "EMPTY": ""}
    secrets = LayeredSecrets(EnvironmentSecrets(environ), MemorySecrets())
    assert await secrets.get("${MY_KEY}") == SecretStr(CANARY)
    assert await secrets.get("${EMPTY}") is None
    assert await secrets.get("${ABSENT}") is None
    assert await secrets.get("") is None
    with pytest.raises(ReadOnlySecretError):
        await secrets.set("${MY_KEY}", SecretStr("x"))
    environ["MY_KEY"] = "turned"
    assert await secrets.get("${MY_KEY}") == SecretStr("turned")


async def test_resolving_a_profile_finds_every_secret_and_names_the_missing():
    secrets = MemorySecrets()
    profile = ConnectionProfile(
        id="a",
        key_reference="connection/a",
        headers=[
            HeaderEntry(name="X-Team", value="blue"),
            HeaderEntry(name="Ocp-Apim-Subscription-Key", reference="connection/a/header/ocp"),
            HeaderEntry(name="X-Token", reference="connection/a/header/gone"),
        ],
        proxy=ProxySettings(
            mode="manual", url="proxy.corp:8080", user="DOM\\me", reference="connection/a/proxy"
        ),
    )
    await secrets.set("connection/a", SecretStr("k"))
    await secrets.set("connection/a/header/ocp", SecretStr("apim"))
    await secrets.set("connection/a/proxy", SecretStr("p@ss:/"))
    found = await resolve(profile, secrets)
    assert found.key == SecretStr("k")
    assert {n: v.get_secret_value() for n, v in found.headers.items()} == {
        "X-Team": "blue",
        "Ocp-Apim-Subscription-Key": "apim",
    }
    assert found.proxy.url.get_secret_value() == "http://DOM%5Cme:p%40ss%3A%2F@proxy.corp:8080"
    assert found.missing == ("connection/a/header/gone",)
    assert sorted(profile.references()) == [
        "connection/a", "connection/a/header/gone", "connection/a/header/ocp", "connection/a/proxy",
    ]  # fmt: skip
    assert "p@ss" not in repr(found)
    assert "apim" not in repr(found)


async def test_the_embedded_service_is_never_reached_through_a_proxy():
    profile = ConnectionProfile(kind="embedded", proxy=ProxySettings(mode="system"))
    assert (await resolve(profile, MemorySecrets())).proxy.mode == "none"


def test_headers_that_carry_secrets_are_recognised():
    assert all(
        map(is_sensitive_header, ["Authorization", "Ocp-Apim-Subscription-Key", "X-Auth-Token", "Cookie"])
    )
    assert not any(map(is_sensitive_header, ["X-Team", "User-Agent", "traceparent"]))


@pytest.mark.parametrize("ring", [FakeRing(), FakeRing(fail=True)], ids=["keyring", "no keyring"])
async def test_no_secret_is_anywhere_in_the_profile_folder(tmp_path: Path, ring: FakeRing):
    secrets = KeyringSecrets(load=lambda: ring)
    profile = ConnectionProfile(id="a")
    for reference in (
        profile.own_key_reference,
        profile.own_proxy_reference,
        profile.own_header_reference("X-Key"),
    ):
        await secrets.set(reference, SecretStr(CANARY))
    profile = profile.model_copy(update={"key_reference": profile.own_key_reference})
    file = SettingsFile(tmp_path / "profile" / "settings.json")
    await file.write(Settings().with_profile(profile))
    assert b"connection/a" in file.path.read_bytes()
    assert hits(CANARY, tmp_path) == []


def test_keyring_is_not_imported_before_it_is_needed():
    code = (
        "import sys; from playground.settings import secrets, file, resolved, paths; secrets.open_secrets();"
        "sys.exit(any(m in sys.modules for m in ('keyring', 'PySide6', 'httpx')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("form", list(spellings(CANARY)))
def test_the_search_for_leaks_finds_each_form(tmp_path: Path, form: str):
    (tmp_path / "leak.bin").write_bytes(b"..." + spellings(CANARY)[form] + b"...")
    assert f"leak.bin: {form}" in hits(CANARY, tmp_path)
