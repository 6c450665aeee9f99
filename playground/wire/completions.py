"""Text completions without roles: the request and the answer, which has the shape of a streamed chunk too."""

from typing import Annotated, Literal

from pydantic import Field, Tag

from playground.wire.base import Listed, Timestamp, WireModel
from playground.wire.fields import Flag, Integer, LogitBias, Number, Stop, by_batch_kind, optional
from playground.wire.filters import ChoiceFilterResults, PromptFilterResult
from playground.wire.streaming import StreamOptions
from playground.wire.usage import Usage

Prompt = Annotated[
    Annotated[str, Tag("<string>")]
    | Annotated[list[str], Tag("<array>")]
    | Annotated[list[Integer], Tag("<tokens>")]
    | Annotated[list[list[Integer]], Tag("<token arrays>")],
    by_batch_kind,
]


class CompletionRequest(WireModel):
    """The body of GetCompletions."""

    prompt: Prompt | None = Field(
        description="Text to go on from, one or several; null starts a new document."
    )
    model: str | None = optional("Ignored by Azure, where the deployment decides; other servers need it.")
    max_tokens: Integer | None = optional("Longest answer in tokens.", service_default=16, ge=0)
    temperature: Number | None = optional(
        "Higher is more varied, 0 nearly fixed.", service_default=1, ge=0, le=2
    )
    top_p: Number | None = optional(
        "Choose among the likeliest tokens that make up this share.", service_default=1, ge=0, le=1
    )
    n: Integer | None = optional("How many answers per prompt.", service_default=1, ge=1, le=128)
    best_of: Integer | None = optional(
        "Make this many, return the n best; at least n, and not with stream.", service_default=1, ge=0, le=20
    )
    echo: Flag | None = optional("Repeat the prompt before the answer.", service_default=False)
    logprobs: Integer | None = optional("Tell the likelihood of each token and this many rivals.", ge=0, le=5)
    suffix: str | None = optional("Text that follows the answer; only for gpt-3.5-turbo-instruct.")
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


class CompletionLogprobs(WireModel):
    """Likelihood per token; the first may be null when the prompt is echoed."""

    tokens: list[str] | None = None
    token_logprobs: list[float | None] | None = None
    top_logprobs: list[dict[str, float | None] | None] | None = None
    text_offset: list[int] | None = None


class CompletionChoice(WireModel):
    """One of the answers; index = prompt's index * n + number of the answer."""

    text: str | None = None
    index: int = 0
    finish_reason: Literal["stop", "length", "content_filter"] | str | None = None
    logprobs: CompletionLogprobs | None = None
    content_filter_results: ChoiceFilterResults | None = None


class Completion(WireModel):
    """The answer to GetCompletions, or a chunk of it, whose texts are joined by index."""

    id: str | None = None
    object: Literal["text_completion"] | str | None = None
    created: Timestamp | None = None
    model: str | None = None
    system_fingerprint: str | None = None
    choices: Listed[CompletionChoice] = Field(default_factory=list)
    usage: Usage | None = None
    prompt_filter_results: list[PromptFilterResult] | None = None
    prompt_annotations: list[PromptFilterResult] | None = None
    """An older name of ``prompt_filter_results``."""

    @property
    def prompt_filters(self) -> list[PromptFilterResult]:
        """Annotations of the prompts under either name."""
        return self.prompt_filter_results or self.prompt_annotations or []
