"""Making pictures from a description."""

from typing import Literal

from pydantic import Field

from playground.wire.base import Listed, Timestamp, WireModel
from playground.wire.fields import Integer, optional
from playground.wire.filters import ImageFilterResults, ImagePromptFilterResults


class ImageRequest(WireModel):
    """The body of GetImageGenerations; which n, size, quality and style go together depends on the model."""

    prompt: str = Field(
        min_length=1, max_length=4000, description="What the picture shows, up to 4000 characters."
    )
    model: str | None = optional("Ignored by Azure, where the deployment decides; other servers need it.")
    n: Integer | None = optional("How many pictures; dall-e-3 makes one.", service_default=1, ge=1, le=10)
    size: Literal["256x256", "512x512", "1024x1024", "1792x1024", "1024x1792"] | None = optional(
        "Width and height; dall-e-3 makes the last three.", service_default="1024x1024"
    )
    response_format: Literal["url", "b64_json"] | None = optional(
        "An address that lives for a day, or the picture itself.", service_default="url"
    )
    quality: Literal["standard", "hd"] | None = optional("hd is finer; dall-e-3.", service_default="standard")
    style: Literal["vivid", "natural"] | None = optional(
        "Dramatic or natural; dall-e-3.", service_default="vivid"
    )
    user: str | None = optional("The caller's own name for the end user, for abuse monitoring.")


class Image(WireModel):
    """A picture, by address or inside, and the prompt it was really made from."""

    url: str | None = None
    b64_json: str | None = None
    revised_prompt: str | None = None
    content_filter_results: ImageFilterResults | None = None
    prompt_filter_results: ImagePromptFilterResults | None = None


class Images(WireModel):
    """The answer to GetImageGenerations."""

    created: Timestamp | None = None
    data: Listed[Image] = Field(default_factory=list)
