"""What the words of the client have in common: finding their operations, and sending JSON for JSON."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from playground.api.bodies import Body, JsonBody, NoBody
from playground.api.caller import Call, Caller
from playground.api.reading import model_reader
from playground.wire.operations import BY_ACTION

if TYPE_CHECKING:
    from pydantic import BaseModel

M = TypeVar("M", bound="BaseModel")


class Word:
    """A group of operations, as an attribute of the client."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def _ask(
        self,
        action: str,
        model: type[M],
        *,
        parameters: dict[str, str] | None = None,
        query: Sequence[tuple[str, str]] = (),
        body: Body | None = None,
    ) -> M:
        """Perform the operation with this action, such as ``files.get``, and read its JSON."""
        call = Call(BY_ACTION[action], parameters or {}, query, body or NoBody())
        return await self._caller.run(call, model_reader(model))

    def _model_of(self, deployment: str) -> dict[str, Any]:
        """What goes into a body to name the deployment, where the address does not."""
        return {"model": deployment} if self._caller.connection.kind == "openai" else {}

    def _json(self, deployment: str, request: "BaseModel", **extra: Any) -> JsonBody:
        return JsonBody(request, {**self._model_of(deployment), **extra})
