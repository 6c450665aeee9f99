"""What an answer cost, in tokens."""

from playground.wire.base import WireModel


class PromptTokensDetails(WireModel):
    """Parts of ``prompt_tokens``."""

    audio_tokens: int | None = None
    cached_tokens: int | None = None


class CompletionTokensDetails(WireModel):
    """Parts of ``completion_tokens``; rejected prediction tokens are paid for too."""

    accepted_prediction_tokens: int | None = None
    audio_tokens: int | None = None
    reasoning_tokens: int | None = None
    rejected_prediction_tokens: int | None = None


class Usage(WireModel):
    """Token counts of one call."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    prompt_tokens_details: PromptTokensDetails | None = None
    completion_tokens_details: CompletionTokensDetails | None = None
