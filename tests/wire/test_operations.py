"""The list of operations: complete, consistent, resolvable and light."""

import subprocess
import sys

import pytest
from pydantic import BaseModel

from playground.wire.operations import BY_ACTION, BY_ID, OPERATIONS, BodyKind, RepeatPolicy, resolve

ACTIONS = [
    "chat.complete",
    "completions.complete",
    "embeddings.embed",
    "images.generate",
    "speech.generate",
    "transcription.transcribe",
    "transcription.translate",
    "files.list",
    "files.upload",
    "files.get",
    "files.delete",
    "files.content",
    "uploads.create",
    "uploads.add_part",
    "uploads.complete",
    "uploads.cancel",
    "batches.list",
    "batches.create",
    "batches.get",
    "batches.cancel",
]


def test_there_are_twenty_and_each_has_its_own_name():
    assert [operation.action for operation in OPERATIONS] == ACTIONS
    assert len({operation.id for operation in OPERATIONS}) == len(BY_ACTION) == 20
    assert len({(operation.method, operation.path) for operation in OPERATIONS}) == 20
    assert BY_ID["GetAudioTranslationAsResponseObject"] is BY_ID["GetAudioTranslationAsPlainText"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_models_resolve_and_fit_the_kinds_of_body(operation):
    for name in (operation.request, operation.response, operation.stream, operation.query_model):
        if name is not None:
            assert issubclass(resolve(name), BaseModel)
    assert (operation.sends is BodyKind.FORM) == (operation.file_field is not None)
    if operation.sends is BodyKind.JSON:
        assert operation.request
    assert (operation.response is None) == (operation.returns is BodyKind.BYTES)
    assert operation.deployment == ("deployment" in operation.path_parameters)
    assert (operation.query_model is None) == (operation.query == ())


def test_query_names_are_those_of_the_query_models():
    for operation in OPERATIONS:
        if operation.query_model:
            fields = resolve(operation.query_model).model_fields
            assert operation.query == tuple(field.alias or name for name, field in fields.items())


def test_only_harmless_operations_repeat_freely():
    for operation in OPERATIONS:
        assert (operation.repeatable is RepeatPolicy.FREELY) == (operation.method in {"GET", "DELETE"})
        if operation.stream:
            assert operation.repeatable is RepeatPolicy.UNTIL_FIRST_BYTE


@pytest.mark.parametrize("name", ["chat:Nothing", "nothing:ChatRequest", "", "chat", "os:path"])
def test_an_unknown_name_is_a_lookup_error(name: str):
    with pytest.raises(LookupError):
        resolve(name)


def loaded_by(statement: str) -> set[str]:
    """The modules a fresh interpreter has loaded after the statement."""
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_operations_load_no_model():
    loaded = loaded_by("import playground.wire, playground.wire.operations")
    assert not {name for name in loaded if name.split(".")[0] == "pydantic"}


def test_a_word_loads_only_what_it_needs():
    loaded = loaded_by("import playground.wire.embeddings")
    assert "playground.wire.embeddings" in loaded
    assert not {"playground.wire.chat", "playground.wire.messages", "playground.wire.data_sources"} & loaded


def test_importing_a_word_builds_no_validator():
    code = "from playground.wire.chat import ChatChunk\nprint(ChatChunk.__pydantic_complete__)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
