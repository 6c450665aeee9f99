"""The connection doctor: finds out, step by step, what exactly is wrong with a connection."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from playground.api.connection import ApiKey, BearerToken, is_loopback
from playground.api.proxies import proxy_for
from playground.features.connections.answers import (
    ACCEPTED,
    Answer,
    ask,
    ask_deployment,
    credential_step,
    deployment_step,
)
from playground.features.connections.probes import Line
from playground.features.connections.route import Route, UnusableAddressError, route_to
from playground.features.connections.steps import Step, failed, ok, running, skipped
from playground.settings.profiles import DEFAULT_API_VERSION, DeploymentEntry

if TYPE_CHECKING:
    from playground.api.client import AzureOpenAI
    from playground.api.connection import Connection

OpenClient = Callable[["Connection"], "AzureOpenAI"]

KNOWN_VERSIONS = (
    "2024-10-21",
    DEFAULT_API_VERSION,
)  # a generally available one, and the one this program speaks
PATIENCE = 20.0  # seconds for each step of the way, however patient the connection itself is
_BEFORE = "Not examined, because of the step above."


async def examine(
    connection: "Connection", deployments: Sequence[DeploymentEntry], open_client: OpenClient
) -> AsyncGenerator[Step]:
    """Examine a connection from the bottom up, from the address to each deployment.

    Yields each step as ``running`` and then with its outcome, and ends early where nothing above can work. No
    step raises; only cancellation gets through. Close it (``aclosing``) when leaving it early.
    """
    way = await _address(connection)
    if isinstance(way, Step):
        yield way
        for step_id in ("name", "network", "encryption", "endpoint", "key", "version"):
            yield skipped(step_id, _BEFORE)
        return
    yield ok("address", f"{'https' if way.encrypted else 'http'}://{way.host}:{way.port}")
    async with aclosing(_reach(connection, way)) as steps:
        async for step in steps:
            yield step
            if step.state == "failed":
                for step_id in _after(step.id):
                    yield skipped(step_id, _BEFORE)
                return
    async with aclosing(_Questions(connection, deployments, open_client).steps()) as steps:
        async for step in steps:
            yield step


async def _address(connection: "Connection") -> Route | Step:
    try:
        route_to(connection.endpoint, None)  # sound at all, before the system is asked for its proxy
        way = route_to(connection.endpoint, await asyncio.to_thread(proxy_for, connection))
    except UnusableAddressError as error:
        return failed("address", *error.args)
    if not connection.protected and connection.credential is not None:
        return failed(
            "address",
            "The address begins with http://, so anyone could read the credential; it was not sent.",
            "Use https://, or remove the key if the server needs none.",
        )
    return way


async def _reach(connection: "Connection", way: Route) -> AsyncGenerator[Step]:
    if way.proxy is not None and way.proxy.scheme.startswith("socks"):
        for step_id in ("name", "network", "encryption"):
            yield skipped(step_id, f"Left to the SOCKS proxy {way.proxy.host}:{way.proxy.port}.")
        return
    line = Line(way, ca_file=connection.ca_file, seconds=min(connection.connect_timeout, PATIENCE))
    try:
        for step_id, probe in (("name", line.look_up), ("network", line.connect)):
            yield running(step_id)
            step = await probe()
            yield step
            if step.state == "failed":
                return
        if not way.encrypted:
            yield skipped("encryption", "Plain http, which stays on this computer." if is_loopback(way.host)
                          else "Plain http: everything sent can be read on the way.")  # fmt: skip
            return
        if way.proxy is not None and not way.proxy.tunnels:
            yield skipped("encryption", "Left to the encrypted proxy.")
            return
        yield running("encryption")
        yield await line.encrypt()
    finally:
        await line.close()


def _after(step_id: str) -> list[str]:
    order = ["name", "network", "encryption", "endpoint", "key", "version"]
    return order[order.index(step_id) + 1 :]


@dataclass
class _Verdict:
    """Endpoint, credential and version, and what deployments have said already."""

    steps: list[Step]
    go_on: bool = False
    heard: dict[str, Answer] = field(default_factory=dict)


class _Questions:
    """What is asked of a service that answers: its files first, which cost nothing, then deployments."""

    def __init__(
        self, connection: "Connection", deployments: Sequence[DeploymentEntry], open_client: OpenClient
    ) -> None:
        # Repeating would only hide what is wrong, and delay it.
        self._connection = replace(connection, max_retries=0)
        self._deployments = deployments
        self._open_client = open_client
        self._azure = connection.kind != "openai"
        self._secret = _secret_of(connection)
        self._token = not isinstance(connection.credential, ApiKey)

    async def steps(self) -> AsyncGenerator[Step]:
        """Endpoint, credential, version, and one step for each deployment."""
        yield running("endpoint")
        verdict = await self._verdict()
        for step in verdict.steps:
            yield step
        if not verdict.go_on:
            return
        if not self._deployments:
            yield skipped(
                "deployment", "None is listed, so none was asked. Add the deployments that you use."
            )
        async with self._client() as client:
            for entry in self._deployments:
                answer = verdict.heard.get(entry.name)
                if answer is None:
                    yield running(f"deployment:{entry.name}")
                    answer = await ask_deployment(client, entry, self._secret)
                yield deployment_step(entry, answer)

    async def _verdict(self) -> _Verdict:
        if self._azure and self._connection.credential is None:
            return _Verdict(
                [
                    skipped("endpoint", "Not asked, because there is no credential."),
                    failed("key", "There is no key.", "Paste one, or choose Entra ID as the kind."),
                    skipped("version", _BEFORE),
                ]
            )
        if not self._secret.isascii() or not self._secret.isprintable() or " " in self._secret:
            return _Verdict(
                [
                    skipped("endpoint", "Not asked, because of the credential."),
                    failed(
                        "key",
                        "The key has characters in it that no key has.",
                        "Copy it again, whole and alone.",
                    ),
                    skipped("version", _BEFORE),
                ]
            )
        answer = await self._list_files(self._connection.api_version)
        if self._azure and answer.meaning in ("no route", "bad version"):
            return await self._version_or_path(answer)
        if answer.meaning == "no route" or (answer.meaning == "other service" and answer.status == 404):
            return await self._without_files()
        return self._conclude(answer)

    def _conclude(self, answer: Answer) -> _Verdict:
        """One answer says everything there is to know about endpoint, credential and version."""
        endpoint = _endpoint_step(answer, self._azure)
        if endpoint.state == "failed":
            return _Verdict([endpoint, skipped("key", _BEFORE), skipped("version", _BEFORE)])
        if answer.meaning in ("unauthorized", "forbidden", "sign in"):
            key = credential_step(answer, token=self._token)
            return _Verdict([endpoint, key, skipped("version", _BEFORE)])
        known = answer.meaning in ACCEPTED
        key = self._accepted() if known else skipped("key", "The service could not say.")
        return _Verdict([endpoint, key, self._version_step(known)], go_on=True)

    async def _version_or_path(self, first: Answer) -> _Verdict:
        """404 at the files: a version that does exist tells whether the version or the path is wrong."""
        asked = self._connection.api_version
        other = next(version for version in KNOWN_VERSIONS if version != asked)
        second = await self._list_files(other)
        if second.meaning in ACCEPTED | {"unauthorized", "forbidden"}:
            version = failed(
                "version",
                f"The service does not know the api-version {asked or '(empty)'}, but it knows {other}.",
                f"Enter {other}, or another one from the documentation.",
            )
            key = credential_step(second, token=self._token)
            return _Verdict([_endpoint_step(second, self._azure), key, version])
        if first.meaning == "bad version":
            version = failed("version", f"The api-version is not accepted. {first.detail}", f"Try {other}.")
            return _Verdict([_endpoint_step(first, self._azure), skipped("key", _BEFORE), version])
        return await self._without_files()

    async def _without_files(self) -> _Verdict:
        """Gateways and other servers may offer no files; then a deployment has to tell."""
        heard: dict[str, Answer] = {}
        async with self._client() as client:
            for entry in self._deployments:
                answer = await ask_deployment(client, entry, self._secret)
                if answer.meaning == "no route":
                    continue
                heard[entry.name] = answer
                verdict = self._conclude(answer)
                first = verdict.steps[0]
                if first.state == "ok":
                    verdict.steps[0] = replace(first, sentence=f"{first.sentence} It offers no files.")
                return replace(verdict, heard=heard)
        return _Verdict([self._nothing_known(), skipped("key", _BEFORE), skipped("version", _BEFORE)])

    def _nothing_known(self) -> Step:
        if not self._azure and not self._deployments:
            return Step(
                "endpoint",
                "warning",
                "A server answers here, but it offers no files, so nothing more can be told.",
                "Add the name of a model as a deployment and test again.",
            )
        advice = (
            "It should be the resource's address alone, such as https://NAME.openai.azure.com."
            if self._azure
            else "It should end where /chat/completions would follow, usually in /v1."
        )
        return failed("endpoint", "Something answers here, but not under this path (404).", advice)

    def _accepted(self) -> Step:
        return ok("key", "Accepted." if self._connection.credential else "None is needed.")

    def _version_step(self, known: bool) -> Step:
        if not self._azure:
            return skipped("version", "This kind of server has none.")
        version = self._connection.api_version
        return (
            ok("version", f"{version} is accepted.")
            if known
            else skipped("version", "The service could not say.")
        )

    async def _list_files(self, version: str) -> Answer:
        async with self._client(replace(self._connection, api_version=version)) as client:
            return await ask(lambda: client.files.list(), self._secret)

    def _client(self, connection: "Connection | None" = None) -> "AzureOpenAI":
        return self._open_client(connection or self._connection)


def _endpoint_step(answer: Answer, azure: bool) -> Step:
    said = f" {answer.detail}" if answer.detail else ""
    match answer.meaning:
        case "other service":
            return failed(
                "endpoint",
                "Something answers here, but it is not this API." + said,
                "Check the endpoint: a web site or a sign-in page of the network may have answered.",
            )
        case "network":
            return failed(
                "endpoint", "The request did not get through." + said, "Test again; check proxy and CA file."
            )
        case "fault":
            return Step(
                "endpoint",
                "warning",
                f"The service answers with a failure ({answer.status}).",
                "Try again later.",
            )
        case "no route":
            return failed(
                "endpoint", "Something answers here, but not under this path (404).", "Check the endpoint."
            )
        case _:
            return ok(
                "endpoint",
                "An Azure OpenAI resource answers here." if azure else "A server of this API answers here.",
            )


def _secret_of(connection: "Connection") -> str:
    """The credential's own text, so that it can be taken out of whatever a server says."""
    match connection.credential:
        case ApiKey(key=secret) | BearerToken(token=secret):
            return secret
    return ""
