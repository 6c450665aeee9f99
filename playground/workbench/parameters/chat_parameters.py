"""The parameters of GetChatCompletions that are set in the right dock."""

from playground.wire.chat import ChatRequest
from playground.workbench.parameters.derive import Words, parameters_of
from playground.workbench.parameters.spec import Parameter

SAMPLING, LENGTH, ANSWER = "Sampling", "Length", "Answer"
THINKING, TOOLS, STREAMING, RECORDS = "Reasoning", "Tools", "Streaming", "Records"

CHAT_PARAMETERS: tuple[Parameter, ...] = parameters_of(
    ChatRequest,
    {
        "temperature": Words("Temperature", SAMPLING),
        "top_p": Words("Top P", SAMPLING),
        "presence_penalty": Words("Presence penalty", SAMPLING),
        "frequency_penalty": Words("Frequency penalty", SAMPLING),
        "seed": Words("Seed", SAMPLING, start=1),
        "logit_bias": Words(
            "Logit bias", SAMPLING, kind="numbers", minimum=-100, maximum=100, words=("Token id", "Bias")
        ),
        "max_tokens": Words("Max tokens", LENGTH, start=800),
        "max_completion_tokens": Words("Max completion tokens", LENGTH, start=2000),
        "n": Words("Answers", LENGTH),
        "stop": Words("Stop before", LENGTH, note="One a line."),
        "response_format": Words("Response format", ANSWER, kind="format"),
        "logprobs": Words("Token probabilities", ANSWER),
        "top_logprobs": Words("Rivals per token", ANSWER, start=5),
        "reasoning_effort": Words(
            "Reasoning effort",
            THINKING,
            choices=(("Low", "low"), ("Medium", "medium"), ("High", "high")),
        ),
        "parallel_tool_calls": Words("Parallel tool calls", TOOLS),
        "stream": Words("Stream", STREAMING, note="This program streams unless it is switched off here."),
        "stream_options.include_usage": Words("Include usage", STREAMING, start=True),
        "user": Words("User", RECORDS, placeholder="An opaque name"),
        "store": Words("Store", RECORDS),
        "metadata": Words("Metadata", RECORDS),
    },
)
