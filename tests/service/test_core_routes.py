"""What is the same for every route: versions, paths, methods, deployments, bodies, headers, bugs."""

import http.client
import json
import re
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from playground.service import dispatch, routes
from playground.wire.operations import OPERATIONS, Operation

from .conftest import KEY, VERSION, Opener, RunningService

CHAT = "/openai/deployments/chat/chat/completions"
HELLO = {"messages": [{"role": "user", "content": "Hello"}]}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_every_operation_has_a_handler(operation: Operation) -> None:
    assert callable(dispatch.handler_of(operation))


@pytest.mark.parametrize("version", [None, "2025-13-01", "2025-01-01", "latest", "2025-01-01-preview "])
def test_an_unknown_version_is_not_found(service: RunningService, version: str | None) -> None:
    path = "/openai/files" + ("?api-version=2025-01-01-preview%20" if version and version[-1] == " " else "")
    answer = service.ask("GET", path, version=None if "?" in path else version)
    assert answer.status == 404
    assert answer.json() == {"error": {"code": "404", "message": "Resource not found"}}


@pytest.mark.parametrize("version", sorted(routes.API_VERSIONS))
def test_published_versions_are_answered(service: RunningService, version: str) -> None:
    assert service.ask("GET", "/openai/files", version=version).status == 200


@pytest.mark.parametrize(
    "path", ["/", "/openai", "/openai/", "/openai/models", "/openai/files/a/b", "/openai/deployments/chat"]
)
def test_a_wrong_path_is_not_found(service: RunningService, path: str) -> None:
    answer = service.ask("GET", path)
    assert (answer.status, answer.json()["error"]["code"]) == (404, "404")


def test_a_wrong_method_says_which_are_right(service: RunningService) -> None:
    answer = service.ask("PUT", "/openai/files")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")
    assert service.ask("GET", CHAT).headers["allow"] == "POST"
    assert service.ask("GET", CHAT, version=None).status == 404


@pytest.mark.parametrize("name", ["nope", "a%2Fb", "a/b", "a%20b", "chat%00", "..%2fchat", "%C3%A9"])
def test_an_unknown_deployment(service: RunningService, name: str) -> None:
    answer = service.ask("POST", f"/openai/deployments/{name}/chat/completions", HELLO)
    assert (answer.status, answer.json()["error"]["code"]) == (404, "DeploymentNotFound")
    assert answer.headers["x-ms-error-code"] == "DeploymentNotFound"


@pytest.mark.parametrize(
    ("deployment", "path"),
    [
        ("chat", "embeddings"),
        ("chat", "completions"),
        ("embeddings", "chat/completions"),
        ("chat", "audio/speech"),
        ("speech", "audio/transcriptions"),
        ("completions", "images/generations"),
    ],
)
def test_a_deployment_that_cannot(service: RunningService, deployment: str, path: str) -> None:
    answer = service.ask("POST", f"/openai/deployments/{deployment}/{path}", {})
    assert (answer.status, answer.json()["error"]["code"]) == (400, "OperationNotSupported")


def test_the_throttled_deployment_always_refuses(service: RunningService) -> None:
    answer = service.ask("POST", "/openai/deployments/throttled/chat/completions", HELLO)
    assert (answer.status, answer.json()["error"]["code"]) == (429, "429")
    assert answer.headers["retry-after"] == "2"
    assert answer.headers["retry-after-ms"] == "2000"
    assert answer.headers["x-ratelimit-remaining-requests"] == "0"
    assert answer.headers["policy-id"]


async def test_without_faults_there_are_no_faults(resource: Opener) -> None:
    async with resource() as running:
        assert "throttled" in running.service.deployments
        from playground.service.service import Service

        plain = Service(running.service.data, base_url="http://127.0.0.1:1")
        assert set(plain.deployments) == {
            "chat", "completions", "embeddings", "images", "speech", "transcription",
        }  # fmt: skip


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"null", b"\xff\xfe", b'"x"', b"[" * 100_000])
def test_a_body_that_is_no_json_object(service: RunningService, body: bytes) -> None:
    for path in (CHAT, "/openai/batches", "/openai/uploads"):
        answer = service.ask("POST", path, body)
        assert answer.status == 400, path
        assert answer.json()["error"]["message"]


def test_a_form_where_json_belongs(service: RunningService) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert service.ask("POST", CHAT, b"messages=1", headers).status == 400


def test_gets_and_empty_posts_may_claim_to_be_json(service: RunningService) -> None:
    assert service.ask("GET", "/openai/batches").status == 200
    assert service.ask("POST", "/openai/batches/batch_0/cancel").json()["error"]["code"] == "notFound"


def test_every_answer_is_signed(service: RunningService) -> None:
    for answer in (service.ask("GET", "/openai/files"), service.ask("GET", "/nope")):
        identifier = answer.headers["apim-request-id"]
        assert re.fullmatch(r"[0-9a-f-]{36}", identifier)
        assert answer.headers["x-ms-client-request-id"] == identifier
        assert answer.headers["x-ms-region"]
        assert answer.headers["x-request-id"] != identifier
        assert "server" not in answer.headers
    asked = service.ask("GET", "/openai/files", headers={"x-ms-client-request-id": "mine-1"})
    assert asked.headers["x-ms-client-request-id"] == "mine-1"
    strange = service.ask("GET", "/openai/files", headers={"x-ms-client-request-id": "a b" * 99})
    assert strange.headers["x-ms-client-request-id"] == strange.headers["apim-request-id"]


def test_too_large_is_said_before_the_body_and_the_connection_lives(service: RunningService) -> None:
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=20)
    path = f"/openai/deployments/transcription/audio/transcriptions?api-version={VERSION}"
    size = 30 * 1024 * 1024
    headers = {"api-key": KEY, "content-type": "multipart/form-data; boundary=b", "content-length": str(size)}
    connection.putrequest("POST", path)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    reply = connection.getresponse()
    assert reply.status == 413
    assert "26214400" in json.loads(reply.read())["error"]["message"]
    for _ in range(30):
        connection.sock.sendall(b"x" * (1024 * 1024))
    connection.request("GET", f"/openai/files?api-version={VERSION}", headers={"api-key": KEY})
    with connection.getresponse() as reply:
        assert reply.status == 200
    connection.close()


def test_a_form_without_a_length_is_stopped_at_the_limit(service: RunningService) -> None:
    boundary = b'--b\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
    pieces = (b"x" * 1024 * 1024 for _ in range(27))
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=20)

    def body():
        yield boundary
        yield from pieces

    path = f"/openai/deployments/transcription/audio/transcriptions?api-version={VERSION}"
    headers = {"api-key": KEY, "content-type": "multipart/form-data; boundary=b"}
    connection.request("POST", path, body(), headers, encode_chunked=True)
    with connection.getresponse() as reply:
        assert reply.status == 413
    connection.close()


async def test_a_bug_says_nothing_of_itself(
    resource: Opener, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(call: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(dispatch, "handler_of", lambda operation: broken)
    async with resource() as running:
        answer = await running.client.get("/files")
        assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internalFailure")
        model = await running.client.post("/deployments/chat/chat/completions", json=HELLO)
        assert (model.status_code, model.json()["error"]["code"]) == (500, "InternalServerError")
    assert "secret" not in answer.text + model.text
    assert "Traceback" not in answer.text + model.text
    assert KEY not in caplog.text


async def test_links_need_no_key_and_end(resource: Opener) -> None:
    from playground.service import links

    async with resource() as running:
        now = 0.0
        made = links.Links("http://127.0.0.1:1", clock=lambda: now)
        running.service.links = made
        url = made.put(b"picture", "image/png")
        plain = {"api-key": ""}
        answer = await running.client.get(url, headers=plain)
        assert (answer.content, answer.headers["content-type"]) == (b"picture", "image/png")
        assert (await running.client.post(url, headers=plain)).status_code == 404
        assert (await running.client.get(f"{url}x", headers=plain)).status_code == 404
        assert (await running.client.get(url, headers=plain | {"host": "evil.example"})).status_code == 403
        now = links.LIFETIME
        assert (await running.client.get(url, headers=plain)).status_code == 404


def test_links_forget_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    from playground.service import links

    monkeypatch.setattr(links, "CAPACITY", 25)
    made = links.Links("")
    urls = [made.put(b"x" * 10, "a/b").rpartition("/")[2] for _ in range(3)]
    assert [made.get(name) is not None for name in urls] == [False, True, True]


def test_garbage_on_the_socket_does_no_harm(service: RunningService) -> None:
    port = urlsplit(service.url).port or 0
    for garbage in (
        b"\x16\x03\x01\x02\x00",
        b"GET\r\n\r\n",
        b"\x00" * 1000,
        b"GET / HTTP/1.1\r\nhost: a\r\nhost: b",
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(garbage)
    assert service.ask("GET", "/openai/files").status == 200


def test_the_frame_starts_without_models_or_engines() -> None:
    code = (
        "import sys, playground.service.app, playground.service.serving;"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'numpy', 'soundfile', 'av', 'jsonschema'}),"
        "[m for m in sys.modules if m.startswith('playground.service.engines.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] []"
