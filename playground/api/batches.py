"""Batches: many requests in a file, answered within a day."""

from collections.abc import AsyncGenerator

from playground.api.bodies import JsonBody
from playground.api.paging import every
from playground.api.words import Word
from playground.wire.batches import Batch, BatchList, CreateBatchRequest


class Batches(Word):
    """``client.batches``."""

    async def list(
        self,
        *,
        after: str | None = None,
        limit: int | None = None,
        filter: str | None = None,
        orderby: str | None = None,
    ) -> BatchList:
        """ListBatches: one page. ``filter`` and ``orderby`` are OData. Raises ``ApiError``."""
        query = [
            ("after", after or ""),
            ("limit", str(limit or "")),
            ("$filter", filter or ""),
            ("$orderby", orderby or ""),
        ]
        return await self._ask("batches.list", BatchList, query=query)

    def every(self, *, filter: str | None = None) -> AsyncGenerator[Batch, None]:
        """ListBatches, page after page, each batch once."""
        return every(lambda after: self.list(after=after, filter=filter))

    async def create(self, request: CreateBatchRequest) -> Batch:
        """CreateBatch: start working through an uploaded file."""
        return await self._ask("batches.create", Batch, body=JsonBody(request))

    async def get(self, batch_id: str) -> Batch:
        """GetBatch."""
        return await self._ask("batches.get", Batch, parameters={"batchId": batch_id})

    async def cancel(self, batch_id: str) -> Batch:
        """CancelBatch: what is done already is kept."""
        return await self._ask("batches.cancel", Batch, parameters={"batchId": batch_id})
