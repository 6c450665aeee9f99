"""The rules between fields that several operations share; each broken one names the field that is to blame."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from playground.service.errors import INVALID_REQUEST, ServiceError, bad_request
from playground.wire.streaming import StreamOptions

FINGERPRINT = "fp_51a70a7ed0"
"""The simulated engines change only with the program, and so does this."""


def reject_unknown(request: BaseModel) -> None:
    """400 for a top-level member that the operation does not have."""
    unknown = next(iter(request.model_extra or {}), None)
    if unknown is not None:
        raise unrecognized(unknown)


def unrecognized(name: str) -> ServiceError:
    """400 for an argument that this model does not take."""
    return ServiceError(400, None, f"Unrecognized request argument supplied: {name}", type=INVALID_REQUEST)


def check_stream_options(stream: bool | None, options: StreamOptions | None) -> None:
    """400 for ``stream_options`` without ``stream``."""
    if options is not None and not stream:
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise bad_request(message, "stream_options")


def stop_sequences(stop: str | Sequence[str] | None) -> list[str]:
    """The stop sequences as a list; 400 for an empty one."""
    stops = [stop] if isinstance(stop, str) else list(stop or [])
    if "" in stops:
        raise bad_request("Invalid 'stop': a stop sequence must not be empty.", "stop", "invalid_value")
    return stops


def token_bias(bias: Mapping[str, int] | None) -> dict[int, float]:
    """``logit_bias`` with numbers as keys."""
    return {int(number): float(value) for number, value in (bias or {}).items()}


def too_long(limit: int, prompt: int, answer: int, where: str) -> ServiceError:
    """400 for a prompt that does not fit the model, alone or with the room asked for the answer."""
    message = (
        f"This model's maximum context length is {limit} tokens. However, you requested {prompt + answer} tokens "
        f"({prompt} in the {where}, {answer} in the completion). Please reduce the length of the {where} or completion."
        if answer
        else f"This model's maximum context length is {limit} tokens. However, your {where} resulted in {prompt} "
        f"tokens. Please reduce the length of the {where}."
    )
    return bad_request(message, where, "context_length_exceeded")


def usage(prompt: int, completion: int, **details: Any) -> dict[str, Any]:
    """A usage object that adds up."""
    counted = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return counted | details
