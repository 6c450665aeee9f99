"""The upper half of the doctor: ask the service something small, and read the answer for what it betrays."""

import asyncio
import io
import wave
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from playground.features.connections.steps import Step, failed, ok
from playground.settings.profiles import DeploymentEntry

if TYPE_CHECKING:
    from playground.api.client import AzureOpenAI

Meaning = Literal[
    "fine",
    "unauthorized",
    "forbidden",
    "no deployment",
    "no route",
    "bad version",
    "unsupported",
    "refused",
    "busy",
    "fault",
    "other service",
    "network",
    "sign in",
]

# Any of these proves that the address, the credential and the api-version were accepted.
ACCEPTED: frozenset[Meaning] = frozenset({"fine", "no deployment", "unsupported", "refused", "busy"})
PROBE_TOKENS = 16  # some deployments reject fewer
PROBE_SECONDS = 40.0
_KEYS_DISABLED = ("AuthenticationTypeDisabled", "Key based authentication is disabled")


@dataclass(frozen=True)
class Answer:
    """What one small request came back with; ``detail`` is the service's own sentence, free of secrets."""

    meaning: Meaning
    status: int = 0
    code: str = ""
    detail: str = ""


async def ask(request: Callable[[], Awaitable[object]], secret: str) -> Answer:
    """Send one request and say what its outcome means; only cancellation gets through."""
    from playground.api.errors import ApiError

    try:
        async with asyncio.timeout(PROBE_SECONDS):
            await request()
    except TimeoutError:
        return Answer("network", detail=f"No answer within {PROBE_SECONDS:g} seconds.")
    except ApiError as error:
        return _read(error, secret)
    return Answer("fine")


def _read(error: Exception, secret: str) -> Answer:
    from playground.api.errors import NotThisApi, SignInFailed, StatusError

    if isinstance(error, SignInFailed):
        return Answer("sign in", detail=_safe(str(error), secret))
    if isinstance(error, NotThisApi):
        return Answer("other service", status=error.status, detail=_safe(str(error), secret))
    if not isinstance(error, StatusError):
        return Answer("network", detail=_safe(str(error), secret))
    code, message = str(error.code or ""), str(error.message or "")
    return Answer(_meaning(error.status, code, message), error.status, code, _safe(message, secret))


def _meaning(status: int, code: str, message: str) -> Meaning:
    text = f"{code} {message}".lower()
    about_version = "api version" in text or "api-version" in text
    if status == 401:
        return "unauthorized"
    if status == 403:
        return "forbidden"
    if status in (400, 404) and about_version:
        return "bad version"
    if status == 404:
        absent = code == "DeploymentNotFound" or "deployment" in text or "model" in text
        return "no deployment" if absent else "no route"
    if status == 429:
        return "busy"
    if status >= 500:
        return "fault"
    return "unsupported" if code == "OperationNotSupported" else "refused"


def _safe(text: str, secret: str) -> str:
    """The service's words on one line, without the credential, should it repeat it."""
    if secret:
        text = text.replace(secret, "•••")
    return " ".join(text.split())[:240]


def credential_step(answer: Answer, *, token: bool) -> Step:
    """What a 401 or 403 says about the credential; anything else was accepted."""
    said = f" The service says: {answer.detail}" if answer.detail else ""
    if any(mark in f"{answer.code} {answer.detail}" for mark in _KEYS_DISABLED):
        return failed(
            "key",
            "This resource does not accept keys at all.",
            "Keys are switched off by its owner: change the kind to Entra ID and sign in.",
        )
    if answer.meaning == "sign in":
        return failed("key", f"Signing in did not work. {answer.detail}", "Run az login, or paste a token.")
    if answer.meaning == "unauthorized" and token:
        return failed(
            "key",
            f"The token is not accepted (401).{said}",
            "It may have expired, or belong to another tenant or audience "
            "(it needs https://cognitiveservices.azure.com).",
        )
    if answer.meaning == "unauthorized":
        return failed(
            "key",
            f"The key is not accepted (401).{said}",
            "Copy KEY 1 or KEY 2 of this very resource again; keys of other resources do not work here.",
        )
    if answer.meaning == "forbidden":
        role = "the role Cognitive Services OpenAI User for this identity, or " if token else ""
        return failed(
            "key",
            f"The credential is known, but access is refused (403).{said}",
            f"Ask for {role}this computer's address in the resource's network rules; a VPN may be needed.",
        )
    return ok("key", "Accepted.")


async def ask_deployment(client: "AzureOpenAI", entry: DeploymentEntry, secret: str) -> Answer:
    """Ask a deployment for as little as its capability allows: a few tokens, and never a picture."""
    capability = entry.capabilities[0] if entry.capabilities else "chat"
    probe = _PROBES.get(capability, _chat)
    return await ask(lambda: probe(client, entry.name), secret)


def deployment_step(entry: DeploymentEntry, answer: Answer) -> Step:
    """What the answer of a deployment says about it."""
    step_id, name = f"deployment:{entry.name}", entry.name
    what = entry.capabilities[0] if entry.capabilities else "chat"
    said = f" The service says: {answer.detail}" if answer.detail else ""
    match answer.meaning:
        case "fine":
            return ok(step_id, f"Answers ({what}).")
        case "refused" if what in _INCOMPLETE:
            return ok(step_id, f"Exists; nothing was made with it, to save cost ({what}).")
        case "refused":
            return ok(step_id, f"Exists; it refused the small test request ({answer.status}).")
        case "busy":
            return Step(
                step_id, "warning", "Exists, but is at its rate limit (429).", "Try again in a minute."
            )
        case "unsupported":
            return failed(
                step_id,
                f"Exists, but its model cannot do this: {what}.",
                "Change what the table says it can do.",
            )
        case "no deployment":
            return failed(
                step_id,
                f"There is no deployment called {name} on this resource.",
                "Use the deployment's own name, not the model's; a new one takes some minutes to appear.",
            )
        case "no route":
            return failed(
                step_id, f"The address does not know this operation ({what}).", "A gateway may not offer it."
            )
        case "fault":
            return Step(
                step_id, "warning", f"The service failed ({answer.status}).{said}", "Try again later."
            )
        case "bad version":
            return failed(
                step_id, f"The api-version does not fit this deployment.{said}", "Try a newer api-version."
            )
        case _:
            return failed(step_id, f"Did not answer.{said}", "See the steps above.")


async def _chat(client: "AzureOpenAI", name: str) -> None:
    from playground.api.errors import StatusError
    from playground.wire.chat import ChatRequest

    async def say_hello(limit: str) -> None:
        body = {"messages": [{"role": "user", "content": "Say hello."}], limit: PROBE_TOKENS}
        await client.chat.complete(name, ChatRequest.model_validate(body))

    try:
        await say_hello("max_tokens")
    except StatusError as error:
        if error.status != 400:
            raise
        await say_hello("max_completion_tokens")  # reasoning models know only this name of the limit


async def _completions(client: "AzureOpenAI", name: str) -> None:
    from playground.wire.completions import CompletionRequest

    request = CompletionRequest.model_validate({"prompt": "Hello", "max_tokens": PROBE_TOKENS})
    await client.completions.complete(name, request)


async def _embeddings(client: "AzureOpenAI", name: str) -> None:
    from playground.wire.embeddings import EmbeddingsRequest

    await client.embeddings.embed(name, EmbeddingsRequest.model_validate({"input": "hello"}))


async def _images(client: "AzureOpenAI", name: str) -> None:
    from playground.wire.images import ImageRequest

    await client.images.generate(name, ImageRequest.model_construct(None))  # type: ignore[call-arg]


async def _speech(client: "AzureOpenAI", name: str) -> None:
    from playground.wire.speech import SpeechRequest

    await client.speech.generate(name, SpeechRequest.model_construct(None))  # type: ignore[call-arg]


async def _transcription(client: "AzureOpenAI", name: str) -> None:
    from playground.api.bodies import FilePart
    from playground.wire.transcription import TranscriptionRequest

    silence = FilePart(_silence(), "silence.wav", "audio/wav")
    await client.transcription.transcribe(name, TranscriptionRequest.model_validate({}), silence)


def _silence() -> bytes:
    """A fifth of a second of nothing, as a WAV file; services refuse less than a tenth."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(2 * 3_200))
    return content.getvalue()


_INCOMPLETE = frozenset({"images", "speech"})
_PROBES: dict[str, Callable[["AzureOpenAI", str], Awaitable[None]]] = {
    "chat": _chat,
    "completions": _completions,
    "embeddings": _embeddings,
    "images": _images,
    "speech": _speech,
    "transcription": _transcription,
}
