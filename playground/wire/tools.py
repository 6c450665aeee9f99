"""Functions the model may call, the choice between them, and the calls it makes."""

from typing import Annotated, Any, Literal

from pydantic import Field, Tag, model_validator

from playground.wire.base import WireModel
from playground.wire.fields import Flag, Name, by_kind, optional


class LegacyFunction(WireModel):
    """An entry of the deprecated ``functions``."""

    name: Name = Field(description="Letters, digits, underscores and dashes; at most 64.")
    description: str | None = optional("What it does; the model decides by this when to call it.")
    parameters: dict[str, Any] | None = optional("JSON Schema of the arguments; absent means none.")


class FunctionDefinition(LegacyFunction):
    """A function offered to the model."""

    strict: Flag | None = optional("Follow the schema exactly.", service_default=False)


class Tool(WireModel):
    """A tool offered to the model; functions are the only kind."""

    type: Literal["function"]
    function: FunctionDefinition = Field(description="The function.")


class FunctionName(WireModel):
    """The function that has to be called."""

    name: str = Field(min_length=1, description="Name of the function.")


class NamedToolChoice(WireModel):
    """This function has to be called."""

    type: Literal["function"]
    function: FunctionName = Field(description="The function.")


ToolChoice = Annotated[
    Annotated[Literal["none", "auto", "required"], Tag("<string>")]
    | Annotated[NamedToolChoice, Tag("<object>")],
    by_kind,
]

FunctionChoice = Annotated[
    Annotated[Literal["none", "auto"], Tag("<string>")] | Annotated[FunctionName, Tag("<object>")], by_kind
]


class FunctionCall(WireModel):
    """A function's name and its arguments as JSON text, which the model may have got wrong."""

    name: str | None = None
    arguments: str | None = None


class ToolCall(WireModel):
    """A call that the model asks for."""

    id: str | None = None
    type: Literal["function"] | str | None = None
    function: FunctionCall | None = None


class ToolCallDelta(ToolCall):
    """A fragment of a call; fragments with the same ``index`` belong together, their arguments are joined."""

    index: int | None = None


class AdoptedModel(WireModel):
    """A part of a request that may be given as the corresponding part of an earlier answer."""

    @model_validator(mode="before")
    @classmethod
    def _adopt(cls, value: Any) -> Any:
        if isinstance(value, WireModel) and not isinstance(value, cls):
            return value.model_dump(by_alias=True, exclude_unset=True)
        return value


class PastFunctionCall(AdoptedModel):
    """A call made earlier in the conversation."""

    name: str = Field(description="Name of the function.")
    arguments: str = Field(description="Its arguments as JSON text.")


class PastToolCall(AdoptedModel):
    """A tool call made earlier in the conversation; a `tool` message answers it by its id."""

    id: str = Field(description="Id of the call.")
    type: Literal["function"]
    function: PastFunctionCall = Field(description="What was called, and how.")
