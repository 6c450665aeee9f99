"""The messages of a conversation: content parts, one class per role, and the union of all."""

from typing import Annotated, Literal

from pydantic import Field, Tag

from playground.wire.base import WireModel
from playground.wire.context import Context
from playground.wire.fields import by_kind, told_by
from playground.wire.tools import AdoptedModel, PastFunctionCall, PastToolCall


class TextPart(WireModel):
    """Text."""

    type: Literal["text"]
    text: str


class ImageURL(WireModel):
    """A picture by ``https:`` address, or inside the message as ``data:image/…;base64,…``."""

    url: str
    detail: Literal["auto", "low", "high"] | None = Field(
        default=None, json_schema_extra={"service_default": "auto"}
    )


class ImagePart(WireModel):
    """A picture; at most 50 in a request."""

    type: Literal["image_url"]
    image_url: ImageURL


class InputAudio(WireModel):
    """A recording, base64."""

    data: str
    format: Literal["wav", "mp3"]


class AudioPart(WireModel):
    """A recording spoken to the model."""

    type: Literal["input_audio"]
    input_audio: InputAudio


class RefusalPart(WireModel):
    """The model's earlier refusal."""

    type: Literal["refusal"]
    refusal: str


Text = Annotated[str, Tag("<string>")]

TextParts = Annotated[list[TextPart], Field(min_length=1), Tag("<array>")]

UserPart = Annotated[
    Annotated[TextPart, Tag("<text>")]
    | Annotated[ImagePart, Tag("<image_url>")]
    | Annotated[AudioPart, Tag("<input_audio>")],
    told_by("type"),
]

AssistantPart = Annotated[
    Annotated[TextPart, Tag("<text>")] | Annotated[RefusalPart, Tag("<refusal>")], told_by("type")
]

TextContent = Annotated[Text | TextParts, by_kind]

UserContent = Annotated[
    Text | Annotated[list[UserPart], Field(min_length=1), Tag("<array>")],
    by_kind,
]

AssistantContent = Annotated[
    Text | Annotated[list[AssistantPart], Field(min_length=1), Tag("<array>")],
    by_kind,
]


class SystemMessage(WireModel):
    """Standing instructions."""

    role: Literal["system"]
    content: TextContent
    name: str | None = None


class DeveloperMessage(WireModel):
    """Standing instructions for o-series and newer models."""

    role: Literal["developer"]
    content: TextContent
    name: str | None = None


class UserMessage(WireModel):
    """What the user says, shows or plays."""

    role: Literal["user"]
    content: UserContent
    name: str | None = None


class AssistantMessage(AdoptedModel):
    """An earlier answer (`AssistantReply` fits too); its content is missing only if it called something."""

    role: Literal["assistant"]
    content: AssistantContent | None = None
    refusal: str | None = None
    name: str | None = None
    tool_calls: list[PastToolCall] | None = None
    function_call: PastFunctionCall | None = None
    context: Context | None = None


class ToolMessage(WireModel):
    """The result of a tool call."""

    role: Literal["tool"]
    content: TextContent
    tool_call_id: str


class FunctionMessage(WireModel):
    """The result of a function call (deprecated in favour of `ToolMessage`)."""

    role: Literal["function"]
    name: str
    content: str | None


Message = Annotated[
    Annotated[SystemMessage, Tag("<system>")]
    | Annotated[DeveloperMessage, Tag("<developer>")]
    | Annotated[UserMessage, Tag("<user>")]
    | Annotated[AssistantMessage, Tag("<assistant>")]
    | Annotated[ToolMessage, Tag("<tool>")]
    | Annotated[FunctionMessage, Tag("<function>")],
    told_by("role"),
]
