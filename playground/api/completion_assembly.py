"""Folds the chunks of a streamed text completion into whole texts, by index."""

from playground.api.filter_merging import FilterMerger
from playground.wire.base import to_wire
from playground.wire.completions import Completion, CompletionChoice, CompletionLogprobs
from playground.wire.filters import ChoiceFilterResults, PromptFilterResult
from playground.wire.usage import Usage


class TextAssembly:
    """One of the texts in the making."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.text = ""
        self.finish_reason: str | None = None
        self.logprobs: CompletionLogprobs | None = None
        self._filters = FilterMerger()

    @property
    def filters(self) -> ChoiceFilterResults:
        """Of each category the gravest judgement so far."""
        return self._filters.merged()

    def add(self, piece: CompletionChoice) -> None:
        """Take in what a chunk says of this text."""
        self.text += piece.text or ""
        self.finish_reason = piece.finish_reason or self.finish_reason
        if piece.content_filter_results is not None:
            self._filters.add(piece.content_filter_results)
        if piece.logprobs is not None:
            self.logprobs = _joined(self.logprobs, piece.logprobs)


class CompletionAssembly:
    """All that a stream has said so far. ``add`` each chunk, ``end`` when the stream's loop has ended."""

    def __init__(self) -> None:
        self.choices: dict[int, TextAssembly] = {}
        self.prompt_filters: list[PromptFilterResult] = []
        self.usage: Usage | None = None
        self.model: str | None = None
        self._ended = False

    def add(self, chunk: Completion) -> None:
        """Take in a chunk."""
        self.model = self.model or chunk.model
        self.usage = chunk.usage or self.usage
        self.prompt_filters += chunk.prompt_filters
        for piece in chunk.choices:
            self.choices.setdefault(piece.index, TextAssembly(piece.index)).add(piece)

    def end(self) -> None:
        """The stream is done: ``[DONE]`` has come."""
        self._ended = True

    @property
    def complete(self) -> bool:
        """Every text is finished and the stream was done."""
        finished = bool(self.choices) and all(each.finish_reason for each in self.choices.values())
        return self._ended and finished


def _joined(old: CompletionLogprobs | None, new: CompletionLogprobs) -> CompletionLogprobs:
    if old is None:
        return new
    merged = to_wire(old)
    for name, value in to_wire(new).items():
        both_lists = isinstance(value, list) and isinstance(merged.get(name), list)
        merged[name] = merged[name] + value if both_lists else value
    return CompletionLogprobs.model_validate(merged)
