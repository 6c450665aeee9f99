"""How likely the model held each token of a chat answer."""

from playground.wire.base import WireModel


class TopLogprob(WireModel):
    """One of the likeliest tokens at a position; ``logprob`` is a natural logarithm, -9999.0 for *never*."""

    token: str | None = None
    logprob: float | None = None
    bytes: list[int] | None = None


class TokenLogprob(TopLogprob):
    """The token that was taken, with its rivals."""

    top_logprobs: list[TopLogprob] | None = None


class ChatLogprobs(WireModel):
    """Per token of the answer, or of the refusal."""

    content: list[TokenLogprob] | None = None
    refusal: list[TokenLogprob] | None = None
