"""What the content filter says about a prompt, an answer or an image; every member may be missing."""

from typing import Annotated, Literal

from pydantic import Field

from playground.wire.base import WireModel

Severity = Literal["safe", "low", "medium", "high"] | str


class SeverityResult(WireModel):
    """A category with degrees: hate, sexual, violence, self_harm."""

    filtered: bool | None = None
    severity: Severity | None = None


class DetectionResult(WireModel):
    """A category that is either there or not: profanity, jailbreak, indirect_attack, protected text."""

    filtered: bool | None = None
    detected: bool | None = None


class BlocklistDetail(WireModel):
    """One of the resource's own blocklists, by id."""

    filtered: bool | None = None
    id: str | None = None


class BlocklistResult(WireModel):
    """All of the resource's own blocklists together."""

    filtered: bool | None = None
    details: list[BlocklistDetail] | None = None


class CodeCitation(WireModel):
    """Where protected code comes from."""

    URL: str | None = None
    license: str | None = None


class ProtectedCodeResult(DetectionResult):
    """Protected code: live answers nest the source in ``citation``, the older documents write it flat."""

    citation: CodeCitation | None = None
    URL: str | None = None
    license: str | None = None

    @property
    def source(self) -> CodeCitation | None:
        """The source, wherever it was written."""
        if self.citation is not None or (self.URL is None and self.license is None):
            return self.citation
        return CodeCitation(URL=self.URL, license=self.license)


class TextSpan(WireModel):
    """A range of the answer in Unicode code points, its end exclusive."""

    completion_start_offset: int | None = None
    completion_end_offset: int | None = None


class UngroundedResult(DetectionResult):
    """Text that the given documents do not support."""

    details: list[TextSpan] | None = None


class FilterFaultCode(WireModel):
    """A more exact code inside a filter's own failure."""

    code: str | None = None
    innererror: "FilterFaultCode | str | None" = None


class FilterFault(WireModel):
    """The filter itself failed; the request was answered unfiltered."""

    code: str | int | None = None
    message: str | None = None
    target: str | None = None
    details: "list[FilterFault | str] | None" = None
    innererror: FilterFaultCode | str | None = None


class CategoryResults(WireModel):
    """The four categories with degrees, which every annotation has; alone they annotate a made image."""

    hate: SeverityResult | None = None
    sexual: SeverityResult | None = None
    violence: SeverityResult | None = None
    self_harm: SeverityResult | None = None


Blocklists = Annotated[BlocklistResult | list[BlocklistDetail], Field(union_mode="left_to_right")]


class CommonResults(CategoryResults):
    """What annotations of prompts and of answers share."""

    profanity: DetectionResult | None = None
    custom_blocklists: Blocklists | None = None

    @property
    def blocklists(self) -> list[BlocklistDetail]:
        """The blocklists that were looked at; older versions send them as a bare array."""
        found = self.custom_blocklists
        return (found.details or []) if isinstance(found, BlocklistResult) else (found or [])


class PromptFilterResults(CommonResults):
    """Annotation of a prompt."""

    error: FilterFault | None = None
    jailbreak: DetectionResult | None = None
    indirect_attack: DetectionResult | None = None


class ChoiceFilterResults(CommonResults):
    """Annotation of an answer or of a piece of one; ``{}`` is normal in a stream."""

    error: FilterFault | None = None
    protected_material_text: DetectionResult | None = None
    protected_material_code: ProtectedCodeResult | None = None
    ungrounded_material: UngroundedResult | None = None


class PromptFilterResult(WireModel):
    """Annotation of the prompt with this index; a failed filter may use the singular spelling."""

    prompt_index: int = 0
    content_filter_results: PromptFilterResults | None = None
    content_filter_result: PromptFilterResults | None = None

    @property
    def results(self) -> PromptFilterResults | None:
        """The annotation under either spelling."""
        return self.content_filter_results or self.content_filter_result


class FilterOffsets(WireModel):
    """Range judged by an annotation of the asynchronous filter, in characters from the prompt's start."""

    check_offset: int | None = None
    start_offset: int | None = None
    end_offset: int | None = None


class ImageFilterResults(CategoryResults):
    """Annotation of a made image."""


class ImagePromptFilterResults(CommonResults):
    """Annotation of an image's prompt: an object per image, not an array."""

    jailbreak: DetectionResult | None = None
