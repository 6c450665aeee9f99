"""The messages of a conversation: content parts, one class per role, and the union of all."""

from typing import Annotated, Literal

from pydantic import Field, Tag

from playground.wire.base import WireModel
from playground.wire.context import Context
from playground.wire.fields import by_kind, optional, told_by
from playground.wire.tools import AdoptedModel, PastFunctionCall, PastToolCall


class TextPart(WireModel):
    """Text."""

    type: Literal["text"]
    text: str = Field(description="The text.")


class ImageURL(WireModel):
    """A picture by ``https:`` address, or inside the message as ``data:image/…;base64,…``."""

    url: str = Field(description="Address of the picture, or the picture itself as a data URL.")
    detail: Literal["auto", "low", "high"] | None = optional(
        "How closely the picture is looked at.", service_default="auto"
    )


class ImagePart(WireModel):
    """A picture; at most 50 in a request."""

    type: Literal["image_url"]
    image_url: ImageURL = Field(description="The picture.")


class InputAudio(WireModel):
    """A recording, base64."""

    data: str = Field(description="The recording in base64.")
    format: Literal["wav", "mp3"] = Field(description="File format of the recording.")


class AudioPart(WireModel):
    """A recording spoken to the model."""

    type: Literal["input_audio"]
    input_audio: InputAudio = Field(description="The recording.")


class RefusalPart(WireModel):
    """The model's earlier refusal."""

    type: Literal["refusal"]
    refusal: str = Field(description="Why the model would not answer.")


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
    content: TextContent = Field(description="Text, or text parts.")
    name: str | None = optional("Tells speakers of the same role apart.")


class DeveloperMessage(WireModel):
    """Standing instructions for o-series and newer models."""

    role: Literal["developer"]
    content: TextContent = Field(description="Text, or text parts.")
    name: str | None = optional("Tells speakers of the same role apart.")


class UserMessage(WireModel):
    """What the user says, shows or plays."""

    role: Literal["user"]
    content: UserContent = Field(description="Text, or parts: text, pictures, recordings.")
    name: str | None = optional("Tells speakers of the same role apart.")


class AssistantMessage(AdoptedModel):
    """An earlier answer (`AssistantReply` fits too); its content is missing only if it called something."""

    role: Literal["assistant"]
    content: AssistantContent | None = optional("What was answered.")
    refusal: str | None = optional("Why the model would not answer.")
    name: str | None = optional("Tells speakers of the same role apart.")
    tool_calls: list[PastToolCall] | None = optional("The tools that were called.")
    function_call: PastFunctionCall | None = optional("Deprecated: the function that was called.")
    context: Context | None = optional("Citations and intent of an answer from documents.")


class ToolMessage(WireModel):
    """The result of a tool call."""

    role: Literal["tool"]
    content: TextContent = Field(description="What the tool has found.")
    tool_call_id: str = Field(description="Id of the call that is answered.")


class FunctionMessage(WireModel):
    """The result of a function call (deprecated in favour of `ToolMessage`)."""

    role: Literal["function"]
    name: str = Field(description="Name of the function.")
    content: str | None = Field(description="What the function has found.")


Message = Annotated[
    Annotated[SystemMessage, Tag("<system>")]
    | Annotated[DeveloperMessage, Tag("<developer>")]
    | Annotated[UserMessage, Tag("<user>")]
    | Annotated[AssistantMessage, Tag("<assistant>")]
    | Annotated[ToolMessage, Tag("<tool>")]
    | Annotated[FunctionMessage, Tag("<function>")],
    told_by("role"),
]
