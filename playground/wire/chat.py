"""Chat completions: the request, the whole answer and the chunks of a streamed one."""

from typing import Any, Literal

from pydantic import Field

from playground.wire.base import Listed, Timestamp, WireModel
from playground.wire.chat_options import (
    AudioOptions,
    EnhancementOption,
    Enhancements,
    JsonObjectFormat,
    JsonSchema,
    JsonSchemaFormat,
    Prediction,
    ResponseFormat,
    TextFormat,
    UserSecurityContext,
)
from playground.wire.context import Citation, Context, RetrievedDocument
from playground.wire.data_sources import DataSource
from playground.wire.fields import Flag, Integer, LogitBias, Metadata, Number, Stop, optional
from playground.wire.filters import ChoiceFilterResults, FilterOffsets, PromptFilterResult
from playground.wire.grounding import ChoiceEnhancements
from playground.wire.logprobs import ChatLogprobs, TokenLogprob, TopLogprob
from playground.wire.messages import Message
from playground.wire.streaming import StreamOptions
from playground.wire.tools import (
    FunctionCall,
    FunctionChoice,
    LegacyFunction,
    Tool,
    ToolCall,
    ToolCallDelta,
    ToolChoice,
)
from playground.wire.usage import Usage

__all__ = [
    "AssistantReply",
    "AudioOptions",
    "ChatChoice",
    "ChatChunk",
    "ChatCompletion",
    "ChatLogprobs",
    "ChatRequest",
    "ChunkChoice",
    "Citation",
    "Context",
    "Delta",
    "EnhancementOption",
    "Enhancements",
    "FinishReason",
    "JsonObjectFormat",
    "JsonSchema",
    "JsonSchemaFormat",
    "Message",
    "Prediction",
    "ReplyAudio",
    "ResponseFormat",
    "RetrievedDocument",
    "StreamOptions",
    "TextFormat",
    "TokenLogprob",
    "ToolCallDelta",
    "TopLogprob",
    "UserSecurityContext",
]

FinishReason = Literal["stop", "length", "tool_calls", "content_filter", "function_call"] | str


class ChatRequest(WireModel):
    """The body of GetChatCompletions. Rules between fields are the service's business, not the model's."""

    messages: list[Message] = Field(min_length=1, max_length=2048, description="The conversation so far.")
    model: str | None = optional("Ignored by Azure, where the deployment decides; other servers need it.")
    max_tokens: Integer | None = optional("Longest answer in tokens; not for o-series models.", ge=1)
    max_completion_tokens: Integer | None = optional(
        "Longest answer in tokens, hidden reasoning included; replaces max_tokens.", ge=1
    )
    temperature: Number | None = optional(
        "Higher is more varied, 0 nearly fixed.", service_default=1, ge=0, le=2
    )
    top_p: Number | None = optional(
        "Choose among the likeliest tokens that make up this share.", service_default=1, ge=0, le=1
    )
    n: Integer | None = optional("How many answers.", service_default=1, ge=1, le=128)
    stop: Stop | None = optional("The answer ends before any of these, at most 4.")
    presence_penalty: Number | None = optional(
        "Above 0 leads to new topics, below 0 back to old ones.", service_default=0, ge=-2, le=2
    )
    frequency_penalty: Number | None = optional(
        "Above 0 avoids repeating words, below 0 repeats more.", service_default=0, ge=-2, le=2
    )
    logit_bias: LogitBias | None = optional("Makes tokens (by id) likelier up to 100 or bars them with -100.")
    seed: Integer | None = optional(
        "The same seed and request give the same answer, as far as possible.", ge=-(2**63), le=2**63 - 1
    )
    user: str | None = optional("The caller's own name for the end user, for abuse monitoring.")
    stream: Flag | None = optional("Send the answer piece by piece.", service_default=False)
    stream_options: StreamOptions | None = optional("How to stream; only with stream.")
    logprobs: Flag | None = optional("Tell how likely each token was.", service_default=False)
    top_logprobs: Integer | None = optional("Likeliest rivals per token; needs logprobs.", ge=0, le=20)
    response_format: ResponseFormat | None = optional(
        "Plain text, any JSON object, or JSON that follows a schema.", service_default={"type": "text"}
    )
    tools: list[Tool] | None = optional("Functions the model may call.", max_length=128)
    tool_choice: ToolChoice | None = optional(
        "none, auto, required or one function by name; auto if there are tools.", service_default="auto"
    )
    parallel_tool_calls: Flag | None = optional("Allow several tool calls at once.", service_default=True)
    functions: list[LegacyFunction] | None = optional(
        "Deprecated: functions the model may call.", min_length=1, max_length=128
    )
    function_call: FunctionChoice | None = optional(
        "Deprecated: none, auto or one function by name.", service_default="auto"
    )
    store: Flag | None = optional("Keep the answer on the service for evaluation.", service_default=False)
    metadata: Metadata | None = optional("Up to 16 pairs of own text kept with a stored answer.")
    reasoning_effort: Literal["low", "medium", "high"] | None = optional(
        "How long an o-series model may think.", service_default="medium"
    )
    modalities: list[Literal["text", "audio"]] | None = optional(
        "Answer in text, or in text and audio.", service_default=["text"]
    )
    audio: AudioOptions | None = optional("Voice and format; required when the answer is spoken.")
    prediction: Prediction | None = optional("Text that the answer is expected to repeat.")
    data_sources: list[DataSource] | None = optional(
        "Where to search for documents; exactly one.", min_length=1, max_length=1
    )
    user_security_context: UserSecurityContext | None = optional("Who uses the application.")
    enhancements: Enhancements | None = optional("Grounding and text recognition, of the vision preview.")


class ReplyAudio(WireModel):
    """A spoken answer: audio in base64 and what is said; in a stream, pieces of both."""

    id: str | None = None
    expires_at: int | None = None
    data: str | None = None
    transcript: str | None = None


class AssistantReply(WireModel):
    """The answer; ``content`` is null when the model calls tools."""

    role: Literal["assistant"] | str | None = None
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[ToolCall] | None = None
    function_call: FunctionCall | None = None
    audio: ReplyAudio | None = None
    context: Context | None = None
    end_turn: bool | None = None


class ChatChoice(WireModel):
    """One of the answers."""

    index: int = 0
    finish_reason: FinishReason | None = None
    message: AssistantReply | None = None
    logprobs: ChatLogprobs | None = None
    content_filter_results: ChoiceFilterResults | None = None
    enhancements: ChoiceEnhancements | None = None
    end_turn: bool | None = None


class ChatCompletion(WireModel):
    """The answer to GetChatCompletions; *On Your Data* calls it ``extensions.chat.completion``."""

    id: str | None = None
    object: Literal["chat.completion", "extensions.chat.completion"] | str | None = None
    created: Timestamp | None = None
    model: str | None = None
    system_fingerprint: str | None = None
    choices: Listed[ChatChoice] = Field(default_factory=list)
    usage: Usage | None = None
    prompt_filter_results: list[PromptFilterResult] | None = None


class Delta(WireModel):
    """What a chunk adds to an answer; text, arguments and transcripts are joined."""

    role: Literal["assistant"] | str | None = None
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[ToolCallDelta] | None = None
    function_call: FunctionCall | None = None
    audio: ReplyAudio | None = None
    context: Context | None = None
    end_turn: bool | None = None


class ChunkChoice(WireModel):
    """A piece of the answer with this index; annotations by the asynchronous filter have no ``delta``."""

    index: int = 0
    finish_reason: FinishReason | None = None
    delta: Delta | None = None
    logprobs: ChatLogprobs | None = None
    content_filter_results: ChoiceFilterResults | None = None
    content_filter_offsets: FilterOffsets | None = None
    content_filter_raw: list[Any] | None = None
    enhancements: ChoiceEnhancements | None = None
    end_turn: bool | None = None


class ChatChunk(WireModel):
    """One event of a stream. The first may have no choices and empty names; a usage chunk has no choices."""

    id: str | None = None
    object: Literal["chat.completion.chunk", "extensions.chat.completion.chunk", ""] | str | None = None
    created: Timestamp | None = None
    model: str | None = None
    system_fingerprint: str | None = None
    choices: Listed[ChunkChoice] = Field(default_factory=list)
    usage: Usage | None = None
    prompt_filter_results: list[PromptFilterResult] | None = None
    prompt_annotations: list[PromptFilterResult] | None = None
    """An older name of ``prompt_filter_results``."""

    @property
    def prompt_filters(self) -> list[PromptFilterResult]:
        """Annotations of the prompts under either name."""
        return self.prompt_filter_results or self.prompt_annotations or []
