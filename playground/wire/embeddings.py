"""Embeddings: texts or tokens in, vectors out."""

import base64
import sys
from array import array
from typing import Annotated, Literal

from pydantic import Field, Tag

from playground.wire.base import Listed, WireModel
from playground.wire.fields import Integer, by_batch_kind, optional
from playground.wire.usage import Usage

_Line = Annotated[str, Field(min_length=1)]
_Tokens = Annotated[list[Integer], Field(min_length=1, max_length=2048)]

EmbeddingInput = Annotated[
    Annotated[_Line, Tag("<string>")]
    | Annotated[list[_Line], Field(min_length=1, max_length=2048), Tag("<array>")]
    | Annotated[_Tokens, Tag("<tokens>")]
    | Annotated[list[_Tokens], Field(min_length=1, max_length=2048), Tag("<token arrays>")],
    by_batch_kind,
]


class EmbeddingsRequest(WireModel):
    """The body of GetEmbeddings."""

    input: EmbeddingInput = Field(
        description="A text or up to 2048 of them, none empty; tokens are accepted too."
    )
    model: str | None = optional("Ignored by Azure, where the deployment decides; other servers need it.")
    encoding_format: Literal["float", "base64"] | None = optional(
        "Numbers, or little-endian 32-bit floats in base64, which are shorter.", service_default="float"
    )
    dimensions: Integer | None = optional("Length of the vectors; only text-embedding-3 and later.", ge=1)
    input_type: str | None = optional("What the text is for, such as query; only on Azure.")
    user: str | None = optional("The caller's own name for the end user, for abuse monitoring.")


class Embedding(WireModel):
    """The vector of the input with this index."""

    object: Literal["embedding"] | str | None = None
    index: int = 0
    embedding: list[float] | str

    def vector(self) -> "array[float]":
        """The vector as 32-bit floats, whichever way it was sent.

        Raises ``ValueError`` when base64 text is damaged.
        """
        if not isinstance(self.embedding, str):
            return array("f", self.embedding)
        numbers = array("f")
        numbers.frombytes(base64.b64decode(self.embedding, validate=True))
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers


class Embeddings(WireModel):
    """The answer to GetEmbeddings."""

    object: Literal["list"] | str | None = None
    model: str | None = None
    data: Listed[Embedding] = Field(default_factory=list)
    usage: Usage | None = None
