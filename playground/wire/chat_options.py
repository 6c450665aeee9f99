"""The nested parts of a chat request: answer format, prediction, audio, enhancements and who is asking."""

from typing import Annotated, Any, Literal

from pydantic import Field, Tag

from playground.wire.base import WireModel
from playground.wire.fields import Flag, Name, optional, told_by
from playground.wire.messages import TextContent


class TextFormat(WireModel):
    """Answer in plain text."""

    type: Literal["text"]


class JsonObjectFormat(WireModel):
    """Answer with a JSON object; the prompt has to mention JSON."""

    type: Literal["json_object"]


class JsonSchema(WireModel):
    """The schema an answer has to follow."""

    name: Name = Field(description="Letters, digits, underscores and dashes; at most 64.")
    description: str | None = optional("What the format is for; the model reads it.")
    schema_: dict[str, Any] | None = optional("The JSON Schema.", alias="schema")
    strict: Flag | None = optional("Follow the schema exactly.", service_default=False)


class JsonSchemaFormat(WireModel):
    """Answer with JSON that follows a schema."""

    type: Literal["json_schema"]
    json_schema: JsonSchema = Field(description="The schema and its name.")


ResponseFormat = Annotated[
    Annotated[TextFormat, Tag("<text>")]
    | Annotated[JsonObjectFormat, Tag("<json_object>")]
    | Annotated[JsonSchemaFormat, Tag("<json_schema>")],
    told_by("type"),
]


class Prediction(WireModel):
    """Text that the answer is expected to repeat in great part, which makes it faster."""

    type: Literal["content"]
    content: TextContent = Field(description="The expected text, whole or in parts.")


class AudioOptions(WireModel):
    """How a spoken answer sounds."""

    voice: Literal["alloy", "echo", "fable", "onyx", "nova", "shimmer"] = Field(description="Who speaks.")
    format: Literal["wav", "mp3", "flac", "opus", "pcm16"] = Field(
        description="File format of the audio; a stream knows only pcm16."
    )


class EnhancementOption(WireModel):
    """An enhancement, on or off."""

    enabled: Flag = Field(description="On or off.")


class Enhancements(WireModel):
    """Help for pictures, of the vision preview."""

    grounding: EnhancementOption | None = optional("Tell where in the picture the words of the answer lie.")
    ocr: EnhancementOption | None = optional("Read text in the picture.")


class UserSecurityContext(WireModel):
    """Who uses the application, for the protection service of the cloud."""

    application_name: str | None = optional("Name of the application.")
    end_user_id: str | None = optional("Entra ID object id of the user, a UUID.")
    end_user_tenant_id: str | None = optional("Entra ID tenant of the user, a UUID.")
    source_ip: str | None = optional("The user's IPv4 or IPv6 address.")
