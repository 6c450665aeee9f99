"""What a form can read from the request models: kinds, limits, defaults, and help for each field."""

import pytest
from pydantic import BaseModel

from playground.wire.operations import OPERATIONS, resolve
from playground.wire.request_fields import RequestField, request_fields
from tests.wire.paths import models_below

ANSWER_PARTS = {"playground.wire.context"}
"""Models of answers that a request may repeat as history."""


def field(model: str, name: str) -> RequestField:
    return next(item for item in request_fields(resolve(model)) if item.name == name)


def request_models() -> list[type[BaseModel]]:
    roots = [
        resolve(name)
        for operation in OPERATIONS
        for name in (operation.request, operation.query_model)
        if name
    ]
    found = {model for root in roots for model in models_below(root) if model.__module__ not in ANSWER_PARTS}
    return sorted(found, key=lambda model: model.__qualname__)


@pytest.mark.parametrize("model", request_models(), ids=lambda model: model.__name__)
def test_every_request_field_explains_itself(model: type[BaseModel]):
    assert (model.__doc__ or "").strip()
    for item in request_fields(model):
        if item.name in {"type", "role"}:
            assert item.required
            assert item.kind == "choice"
        else:
            assert item.help.endswith("."), f"{model.__name__}.{item.name}"
            assert item.help[0].isupper() or item.help.split()[0] in {"none,", "hd"}


@pytest.mark.parametrize("model", request_models(), ids=lambda model: model.__name__)
def test_no_default_is_ever_sent(model: type[BaseModel]):
    for name, info in model.model_fields.items():
        assert info.is_required() or info.default is None, name


def test_numbers_have_their_limits_and_defaults():
    temperature = field("chat:ChatRequest", "temperature")
    assert (temperature.kind, temperature.minimum, temperature.maximum) == ("number", 0, 2)
    assert (temperature.service_default, temperature.required) == (1, False)
    n = field("chat:ChatRequest", "n")
    assert (n.kind, n.minimum, n.maximum, n.service_default) == ("integer", 1, 128, 1)
    assert field("completions:CompletionRequest", "best_of").maximum == 20
    assert field("speech:SpeechRequest", "speed").minimum == 0.25


def test_choices_and_flags():
    effort = field("chat:ChatRequest", "reasoning_effort")
    assert (effort.kind, effort.choices, effort.service_default) == (
        "choice",
        ("low", "medium", "high"),
        "medium",
    )
    assert field("chat:ChatRequest", "modalities").kind == "choices"
    assert field("chat:ChatRequest", "stream").kind == "flag"
    assert field("chat:ChatRequest", "stream").service_default is False
    choice = field("chat:ChatRequest", "tool_choice")
    assert (choice.kind, choice.choices) == ("mixed", ("none", "auto", "required"))
    assert [model.__name__ for model in choice.models] == ["NamedToolChoice"]


def test_texts_lists_and_maps():
    stop = field("chat:ChatRequest", "stop")
    assert (stop.kind, stop.shortest, stop.longest) == ("texts", 1, 4)
    prompt = field("images:ImageRequest", "prompt")
    assert (prompt.kind, prompt.shortest, prompt.longest, prompt.required) == ("text", 1, 4000, True)
    assert field("chat:ChatRequest", "metadata").kind == "map"
    assert field("chat:ChatRequest", "metadata").longest == 16
    messages = field("chat:ChatRequest", "messages")
    assert (messages.kind, messages.longest, len(messages.models)) == ("list", 2048, 6)
    assert len(field("chat:ChatRequest", "data_sources").models) == 5


def test_wire_names():
    assert field("transcription:TranscriptionRequest", "timestamp_granularities[]").choices == (
        "word",
        "segment",
    )
    assert field("batches:ListBatchesQuery", "$filter").kind == "text"
    assert field("chat_options:JsonSchema", "schema").kind == "map"
