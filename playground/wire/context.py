"""What *On Your Data* used for an answer: citations, intent and retrieved documents."""

from typing import Literal

from playground.wire.base import WireModel


class Citation(WireModel):
    """A document that the answer cites as ``[doc1]``, ``[doc2]``…, counted from 1 in this order."""

    content: str | None = None
    title: str | None = None
    url: str | None = None
    filepath: str | None = None
    chunk_id: str | None = None
    rerank_score: float | None = None


class RetrievedDocument(Citation):
    """A document found by the search, used or not."""

    search_queries: list[str] | None = None
    data_source_index: int | None = None
    original_search_score: float | None = None
    filter_reason: Literal["score", "rerank"] | str | None = None
    """``score``: cut by strictness; ``rerank``: cut by top_n_documents; absent: used."""


class Context(WireModel):
    """Beside the answer (in a stream, in the first delta); ``intent`` often holds a JSON array as text."""

    citations: list[Citation] | None = None
    intent: str | None = None
    all_retrieved_documents: list[RetrievedDocument] | None = None
