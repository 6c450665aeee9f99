"""From an operation to its handler, for requests and batch lines alike, so that both get the same answers."""

import importlib
from collections.abc import Awaitable, Callable
from typing import cast

from starlette.responses import Response

from playground.service.call import Call, Deployment
from playground.service.errors import ServiceError
from playground.service.service import Service
from playground.wire.operations import Operation

Handler = Callable[[Call], Awaitable[Response]]

THROTTLED = "throttled"
THROTTLED_SECONDS = 2
_NAMES = {
    "chat": "chatCompletion",
    "completions": "completion",
    "embeddings": "embeddings",
    "images": "image generation",
    "speech": "text to speech",
    "transcription": "audio",
}


def handler_of(operation: Operation) -> Handler:
    """The handler: the function named by the operation's verb in the module named by its word.

    Imported at the first call, because the words of the models bring their engines' libraries with them.
    """
    module = importlib.import_module(f"playground.service.{operation.word}")
    return cast(Handler, getattr(module, operation.verb))


def find_deployment(service: Service, name: str, operation: Operation) -> Deployment:
    """The deployment under a name, able to do the operation.

    Raises ``ServiceError``: 404 ``DeploymentNotFound``, 400 ``OperationNotSupported``, and 429 for the one
    that always throttles.
    """
    deployment = service.deployments.get(name)
    if deployment is None:
        raise ServiceError(
            404,
            "DeploymentNotFound",
            "The API deployment for this resource does not exist. If you created the deployment within the "
            "last 5 minutes, please wait a moment and try again.",
        )
    if deployment.capability != operation.word:
        raise ServiceError(
            400,
            "OperationNotSupported",
            f"The {_NAMES[operation.word]} operation does not work with the specified model, "
            f"{deployment.model}. Please choose different model and try again.",
        )
    if name == THROTTLED:
        raise throttled(THROTTLED_SECONDS)
    return deployment


def throttled(seconds: float) -> ServiceError:
    """429 as the live service words it, with every header that tells a client how long to wait."""
    whole = str(max(1, round(seconds)))
    return ServiceError(
        429,
        "429",
        "Requests to this operation under Azure OpenAI API have exceeded call rate limit of your current "
        f"OpenAI S0 pricing tier. Please retry after {whole} seconds.",
        headers={
            "retry-after": whole,
            "retry-after-ms": str(round(seconds * 1000)),
            "x-ratelimit-reset-requests": whole,
            "x-ratelimit-remaining-requests": "0",
            "policy-id": "DeploymentRatelimit-Call",
        },
    )


async def perform(operation: Operation, call: Call) -> Response:
    """Answer one call; raises ``ServiceError`` for a refusal."""
    return await handler_of(operation)(call)
