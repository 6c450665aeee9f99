"""How the window was left: theme, zoom, what was in front."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MINIMUM_ZOOM, MAXIMUM_ZOOM = 0.5, 3.0


def _within_zoom(value: object) -> object:
    """A zoom outside the limits is brought inside them; anything else is left for the type to refuse."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return min(max(float(value), MINIMUM_ZOOM), MAXIMUM_ZOOM)
    return value


class Preferences(BaseModel):
    """Choices of this person on this machine; unknown ones are kept for the version that knows them."""

    model_config = ConfigDict(extra="allow", frozen=True)

    theme: Literal["system", "light", "dark"] = "system"
    zoom: Annotated[float, BeforeValidator(_within_zoom), Field(allow_inf_nan=False)] = 1.0
    send_key: Literal["enter", "ctrl+enter"] = "enter"
    last_page: str = ""
    last_connection: str = ""
    deployments: dict[str, str] = Field(default_factory=dict)
    window_geometry: str = ""
    window_state: str = ""
    inspector_visible: bool = False
    parameters_visible: bool = True
    welcomed: bool = False
