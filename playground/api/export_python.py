"""Writes an exchange as a program for the official SDK."""

import json
import pprint
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from playground.api.exchange import Exchange
from playground.wire.operations import BY_ID, Operation

_METHODS = {
    "chat.complete": "chat.completions.create",
    "completions.complete": "completions.create",
    "embeddings.embed": "embeddings.create",
    "images.generate": "images.generate",
    "speech.generate": "audio.speech.create",
    "transcription.transcribe": "audio.transcriptions.create",
    "transcription.translate": "audio.translations.create",
    "files.list": "files.list",
    "files.upload": "files.create",
    "files.get": "files.retrieve",
    "files.delete": "files.delete",
    "files.content": "files.content",
    "uploads.create": "uploads.create",
    "uploads.add_part": "uploads.parts.create",
    "uploads.complete": "uploads.complete",
    "uploads.cancel": "uploads.cancel",
    "batches.list": "batches.list",
    "batches.create": "batches.create",
    "batches.get": "batches.retrieve",
    "batches.cancel": "batches.cancel",
}
_BEYOND_THE_SDK = frozenset(
    {"data_sources", "user_security_context", "enhancements", "input_type", "$filter", "$orderby", "order"}
)
_READ_BYTES = frozenset({"speech.generate", "files.content"})


def as_python(exchange: Exchange) -> str:
    """A program that asks the same; the credential comes from the environment."""
    operation = BY_ID[exchange.operation]
    url = urlsplit(exchange.url)
    query = dict(parse_qsl(url.query))
    version = query.pop("api-version", None)
    lines = ["import os", "", *_client(exchange, version), ""]
    arguments = _arguments(exchange, operation, url.path, query)
    lines.append(f"answer = client.{_METHODS[operation.action]}(")
    lines += [f"    {argument}," for argument in arguments]
    lines += [")", *_use(operation, exchange)]
    return "\n".join(lines) + "\n"


def _client(exchange: Exchange, version: str | None) -> list[str]:
    path_of_api = exchange.url.partition("/openai/")
    if version is None or not path_of_api[1]:
        own = BY_ID[exchange.operation].path.removeprefix("/deployments/{deployment}")
        base = exchange.url.partition("?")[0].rsplit("/", own.count("/"))[0]
        return [
            "from openai import OpenAI",
            "",
            f'client = OpenAI(base_url={base!r}, api_key=os.environ["OPENAI_API_KEY"])',
        ]
    token = any(name.lower() == "authorization" for name, _ in exchange.request_headers)
    name = "azure_ad_token" if token else "api_key"
    variable = "AZURE_OPENAI_AD_TOKEN" if token else "AZURE_OPENAI_API_KEY"
    return [
        "from openai import AzureOpenAI",
        "",
        "client = AzureOpenAI(",
        f"    azure_endpoint={path_of_api[0]!r},",
        f"    api_version={version!r},",
        f'    {name}=os.environ["{variable}"],',
        ")",
    ]


def _arguments(exchange: Exchange, operation: Operation, path: str, query: dict[str, str]) -> list[str]:
    arguments: list[str] = []
    for name, value in _path_values(operation, path):
        if name != "deployment":
            arguments.append(f"{_snake(name)}={value!r}")
    members: dict[str, Any] = {**query, **_members(exchange)}
    if operation.deployment:
        members = {"model": members.pop("model", None) or exchange.deployment, **members}
    beyond = {name: members.pop(name) for name in list(members) if name in _BEYOND_THE_SDK}
    arguments += [f"{name.removesuffix('[]')}={_literal(value)}" for name, value in members.items()]
    if exchange.request_form:
        name, filename = exchange.request_form[-1]
        arguments.append(f"{name}=open({filename.removeprefix('@')!r}, 'rb')")
    if beyond:
        where = "extra_query" if operation.method == "GET" else "extra_body"
        arguments.append(f"{where}={_literal(beyond)}")
    return arguments


def _path_values(operation: Operation, path: str) -> list[tuple[str, str]]:
    """What stands in the address where the template has names; the template is the end of the address."""
    template = operation.path.split("/")
    given = path.split("/")[-len(template) + 1 :]
    return [
        (name[1:-1], unquote(value))
        for name, value in zip(template[1:], given, strict=False)
        if name.startswith("{")
    ]


def _members(exchange: Exchange) -> dict[str, Any]:
    if exchange.request_form:
        members: dict[str, Any] = {}
        for name, value in exchange.request_form[:-1]:
            members[name] = [*members.get(name, []), value] if name.endswith("[]") else value
        return members
    try:
        body = json.loads(exchange.request_body or b"{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _literal(value: Any) -> str:
    """A Python literal, indented as an argument."""
    return pprint.pformat(value, width=96, sort_dicts=False).replace("\n", "\n    ")


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _use(operation: Operation, exchange: Exchange) -> list[str]:
    if b'"stream":true' in (exchange.request_body or b""):
        return ["for chunk in answer:", "    print(chunk)"]
    if operation.action in _READ_BYTES:
        return ['answer.write_to_file("answer.bin")']
    return ["print(answer)"]
