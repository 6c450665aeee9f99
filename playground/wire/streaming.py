"""What a request can ask of a stream."""

from playground.wire.base import WireModel
from playground.wire.fields import Flag, optional


class StreamOptions(WireModel):
    """How to stream."""

    include_usage: Flag | None = optional("Send the token counts in one more chunk at the end.")
