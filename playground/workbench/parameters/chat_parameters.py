"""The scalar parameters of a chat completion as rows, grouped as people look for them."""

from functools import cache
from typing import Any

from playground.workbench.parameters.spec import Parameter, parameter_of

SAMPLING, LENGTH, FORM, INSIGHT, ADVANCED = "Sampling", "Length", "Form of the answer", "Insight", "Advanced"

# Wire name, label, group, and what differs from what the wire model says.
_ROWS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("temperature", "Temperature", SAMPLING, {"step": 0.1}),
    ("top_p", "Top P", SAMPLING, {"step": 0.05}),
    ("frequency_penalty", "Frequency penalty", SAMPLING, {"step": 0.1}),
    ("presence_penalty", "Presence penalty", SAMPLING, {"step": 0.1}),
    ("seed", "Seed", SAMPLING, {}),
    ("logit_bias", "Logit bias", SAMPLING, {"numeric": True}),
    ("max_tokens", "Max tokens", LENGTH, {}),
    ("max_completion_tokens", "Max completion tokens", LENGTH, {}),
    ("stop", "Stop sequences", LENGTH, {}),
    ("n", "Choices (n)", FORM, {}),
    (
        "response_format",
        "Response format",
        FORM,
        {"kind": "choice", "choices": ("text", "json_object"), "wrapped": "type"},
    ),
    ("stream", "Stream", FORM, {"default": True}),
    ("reasoning_effort", "Reasoning effort", FORM, {}),
    ("logprobs", "Log probabilities", INSIGHT, {}),
    ("top_logprobs", "Top log probabilities", INSIGHT, {}),
    ("parallel_tool_calls", "Parallel tool calls", ADVANCED, {}),
    ("user", "User", ADVANCED, {}),
    ("store", "Store", ADVANCED, {}),
    ("metadata", "Metadata", ADVANCED, {}),
)

_STREAM_HELP = "This program streams unless you switch it off. "
_USAGE = Parameter(
    name="stream_options.include_usage",
    label="Usage while streaming",
    group=INSIGHT,
    kind="flag",
    default=True,
    help="Ask for token counts at the end of a stream. This program does so unless you switch it off.",
)


@cache
def chat_parameters() -> tuple[Parameter, ...]:
    """The rows, with limits, defaults and help as the wire model states them."""
    from playground.wire.chat import ChatRequest
    from playground.wire.request_fields import request_fields

    fields = {field.name: field for field in request_fields(ChatRequest)}
    rows = []
    for name, label, group, changes in _ROWS:
        help_text = _STREAM_HELP + fields[name].help if name == "stream" else fields[name].help
        rows.append(parameter_of(fields[name], label, group, **{"help": help_text, **changes}))
        if name == "top_logprobs":
            rows.append(_USAGE)
    return tuple(rows)
