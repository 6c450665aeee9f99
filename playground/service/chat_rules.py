"""What a chat request must not combine, and what reasoning models do not take."""

from collections.abc import Mapping
from typing import Any

from playground.service.call import Deployment
from playground.service.chat_schemas import check_function, check_schema
from playground.service.errors import ServiceError, bad_request
from playground.service.validation import check_stream_options, reject_unknown, unrecognized
from playground.wire.chat import ChatRequest
from playground.wire.chat_options import JsonSchemaFormat

MAX_IMAGES = 50
_DEFAULTS = {"temperature": 1, "top_p": 1, "n": 1, "presence_penalty": 0, "frequency_penalty": 0}
_NOT_FOR_REASONING = (
    "logprobs",
    "top_logprobs",
    "logit_bias",
    "parallel_tool_calls",
    "modalities",
    "audio",
    "prediction",
)
_NOT_WITH_PREDICTION = ("logprobs", "tools", "audio")


def reasons(deployment: Deployment) -> bool:
    """Whether the deployment's model thinks before it answers (the o-series)."""
    return deployment.model[:1] == "o" and deployment.model[1:2].isdigit()


def check_rules(request: ChatRequest, deployment: Deployment) -> None:
    """Raise 400 for the first rule that the request breaks."""
    reject_unknown(request)
    if reasons(deployment):
        _check_reasoning(request)
    elif request.reasoning_effort is not None:
        raise unrecognized("reasoning_effort")
    check_stream_options(request.stream, request.stream_options)
    _check_limits(request)
    _check_tools(request)
    _check_functions(request)
    _check_format(request)
    _check_audio(request)
    _check_prediction(request)
    if request.data_sources is not None and request.logprobs:
        raise bad_request("'logprobs' is not supported together with 'data_sources'.", "logprobs")


def unsupported_parameter(name: str, instead: str = "") -> ServiceError:
    """400 for a parameter that the model does not have."""
    hint = f" Use '{instead}' instead." if instead else ""
    message = f"Unsupported parameter: '{name}' is not supported with this model.{hint}"
    return bad_request(message, name, "unsupported_parameter")


def _check_reasoning(request: ChatRequest) -> None:
    if request.max_tokens is not None:
        raise unsupported_parameter("max_tokens", "max_completion_tokens")
    for name in _NOT_FOR_REASONING:
        if getattr(request, name) is not None:
            raise unsupported_parameter(name)
    for name, default in _DEFAULTS.items():
        value = getattr(request, name)
        if value is not None and value != default:
            message = (
                f"Unsupported value: '{name}' does not support {value} with this model. "
                f"Only the default ({default}) value is supported."
            )
            raise bad_request(message, name, "unsupported_value")
    roles = {message.role for message in request.messages}
    if {"system", "developer"} <= roles:
        raise bad_request(
            "'system' and 'developer' messages cannot be used together.", "messages", "invalid_value"
        )


def _check_limits(request: ChatRequest) -> None:
    if request.max_tokens is not None and request.max_completion_tokens is not None:
        message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
        raise bad_request(message, "max_tokens", "invalid_parameter_combination")
    if request.top_logprobs is not None and not request.logprobs:
        message = "'top_logprobs' is only allowed when 'logprobs' is enabled."
        raise bad_request(message, "top_logprobs", "invalid_value")


def _check_tools(request: ChatRequest) -> None:
    if request.tools is not None and request.functions is not None:
        raise bad_request("'functions' and 'tools' cannot be used together.", "functions", "invalid_value")
    if request.tools is not None and not request.tools:
        message = "Invalid 'tools': empty array. Expected an array with minimum length 1."
        raise bad_request(message, "tools", "empty_array")
    for name in ("tool_choice", "parallel_tool_calls"):
        if request.tools is None and getattr(request, name) is not None:
            message = f"Invalid value for '{name}': '{name}' is only allowed when 'tools' are specified."
            raise bad_request(message, name, "invalid_value")
    for place, tool in enumerate(request.tools or []):
        check_function(
            tool.function.parameters, bool(tool.function.strict), f"tools[{place}].function.parameters"
        )
    chosen = request.tool_choice
    if chosen is None or isinstance(chosen, str):
        return
    if chosen.function.name not in {tool.function.name for tool in request.tools or []}:
        message = f"Tool choice '{chosen.function.name}' not found in 'tools' parameter."
        raise bad_request(message, "tool_choice", "invalid_value")


def _check_functions(request: ChatRequest) -> None:
    if request.function_call is None:
        return
    if request.functions is None:
        message = "Invalid value for 'function_call': 'function_call' is only allowed when 'functions' are specified."
        raise bad_request(message, "function_call", "invalid_value")
    chosen = request.function_call
    if not isinstance(chosen, str) and chosen.name not in {function.name for function in request.functions}:
        raise bad_request(
            f"Function '{chosen.name}' not found in 'functions'.", "function_call", "invalid_value"
        )


def _check_format(request: ChatRequest) -> None:
    form = request.response_format
    if form is None or form.type == "text":
        return
    if isinstance(form, JsonSchemaFormat):
        param = "response_format.json_schema.schema"
        if form.json_schema.schema_ is None:
            raise bad_request(f"Missing required parameter: '{param}'.", param, "missing_required_parameter")
        check_schema(
            form.json_schema.schema_, bool(form.json_schema.strict), "response_format", form.json_schema.name
        )
    elif not any("json" in _words(message).lower() for message in request.messages):
        message = "'messages' must contain the word 'json' in some form, to use a 'response_format' of 'json_object'."
        raise bad_request(message, "messages")


def _words(message: Any) -> str:
    content = message.content
    if isinstance(content, list):
        return " ".join(str(getattr(part, "text", "")) for part in content)
    return content or ""


def _check_audio(request: ChatRequest) -> None:
    spoken = "audio" in (request.modalities or [])
    if spoken and "text" not in (request.modalities or []):
        message = "Invalid value for 'modalities': audio is only available together with text."
        raise bad_request(message, "modalities", "invalid_value")
    if spoken and request.audio is None:
        raise bad_request("Missing required parameter: 'audio'.", "audio", "missing_required_parameter")
    if request.audio is not None and not spoken:
        message = "Invalid value for 'audio': it is only allowed when 'modalities' contains 'audio'."
        raise bad_request(message, "audio", "invalid_value")
    if spoken and request.stream and request.audio is not None and request.audio.format != "pcm16":
        message = (
            f"Unsupported value: 'audio.format' does not support '{request.audio.format}' when stream=true."
        )
        raise bad_request(f"{message} Supported values are: 'pcm16'.", "audio.format", "unsupported_value")


def _check_prediction(request: ChatRequest) -> None:
    if request.prediction is None:
        return
    if (request.n or 1) > 1:
        raise bad_request("'n' greater than 1 is not supported with 'prediction'.", "n", "invalid_value")
    for name in _NOT_WITH_PREDICTION:
        if getattr(request, name):
            raise bad_request(f"'{name}' is not supported with 'prediction'.", name, "invalid_value")


def merged_choice(request: ChatRequest) -> str:
    """How functions may be called: none, auto, required or ``=name``."""
    chosen: Any = request.tool_choice if request.tools is not None else request.function_call
    if request.tools is None and request.functions is None:
        return "none"
    if chosen is None or isinstance(chosen, str):
        return chosen or "auto"
    return f"={chosen.function.name if request.tools is not None else chosen.name}"


def plain_schema(request: ChatRequest) -> Mapping[str, Any] | None:
    """The schema that the answer has to follow, ``{}`` for any object, None for text."""
    form = request.response_format
    if form is None or form.type == "text":
        return None
    return (form.json_schema.schema_ or {}) if isinstance(form, JsonSchemaFormat) else {}
