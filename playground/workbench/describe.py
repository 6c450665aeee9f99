"""Errors as sentences: what happened, whose side it is, and what to try. The one place where that is worded."""

import asyncio
import errno
from collections.abc import Callable
from dataclasses import dataclass

from playground.api import errors as api

WHOSE = {
    "you": "The request is at fault.",
    "connection": "The connection settings are at fault.",
    "network": "The network is at fault, between here and the service.",
    "service": "The service is at fault.",
    "computer": "This computer is at fault.",
    "program": "This program is at fault.",
}
LONGEST = 600


@dataclass(frozen=True)
class Problem:
    """A failure for a person: ``whose`` is a key of ``WHOSE``; ``details`` is for a report."""

    title: str
    what: str
    whose: str
    advice: str = ""
    request_id: str | None = None
    details: str = ""


Words = tuple[str, str, str]  # title, whose side, what to try

_API: tuple[tuple[type[BaseException], Words], ...] = (
    (api.InsecureAddress, ("The key was not sent", "connection", "Use an https:// address for this endpoint.")),
    (api.ConnectionLost, ("The connection broke", "network",
        "The service may have worked on the request all the same. Look before you send it again.")),
    (api.ConnectionFailed, ("The service could not be reached", "network",
        "Check the endpoint's spelling, the network and the proxy. Test on the Connections page says which.")),
    (api.TlsFailed, ("No secure connection", "connection",
        "Check the date of this computer, and whether a proxy needs its own certificate (Connections, CA file).")),
    (api.SignInFailed, ("Signing in failed", "connection", "Sign in again, for example with: az login")),
    (api.TimedOut, ("The service took too long", "service", "Try again, or allow more time on the Connections page.")),
    (api.Redirected, ("The service sent us elsewhere", "connection",
        "The key is never sent along to another address. Put the right address into the connection.")),
    (api.NotThisApi, ("That was not an answer of this API", "connection",
        "Check the endpoint: a sign-in page or a proxy may be answering in its place.")),
    (api.ContentFiltered, ("The content filter refused the prompt", "you",
        "Your text is kept. Change what the filter names and send it again.")),
    (api.ContextTooLong, ("The conversation is too long for this model", "you",
        "Begin a new conversation, edit an earlier message, or lower the token limit of the answer.")),
    (api.UnsupportedParameter, ("This deployment does not take a parameter", "you",
        "Reset that parameter in the panel at the right, and send again.")),
    (api.BadRequest, ("The service did not accept the request", "you", "Change what it names, and send again.")),
    (api.Unauthorized, ("The key was not accepted", "connection",
        "Check the key and that it belongs to this endpoint (Connections).")),
    (api.Forbidden, ("Access was refused", "connection",
        "The key is known, but may not do this, or not from this network. Ask who runs the resource.")),
    (api.DeploymentNotFound, ("There is no such deployment", "connection",
        "Check its name: it is the deployment's name, not the model's. A new one takes some minutes.")),
    (api.NotFound, ("The service does not know that address", "connection",
        "Check the endpoint and the api-version (Connections).")),
    (api.TooLarge, ("That is more than the service takes", "you", "Send something smaller, or cut it in pieces.")),
    (api.RateLimited, ("Too many requests", "service", "Wait a little, then send again. Nothing is lost.")),
    (api.ServerFault, ("The service failed", "service", "Try again in a moment. The request id helps its support.")),
    (api.StatusError, ("The service refused", "service", "The inspector (F12) shows its whole answer.")),
    (api.StreamBroken, ("The answer broke off", "network", "What had arrived is kept. Ask again for a whole one.")),
    (api.StreamError, ("The service failed in the middle of the answer", "service",
        "What had arrived is kept. Ask again for a whole one.")),
    (api.TooMuchData, ("The answer was larger than is taken in", "service", "Ask for less, or for fewer choices.")),
    (api.SaveFailed, ("The answer could not be saved", "computer", "Choose another folder, or make room.")),
)  # fmt: skip

_ERRNO: dict[int, Words] = {
    errno.ENOSPC: (
        "The disk is full",
        "computer",
        "Make room, then try again. What you typed is still here.",
    ),
    errno.EDQUOT: ("Your disk quota is used up", "computer", "Make room, then try again."),
    errno.EACCES: ("Not allowed", "computer", "Check the permissions of that file or folder."),
    errno.EPERM: ("Not allowed", "computer", "Check the permissions of that file or folder."),
    errno.EROFS: ("That place is read-only", "computer", "Choose another folder."),
    errno.ENOENT: ("The file is not there", "computer", "It may have been moved or deleted."),
}


def describe(error: BaseException) -> Problem:
    """The sentence for any error. An error of an unknown kind is called ours, with its type as the detail."""
    if isinstance(error, api.ApiError):
        return _of_api(error)
    for matches, make in _OTHERS:
        if matches(error):
            return make(error)
    return Problem(
        "Something unexpected happened",
        f"{type(error).__name__}: {_cut(str(error)) or 'no further word'}",
        "program",
        "Nothing that was saved is lost. The details stand in crash.log in the profile's log folder.",
        details=repr(error),
    )


def _of_api(error: api.ApiError) -> Problem:
    title, whose, advice = next(words for kind, words in _API if isinstance(error, kind))
    what = _cut(str(error))
    if isinstance(error, api.UnsupportedParameter) and error.param:
        title = f"This deployment does not take “{_cut(error.param, 60)}”"
    if isinstance(error, api.RateLimited) and error.retry_after:
        advice = f"The service asks to wait {error.retry_after:g} s. Nothing is lost."
    if isinstance(error, api.ContentFiltered) and (found := _categories(error)):
        what = f"{what} It names: {found}."
    return Problem(title, what, whose, advice, error.request_id, details=repr(error))


def _categories(error: api.StatusError) -> str:
    """The categories for which a prompt was refused."""
    results = error.filter_results
    if results is None:
        return ""
    found = results.model_dump(exclude_none=True)
    refused = [
        name for name, verdict in found.items() if isinstance(verdict, dict) and verdict.get("filtered")
    ]
    return _cut(", ".join(name.replace("_", " ") for name in refused))


def _of_os(error: BaseException) -> Problem:
    assert isinstance(error, OSError)
    fallback = ("The system refused", "computer", "")
    title, whose, advice = _ERRNO.get(error.errno or 0, fallback)
    where = f": {error.filename}" if error.filename else ""
    return Problem(title, _cut(f"{error.strerror or error}{where}"), whose, advice, details=repr(error))


def _of_store(error: BaseException) -> Problem:
    return Problem("The history could not be written", _cut(str(error)), "computer",
                   "What is on the screen is still here. Try again when there is room and permission.",
                   details=repr(error))  # fmt: skip


def _of_validation(error: BaseException) -> Problem:
    from pydantic import ValidationError

    from playground.wire.problems import first_problem

    assert isinstance(error, ValidationError)
    where, message = first_problem(error)
    return Problem("A parameter is outside its limits", _cut(f"{where}: {message}" if where else message), "you",
                   "Change it in the panel at the right; nothing was sent.", details=repr(error))  # fmt: skip


def _named(*names: str) -> Callable[[BaseException], bool]:
    """Whether an error is of a class with one of these names, without importing where it comes from."""
    return lambda error: any(kind.__name__ in names for kind in type(error).__mro__)


_OTHERS: tuple[tuple[Callable[[BaseException], bool], Callable[[BaseException], Problem]], ...] = (
    (_named("StoreError"), _of_store),
    (_named("ValidationError"), _of_validation),
    (lambda error: isinstance(error, TimeoutError) and not isinstance(error, asyncio.CancelledError),
     lambda error: Problem("That took too long", _cut(str(error)) or "No answer within the time allowed.", "service",
                           "Try again.", details=repr(error))),
    (_named("StartFailedError"),
     lambda error: Problem("The built-in service did not start", _cut(str(error)), "computer",
                           "Try again; if it stays so, choose another connection.", details=repr(error))),
    (_named("SettingsNotSaved"),
     lambda error: Problem("The settings could not be saved", _cut(str(error)), "computer",
                           "They hold for this session. Make room or give permission, then change one again.")),
    (lambda error: isinstance(error, OSError), _of_os),
)  # fmt: skip


def _cut(text: str, longest: int = LONGEST) -> str:
    text = text.strip()
    return text if len(text) <= longest else text[: longest - 1] + "…"
