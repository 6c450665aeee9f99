"""Uploads of big files in parts."""

from playground.api.bodies import FilePart, FormBody, JsonBody, Progress
from playground.api.words import Word
from playground.wire.uploads import CompleteUploadRequest, CreateUploadRequest, Upload, UploadPart


class Uploads(Word):
    """``client.uploads``."""

    async def create(self, request: CreateUploadRequest) -> Upload:
        """CreateUpload: announce a file. Raises ``ApiError``."""
        return await self._ask("uploads.create", Upload, body=JsonBody(request))

    async def add_part(
        self, upload_id: str, part: FilePart, *, progress: Progress | None = None
    ) -> UploadPart:
        """AddUploadPart: up to 64 MB; ``FilePart`` with ``offset`` and ``length`` cuts one out of a file."""
        body = FormBody([], "data", part, progress)
        return await self._ask("uploads.add_part", UploadPart, parameters={"upload_id": upload_id}, body=body)

    async def complete(self, upload_id: str, request: CompleteUploadRequest) -> Upload:
        """CompleteUpload: put the parts together, in the order of the request."""
        parameters = {"upload_id": upload_id}
        return await self._ask("uploads.complete", Upload, parameters=parameters, body=JsonBody(request))

    async def cancel(self, upload_id: str) -> Upload:
        """CancelUpload: forget it and its parts."""
        return await self._ask("uploads.cancel", Upload, parameters={"upload_id": upload_id})
