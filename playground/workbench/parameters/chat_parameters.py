"""The scalar parameters of GetChatCompletions as rows, grouped as people look for them."""

from functools import cache

from playground.workbench.parameters.derive import Words, parameters_of
from playground.workbench.parameters.spec import Parameter

SAMPLING, LENGTH, FORM, INSIGHT, ADVANCED = "Sampling", "Length", "Form of the answer", "Insight", "Advanced"
EFFORTS = (("Low", "low"), ("Medium", "medium"), ("High", "high"))
STREAMS = "This program streams unless it is switched off."
COUNTS = "This program asks for the counts unless it is switched off."

_ROWS = {
    "temperature": Words("Temperature", SAMPLING),
    "top_p": Words("Top P", SAMPLING),
    "frequency_penalty": Words("Frequency penalty", SAMPLING, step=0.1),
    "presence_penalty": Words("Presence penalty", SAMPLING, step=0.1),
    "seed": Words("Seed", SAMPLING, start=1),
    "logit_bias": Words(
        "Logit bias", SAMPLING, kind="numbers", minimum=-100, maximum=100, words=("Token id", "Bias")
    ),
    "max_tokens": Words("Max tokens", LENGTH, start=800),
    "max_completion_tokens": Words("Max completion tokens", LENGTH, start=2000),
    "stop": Words("Stop sequences", LENGTH),
    "n": Words("Choices (n)", FORM),
    "response_format": Words("Response format", FORM, kind="format"),
    "stream": Words("Stream", FORM, default=True, note=STREAMS),
    "reasoning_effort": Words("Reasoning effort", FORM, choices=EFFORTS),
    "logprobs": Words("Log probabilities", INSIGHT, start=True),
    "top_logprobs": Words("Top log probabilities", INSIGHT, start=5),
    "stream_options.include_usage": Words("Usage while streaming", INSIGHT, default=True, note=COUNTS),
    "parallel_tool_calls": Words("Parallel tool calls", ADVANCED),
    "user": Words("User", ADVANCED, placeholder="An opaque name"),
    "store": Words("Store", ADVANCED),
    "metadata": Words("Metadata", ADVANCED),
}


@cache
def chat_parameters() -> tuple[Parameter, ...]:
    """The rows, with limits, defaults and help as the wire model states them."""
    from playground.wire.chat import ChatRequest

    return parameters_of(ChatRequest, _ROWS)
