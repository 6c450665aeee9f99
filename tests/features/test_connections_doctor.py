"""The connection doctor against real servers that misbehave, each in one way: it has to name that way."""

import asyncio
import gc
import socket
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from playground.api.client import AzureOpenAI
from playground.api.connection import ApiKey, BearerToken, Connection
from playground.features.connections.doctor import examine
from playground.features.connections.steps import Step, running, summary
from playground.service.launch import EmbeddedService
from playground.settings.profiles import CAPABILITIES, DeploymentEntry
from tests.features.certificates import issue
from tests.features.fake_resource import (
    CHAT,
    EMBEDDING,
    KEY,
    NO_DEPLOYMENT,
    NOT_FOUND,
    WRONG_KEY,
    Asked,
    Reply,
    azure,
    error,
    fake_resource,
)

CHAT_ENTRY = DeploymentEntry(name="chat", capabilities=["chat"])
EMBED_ENTRY = DeploymentEntry(name="embed", capabilities=["embeddings"])


@pytest.fixture(autouse=True)
def _no_dead_loop_left() -> None:
    """Qt timers of an earlier test's loop must not be collected on a worker thread, which Qt forbids."""
    gc.freeze()


def connection(url: str, **changes) -> Connection:
    """A connection with the right key and version."""
    plain = Connection(
        name="test",
        kind="azure",
        endpoint=url,
        credential=ApiKey(KEY),
        api_version="2024-10-21",
        proxy="none",
        connect_timeout=3.0,
    )
    return replace(plain, **changes)


async def steps_of(to: Connection, *entries: DeploymentEntry) -> dict[str, Step]:
    """The outcome of each step; none may stay running."""
    found: dict[str, Step] = {}
    async with aclosing(examine(to, entries, AzureOpenAI)) as steps:
        async for step in steps:
            found[step.id] = step
    assert not [step for step in found.values() if step.state == "running"]
    assert all(step.advice for step in found.values() if step.state == "failed")
    return found


def failure(found: dict[str, Step]) -> str:
    """The one step that failed."""
    (wrong,) = [step.id for step in found.values() if step.state == "failed"]
    return wrong


async def test_all_is_well():
    async with fake_resource() as resource:
        found = await steps_of(connection(resource.url), CHAT_ENTRY, EMBED_ENTRY)
    states = {step_id: step.state for step_id, step in found.items()}
    assert states == {
        "address": "ok",
        "name": "ok",
        "network": "ok",
        "encryption": "skipped",
        "endpoint": "ok",
        "key": "ok",
        "version": "ok",
        "deployment:chat": "ok",
        "deployment:embed": "ok",
    }
    assert summary(list(found.values())).sentence == "Everything that was examined works."
    chat = next(asked for asked in resource.asked if asked.path.endswith("/chat/completions"))
    assert chat.json["max_tokens"] >= 16


async def test_a_wrong_key():
    async with fake_resource() as resource:
        found = await steps_of(connection(resource.url, credential=ApiKey("sk-wrong")), CHAT_ENTRY)
    assert failure(found) == "key"
    assert found["endpoint"].state == "ok"
    assert "401" in found["key"].sentence
    assert not [asked for asked in resource.asked if "/deployments/" in asked.path], "nothing was spent"


async def test_a_wrong_deployment_beside_a_right_one():
    missing = DeploymentEntry(name="gpt-9", capabilities=["chat"])
    async with fake_resource() as resource:
        found = await steps_of(connection(resource.url), CHAT_ENTRY, missing)
    assert failure(found) == "deployment:gpt-9"
    assert found["deployment:chat"].state == "ok"
    assert "no deployment called gpt-9" in found["deployment:gpt-9"].sentence


async def test_a_wrong_version():
    async with fake_resource() as resource:
        found = await steps_of(connection(resource.url, api_version="2019-01-01"), CHAT_ENTRY)
    assert failure(found) == "version"
    assert (found["endpoint"].state, found["key"].state) == ("ok", "ok")
    assert "2019-01-01" in found["version"].sentence
    assert "2024-10-21" in found["version"].advice


async def test_a_version_that_the_service_complains_of():
    def handler(asked: Asked) -> Reply:
        return error(400, "BadRequest", "API version not supported")

    async with fake_resource(handler) as resource:
        found = await steps_of(connection(resource.url), CHAT_ENTRY)
    assert failure(found) == "version"


async def test_a_wrong_key_and_a_wrong_version_are_both_named():
    async with fake_resource() as resource:
        to = connection(resource.url, api_version="2019-01-01", credential=ApiKey("sk-wrong"))
        found = await steps_of(to, CHAT_ENTRY)
    assert [step.id for step in found.values() if step.state == "failed"] == ["key", "version"]


async def test_a_wrong_path():
    async with fake_resource() as resource:
        found = await steps_of(connection(resource.url + "/some/where"), CHAT_ENTRY)
    assert failure(found) == "endpoint"
    assert "404" in found["endpoint"].sentence


@pytest.mark.parametrize("status", [200, 404, 403])
async def test_a_web_page_is_not_this_api(status: int):
    async with fake_resource(lambda _: (status, "<!doctype html><h1>Sign in</h1>")) as resource:
        found = await steps_of(connection(resource.url), CHAT_ENTRY)
    assert failure(found) == "endpoint"


async def test_a_closed_port():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        found = await steps_of(connection(f"http://127.0.0.1:{bound.getsockname()[1]}"), CHAT_ENTRY)
    assert failure(found) == "network"
    assert found["key"].state == "skipped"


async def test_a_name_that_does_not_exist():
    found = await steps_of(connection("https://nosuchhost.invalid"), CHAT_ENTRY)
    assert failure(found) == "name"


@pytest.mark.parametrize("made", [{"self_signed": True}, {"names": ("other.example",)}, {"days": -1}])
async def test_a_certificate_that_cannot_be_trusted_gets_no_key(tmp_path: Path, made):
    issued = issue(tmp_path, **made)
    async with fake_resource(tls=issued.context) as resource:
        trusted = None if "self_signed" in made else str(issued.authority)
        found = await steps_of(connection(resource.url, ca_file=trusted), CHAT_ENTRY)
    assert failure(found) == "encryption"
    assert resource.asked == []


async def test_an_own_authority_is_enough_for_all_steps(tmp_path: Path):
    issued = issue(tmp_path)
    async with fake_resource(tls=issued.context) as resource:
        found = await steps_of(connection(resource.url, ca_file=str(issued.authority)), CHAT_ENTRY)
    assert found["encryption"].state == "ok"
    assert found["deployment:chat"].state == "ok"


async def test_a_key_is_not_sent_over_plain_http_to_another_machine():
    found = await steps_of(connection("http://res.openai.azure.com"), CHAT_ENTRY)
    assert failure(found) == "address"
    assert "http://" in found["address"].sentence


@pytest.mark.parametrize(
    "endpoint", ["", "https://[::1", "res.openai.azure.com", "https://<name>.openai.azure.com"]
)
async def test_an_address_that_is_none(endpoint: str):
    found = await steps_of(connection(endpoint, proxy="system"), CHAT_ENTRY)
    assert failure(found) == "address"
    assert {step.state for step in found.values()} == {"failed", "skipped"}


async def test_no_key_at_all():
    async with fake_resource() as resource:
        found = await steps_of(connection(resource.url, credential=None), CHAT_ENTRY)
    assert failure(found) == "key"
    assert resource.asked == []


@pytest.mark.parametrize("key", ["schlüssel", "two words", "line\nbreak"])
async def test_a_key_that_cannot_be_one_is_not_sent(key: str):
    async with fake_resource() as resource:
        found = await steps_of(connection(resource.url, credential=ApiKey(key)), CHAT_ENTRY)
    assert failure(found) == "key"
    assert resource.asked == []


async def test_access_refused_is_not_a_wrong_key():
    reply = error(403, "Forbidden", "Traffic is not from an approved private endpoint.")
    async with fake_resource(lambda _: reply) as resource:
        found = await steps_of(connection(resource.url), CHAT_ENTRY)
    assert failure(found) == "key"
    assert "403" in found["key"].sentence
    assert "approved private endpoint" in found["key"].sentence
    assert "network rules" in found["key"].advice


async def test_a_resource_that_takes_no_keys_says_to_sign_in():
    reply = error(
        403, "AuthenticationTypeDisabled", "Key based authentication is disabled for this resource."
    )
    async with fake_resource(lambda _: reply) as resource:
        found = await steps_of(connection(resource.url), CHAT_ENTRY)
    assert failure(found) == "key"
    assert "Entra ID" in found["key"].advice


async def test_an_expired_token():
    async with fake_resource() as resource:
        found = await steps_of(connection(resource.url, credential=BearerToken("eyJold")), CHAT_ENTRY)
    assert failure(found) == "key"
    assert "token" in found["key"].sentence
    assert "expired" in found["key"].advice


async def test_a_gateway_without_files_is_examined_by_its_deployments():
    async with fake_resource(lambda asked: azure(asked, files=False)) as resource:
        found = await steps_of(connection(resource.url), CHAT_ENTRY)
        wrong = await steps_of(connection(resource.url, credential=ApiKey("sk-wrong")), CHAT_ENTRY)
        absent = await steps_of(connection(resource.url), DeploymentEntry(name="gone", capabilities=["chat"]))
    assert not [step for step in found.values() if step.state == "failed"]
    assert "offers no files" in found["endpoint"].sentence
    assert failure(wrong) == "key"
    assert failure(absent) == "deployment:gone"


async def test_a_rate_limit_is_no_fault_of_the_connection():
    reply = error(429, "429", "Requests have exceeded the call rate limit.")
    async with fake_resource(
        lambda asked: azure(asked) if asked.path == "/openai/files" else reply
    ) as resource:
        found = await steps_of(connection(resource.url), CHAT_ENTRY)
    assert found["deployment:chat"].state == "warning"
    assert len([asked for asked in resource.asked if "/deployments/" in asked.path]) == 1, (
        "asked once, not again"
    )


async def test_a_service_that_fails_is_said_to_fail():
    async with fake_resource(lambda _: error(500, "InternalServerError", "oops")) as resource:
        found = await steps_of(connection(resource.url), CHAT_ENTRY)
    assert found["endpoint"].state == "warning"
    assert summary(list(found.values())).state != "ok"


async def test_a_reasoning_model_that_refuses_max_tokens_is_asked_in_its_own_words():
    def handler(asked: Asked) -> Reply:
        if asked.path.endswith("/chat/completions"):
            if "max_tokens" in asked.json:
                return error(400, "unsupported_parameter", "Unsupported parameter: 'max_tokens'")
            return 200, CHAT
        return azure(asked)

    async with fake_resource(handler) as resource:
        found = await steps_of(connection(resource.url), CHAT_ENTRY)
    assert found["deployment:chat"].state == "ok"
    assert resource.asked[-1].json["max_completion_tokens"] >= 16


async def test_pictures_and_speech_are_found_without_making_any():
    entries = [DeploymentEntry(name="chat", capabilities=[kind]) for kind in ("images", "speech")]
    for entry in entries:
        async with fake_resource() as resource:
            found = await steps_of(connection(resource.url), entry)
        assert found["deployment:chat"].state == "ok"
        assert not resource.asked[-1].json.get("prompt")
        assert not resource.asked[-1].json.get("input")


async def test_a_deployment_that_cannot_do_what_the_table_says():
    reply = error(
        400, "OperationNotSupported", "The embeddings operation does not work with the specified model"
    )
    async with fake_resource(
        lambda asked: reply if "/embeddings" in asked.path else azure(asked)
    ) as resource:
        found = await steps_of(connection(resource.url), EMBED_ENTRY)
    assert failure(found) == "deployment:embed"
    assert "embeddings" in found["deployment:embed"].sentence


async def test_a_service_that_repeats_the_key_is_not_quoted_with_it():
    reply = error(401, "invalid_api_key", f"Incorrect API key provided: {KEY}. You can find your key at …")
    async with fake_resource(lambda _: reply) as resource:
        found = await steps_of(connection(resource.url), CHAT_ENTRY)
    assert failure(found) == "key"
    assert KEY not in repr(found)


def compatible(asked: Asked) -> Reply:
    """A server of the other dialect: models in the body, no versions, no files."""
    if asked.path != "/v1/chat/completions":
        return 404, {"detail": "Not Found"}
    if asked.key not in ("", KEY):
        return error(401, "invalid_api_key", "Unauthorized")
    if asked.json.get("model") != "llama":
        return error(404, "NotFoundError", "The model does not exist.")
    return 200, CHAT


async def test_the_embedded_service_is_well_and_its_faults_are_told_apart(tmp_path: Path):
    service = await EmbeddedService(tmp_path).start()
    try:
        entries = [
            DeploymentEntry(name=name, capabilities=[what]) for name, what in service.deployments.items()
        ]
        here = connection(service.url, kind="embedded", credential=ApiKey(service.key))
        found = await steps_of(here, *entries)
        assert {capability for entry in entries for capability in entry.capabilities} == set(CAPABILITIES)
        assert [step for step in found.values() if step.state != "ok"] == [found["encryption"]]
        assert failure(await steps_of(replace(here, credential=ApiKey("wrong")), *entries)) == "key"
        assert failure(await steps_of(replace(here, api_version="1999-01-01"))) == "version"
        assert failure(await steps_of(here, DeploymentEntry(name="gpt-9"))) == "deployment:gpt-9"
        assert failure(await steps_of(replace(here, endpoint=service.url + "/openai/openai"))) == "endpoint"
    finally:
        await service.close()


async def test_an_openai_compatible_server():
    llama = DeploymentEntry(name="llama", capabilities=["chat"])
    async with fake_resource(compatible) as resource:
        to = connection(resource.url + "/v1", kind="openai", credential=None)
        found = await steps_of(to, llama)
        absent = await steps_of(to, DeploymentEntry(name="gpt", capabilities=["chat"]))
        wrong = await steps_of(replace(to, credential=BearerToken("bad")), llama)
        nothing = await steps_of(to)
        elsewhere = await steps_of(replace(to, endpoint=resource.url), llama)
    assert not [step for step in found.values() if step.state == "failed"]
    assert found["version"].state == "skipped"
    assert found["deployment:llama"].state == "ok"
    assert failure(absent) == "deployment:gpt"
    assert failure(wrong) == "key"
    assert nothing["endpoint"].state == "warning"
    assert failure(elsewhere) == "endpoint"


async def test_stopping_in_the_middle_leaves_nothing_running():
    never = asyncio.Event()

    asked = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.read(100):  # nothing comes over the probe's own connection
            asked.set()
        await never.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    to = connection(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    seen: list[Step] = []

    async def watch() -> None:
        async with aclosing(examine(to, [CHAT_ENTRY], AzureOpenAI)) as steps:
            async for step in steps:
                seen.append(step)

    task = asyncio.create_task(watch())
    await asked.wait()
    assert seen[-1] == running("endpoint")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    never.set()
    server.close()
    await server.wait_closed()
    await asyncio.sleep(0.05)


def test_the_replies_used_here_are_told_apart():
    assert len({str(reply) for reply in (NOT_FOUND, NO_DEPLOYMENT, WRONG_KEY, EMBEDDING)}) == 4
