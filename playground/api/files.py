"""Files of the resource: upload, list, look at, fetch, delete."""

from collections.abc import AsyncGenerator
from pathlib import Path

from playground.api.bodies import FilePart, FormBody, Progress, form_fields
from playground.api.caller import Call
from playground.api.downloads import save
from playground.api.paging import every
from playground.api.reading import read_bytes
from playground.api.streams import ByteStream
from playground.api.words import Word
from playground.wire.files import File, FileDeletion, FileList, UploadFileRequest
from playground.wire.operations import BY_ACTION


class Files(Word):
    """``client.files``."""

    async def list(
        self, *, purpose: str | None = None, after: str | None = None, limit: int | None = None
    ) -> FileList:
        """ListFiles: one page; only ``purpose`` is documented, and services may ignore the rest."""
        query = [("purpose", purpose or ""), ("after", after or ""), ("limit", str(limit or ""))]
        return await self._ask("files.list", FileList, query=query)

    def every(self, *, purpose: str | None = None) -> AsyncGenerator[File, None]:
        """ListFiles, page after page, each file once."""
        return every(lambda after: self.list(purpose=purpose, after=after))

    async def upload(
        self, request: UploadFileRequest, file: FilePart, *, progress: Progress | None = None
    ) -> File:
        """UploadFile: read from disk while it is sent. Raises ``ApiError``, and ``OSError`` for the file."""
        body = FormBody(form_fields(request), "file", file, progress)
        return await self._ask("files.upload", File, body=body)

    async def get(self, file_id: str) -> File:
        """GetFile."""
        return await self._ask("files.get", File, parameters={"fileId": file_id})

    async def delete(self, file_id: str) -> FileDeletion:
        """DeleteFile."""
        return await self._ask("files.delete", FileDeletion, parameters={"fileId": file_id})

    async def content(self, file_id: str) -> bytes:
        """GetFileContent: a small file, in memory. Raises ``TooMuchData`` for a big one."""
        return await self._caller.run(self._content(file_id), read_bytes)

    def stream(self, file_id: str) -> ByteStream:
        """GetFileContent, block by block: ``async with`` asks, ``async for`` gives them."""
        return ByteStream(self._caller, self._content(file_id))

    async def download(self, file_id: str, target: Path, *, progress: Progress | None = None) -> int:
        """GetFileContent into a file, in constant memory; gives its size in bytes.

        ``target`` is replaced only by complete data. Raises ``ApiError``, ``SaveFailed`` for the disk.
        """
        return await self._caller.run(self._content(file_id), lambda answer: save(answer, target, progress))

    def _content(self, file_id: str) -> Call:
        return Call(BY_ACTION["files.content"], {"fileId": file_id}, accept="application/octet-stream, */*")
