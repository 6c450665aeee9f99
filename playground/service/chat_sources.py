"""Answers from the user's documents: a data source of a request becomes a search, its hits become the context."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playground.service.auth import LOOPBACK
from playground.service.engines.protocols import Passage, Turn
from playground.service.errors import INVALID_REQUEST, ServiceError, bad_request
from playground.service.grounding import Hit, Query, UnknownIndexError
from playground.service.service import Service
from playground.wire.data_sources import DataSource, SearchParameters, SearchSource

PARAM = "data_sources[0].parameters"
MAX_QUERIES = 3
_FILTER = re.compile(r"^\s*(title|filepath)\s+(eq|ne)\s+'((?:[^']|'')*)'\s*$", re.I)


@dataclass(frozen=True)
class Grounds:
    """What was found for an answer; ``used`` are the citations, in the order of their numbers."""

    queries: tuple[str, ...]
    hits: tuple[Hit, ...]
    in_scope: bool
    contexts: tuple[str, ...]
    role: str = ""

    @property
    def used(self) -> list[Hit]:
        """The hits that the answer may use."""
        return [hit for hit in self.hits if hit.reason is None]

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The used hits for the engine."""
        return tuple(Passage(hit.title, hit.content) for hit in self.used)

    def context(self) -> dict[str, Any]:
        """The ``context`` of the answer, with the parts that were asked for."""
        parts: dict[str, Any] = {}
        if "citations" in self.contexts:
            parts["citations"] = [_citation(hit) for hit in self.used]
        if "intent" in self.contexts:
            parts["intent"] = json.dumps(list(self.queries), ensure_ascii=False)
        if "all_retrieved_documents" in self.contexts:
            parts["all_retrieved_documents"] = [self._retrieved(hit) for hit in self.hits]
        return parts

    def _retrieved(self, hit: Hit) -> dict[str, Any]:
        reason = {"filter_reason": hit.reason} if hit.reason else {}
        scores = {"original_search_score": hit.search_score, "rerank_score": hit.rerank_score}
        place = {"search_queries": [hit.query], "data_source_index": 0}
        return _citation(hit, scored=False) | place | scores | reason


async def find_grounds(service: Service, source: DataSource, turns: Sequence[Turn]) -> Grounds:
    """Search for what the conversation asks.

    Raises ``ServiceError``: 424 for a source that is not this service's, 400 for a wrong search.
    """
    if not isinstance(source, SearchSource):
        raise _foreign(f"data sources of type '{source.type}'")
    parameters = source.parameters
    _check_endpoint(parameters.endpoint, service.base_url)
    _check_kind(parameters)
    queries = _queries(turns, parameters.max_search_queries)
    query = Query(
        parameters.index_name,
        queries,
        parameters.query_type or "simple",
        parameters.strictness or 3,
        _top(parameters.top_n_documents),
        _only(parameters.filter),
    )
    try:
        hits = await service.documents.search(query)
    except UnknownIndexError:
        names = ", ".join(f"'{name}'" for name in await service.documents.indexes())
        message = (
            f"The index '{parameters.index_name[:100]}' was not found. "
            f"This service only answers for its own indexes: {names}."
        )
        raise bad_request(message, f"{PARAM}.index_name", "invalid_value") from None
    contexts = parameters.include_contexts
    return Grounds(
        queries,
        tuple(hits),
        parameters.in_scope is not False,
        tuple(contexts if contexts is not None else ("citations", "intent")),
        parameters.role_information or "",
    )


def _citation(hit: Hit, *, scored: bool = True) -> dict[str, Any]:
    cited = {
        "content": hit.content,
        "title": hit.title,
        "filepath": hit.filepath,
        "chunk_id": str(hit.chunk),
    }
    return cited | ({"rerank_score": hit.rerank_score} if scored else {})


def _foreign(what: str) -> ServiceError:
    message = f"This service only answers for its own indexes; it cannot reach {what}."
    return ServiceError(424, "FailedDependency", message, type=INVALID_REQUEST, param=PARAM)


def _check_endpoint(endpoint: str, own: str) -> None:
    try:
        asked, here = urlsplit(endpoint), urlsplit(own)
        host = f"[{asked.hostname}]" if ":" in (asked.hostname or "") else asked.hostname
        same = host in LOOPBACK and asked.port == here.port
    except ValueError:
        same = False
    if not same:
        raise _foreign(f"'{endpoint[:100]}' (its own endpoint is {own})")


def _check_kind(parameters: SearchParameters) -> None:
    kind = parameters.query_type or "simple"
    if "semantic" in kind and not parameters.semantic_configuration:
        message = f"Query type '{kind}' requires 'semantic_configuration'."
        raise bad_request(message, f"{PARAM}.semantic_configuration", "missing_required_parameter")
    if "vector" in kind and parameters.embedding_dependency is None:
        message = f"Query type '{kind}' requires 'embedding_dependency'."
        raise bad_request(message, f"{PARAM}.embedding_dependency", "missing_required_parameter")


def _top(asked: int | None) -> int:
    if asked is not None and asked < 1:
        raise bad_request(
            "Invalid 'top_n_documents': expected a value >= 1.", f"{PARAM}.top_n_documents", "invalid_value"
        )
    return asked or 5


def _only(text: str | None) -> Callable[[str, str], bool] | None:
    """The filters that these indexes have fields for: title and filepath, equal or not."""
    if not text or not text.strip():
        return None
    found = _FILTER.match(text)
    if found is None:
        message = (
            "Invalid 'filter': this service's indexes understand only: title eq 'x', filepath eq 'x', and ne."
        )
        raise bad_request(message, f"{PARAM}.filter", "invalid_value")
    field, wanted = found[1].lower(), found[3].replace("''", "'")
    equal = found[2].lower() == "eq"
    return lambda title, path: ((title if field == "title" else path) == wanted) is equal


def _queries(turns: Sequence[Turn], most: int | None) -> tuple[str, ...]:
    """The last question, and for a short follow-up also the one before it together with it."""
    asked = [turn.text.strip() for turn in turns if turn.role == "user" and turn.text.strip()]
    if not asked:
        return ("",)
    queries = [asked[-1][:1000]]
    if len(asked) > 1 and len(asked[-1].split()) <= 6:
        queries.append(f"{asked[-2]} {asked[-1]}"[:1000])
    return tuple(queries[: max(1, min(most or MAX_QUERIES, MAX_QUERIES))])
