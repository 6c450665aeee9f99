"""D9: whoever lacks the key, or comes from a web page, or under a foreign name, gets nothing."""

import json
import socket
from urllib.parse import urlsplit

import pytest

from playground.service.auth import check_key, check_origin
from playground.service.errors import ServiceError

from .conftest import KEY, RunningService

PATHS = (
    ("GET", "/openai/files"),
    ("POST", "/openai/files"),
    ("DELETE", "/openai/files/file-1"),
    ("GET", "/openai/batches"),
    ("POST", "/openai/uploads"),
    ("POST", "/openai/deployments/chat/chat/completions"),
    ("POST", "/openai/deployments/nope/chat/completions"),
    ("GET", "/"),
    ("OPTIONS", "/openai/files"),
)
PROBES = {
    "no token": ({}, 401),
    "wrong key": ({"api-key": "wrong"}, 401),
    "wrong bearer": ({"authorization": "Bearer wrong"}, 401),
    "basic": ({"authorization": f"Basic {KEY}"}, 401),
    "wrong key, right bearer": ({"api-key": "x", "authorization": f"Bearer {KEY}"}, 401),
    "key not in ascii": ({"api-key": "clé"}, 401),
    "foreign host": ({"api-key": KEY, "host": "evil.example"}, 403),
    "foreign host that begins like ours": ({"api-key": KEY, "host": "localhost.evil.example:80"}, 403),
    "origin": ({"api-key": KEY, "origin": "https://evil.example"}, 403),
    "own origin": ({"api-key": KEY, "origin": "http://localhost"}, 403),
    "null origin": ({"api-key": KEY, "origin": "null"}, 403),
    "cross-site fetch": ({"api-key": KEY, "sec-fetch-site": "cross-site"}, 403),
    "preflight": ({"origin": "https://evil.example", "access-control-request-method": "POST"}, 403),
    "form post": ({"content-type": "application/x-www-form-urlencoded"}, 401),
}


@pytest.mark.parametrize("probe", PROBES)
def test_no_probe_is_accepted(service: RunningService, probe: str) -> None:
    headers, status = PROBES[probe]
    for method, path in PATHS:
        answer = service.ask(method, path, b"a=b" if method == "POST" else None, headers, key=False)
        assert answer.status == status, (method, path)
        assert not [name for name in answer.headers if name.startswith("access-control")]
        assert KEY not in answer.body.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"api-key": KEY},
        {"authorization": f"Bearer {KEY}"},
        {"api-key": KEY, "authorization": f"Bearer {KEY}"},
        {"api-key": KEY, "authorization": "Bearer something-else"},
        {"api-key": KEY, "host": "localhost:1"},
        {"api-key": KEY, "host": "[::1]:1"},
    ],
)
def test_both_kinds_of_credential_are_accepted(service: RunningService, headers: dict[str, str]) -> None:
    assert service.ask("GET", "/openai/files", headers=headers, key=False).status == 200


def test_the_refusal_is_azures(service: RunningService) -> None:
    answer = service.ask("GET", "/openai/files", key=False)
    assert answer.json()["error"]["code"] == "401"
    assert answer.json()["error"]["message"].startswith("Access denied due to invalid subscription key")
    assert answer.headers["x-ms-error-code"] == "401"
    assert answer.headers["apim-request-id"]


def test_it_listens_on_the_loopback_address_only(service: RunningService) -> None:
    port = urlsplit(service.url).port
    assert port is not None
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table][1:]
    listening = [row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")]
    assert listening == [f"0100007F:{port:04X}"]
    with open("/proc/net/tcp6") as table:
        assert not [line for line in table if f":{port:04X} " in line and " 0A " in line]


def test_a_request_without_host_is_refused(service: RunningService) -> None:
    port = urlsplit(service.url).port
    with socket.create_connection(("127.0.0.1", port or 0), timeout=5) as connection:
        connection.sendall(f"GET /openai/files HTTP/1.0\r\napi-key: {KEY}\r\n\r\n".encode())
        assert connection.recv(64).split()[1] == b"403"


def test_the_key_is_in_no_argument(service: RunningService) -> None:
    with open(f"/proc/{service.process.pid}/cmdline", "rb") as arguments:
        assert KEY.encode() not in arguments.read()


def test_checks_say_which_rule_was_broken() -> None:
    with pytest.raises(ServiceError) as refused:
        check_origin({"host": "127.0.0.1", "origin": "http://127.0.0.1"})
    assert refused.value.status == 403
    with pytest.raises(ServiceError) as refused:
        check_key({}, KEY)
    assert json.loads(json.dumps(refused.value.body()))["error"]["code"] == "401"
