"""Validation errors in the API's words: paths without branch names, and a sentence that tells the fault."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from playground.wire.operations import resolve
from playground.wire.problems import Problem, dotted, first_problem, problems

USER = {"role": "user", "content": "Hi"}


def found(body: Any, model: str = "chat:ChatRequest") -> list[Problem]:
    with pytest.raises(ValidationError) as caught:
        resolve(model).model_validate_json(body if isinstance(body, str) else json.dumps(body))
    assert first_problem(caught.value) == problems(caught.value)[0][:2]
    return problems(caught.value)


CASES = [
    ({}, "messages", "Missing required parameter: 'messages'.", "missing_required_parameter"),
    (
        {"messages": []},
        "messages",
        "Invalid 'messages': empty array. Expected an array with minimum length 1, "
        "but got an empty array instead.",
        "empty_array",
    ),
    (
        {"messages": [USER, {"role": "user"}]},
        "messages[1].content",
        "Missing required parameter: 'messages[1].content'.",
        "missing_required_parameter",
    ),
    (
        {"messages": [{"content": "Hi"}]},
        "messages[0].role",
        "Missing required parameter: 'messages[0].role'.",
        "missing_required_parameter",
    ),
    (
        {"messages": [{"role": "robot"}]},
        "messages[0].role",
        "Invalid value: 'robot'. Supported values are: "
        "'system', 'developer', 'user', 'assistant', 'tool' and 'function'.",
        "invalid_value",
    ),
    (
        {"messages": [{"role": 5}]},
        "messages[0].role",
        "Invalid type for 'messages[0].role': expected a string, but got an integer instead.",
        "invalid_type",
    ),
    (
        {"messages": ["Hi"]},
        "messages[0]",
        "Invalid type for 'messages[0]': expected an object, but got a string instead.",
        "invalid_type",
    ),
    (
        {"messages": "Hi"},
        "messages",
        "Invalid type for 'messages': expected an array, but got a string instead.",
        "invalid_type",
    ),
    (
        {"messages": [{"role": "user", "content": 5}]},
        "messages[0].content",
        "Invalid type for 'messages[0].content': expected a string or an array, but got an integer instead.",
        "invalid_type",
    ),
    (
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]},
        "messages[0].content[0].image_url.url",
        "Missing required parameter: 'messages[0].content[0].image_url.url'.",
        "missing_required_parameter",
    ),
    (
        {"messages": [USER], "temperature": "1"},
        "temperature",
        "Invalid type for 'temperature': expected a number, but got a string instead.",
        "invalid_type",
    ),
    (
        {"messages": [USER], "temperature": 3},
        "temperature",
        "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3 instead.",
        "decimal_above_max_value",
    ),
    (
        {"messages": [USER], "n": 0},
        "n",
        "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        "integer_below_min_value",
    ),
    (
        {"messages": [USER], "n": 1.5},
        "n",
        "Invalid type for 'n': expected an integer, but got a decimal number instead.",
        "invalid_type",
    ),
    (
        {"messages": [USER], "stop": ["a"] * 5},
        "stop",
        "Invalid 'stop': array too long. Expected an array with maximum length 4, "
        "but got an array with length 5 instead.",
        "array_above_max_length",
    ),
    (
        {"messages": [USER], "metadata": {str(i): "" for i in range(17)}},
        "metadata",
        "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, "
        "but got an object with 17 properties instead.",
        "object_above_max_properties",
    ),
    (
        {"messages": [USER], "tools": [{"type": "function", "function": {"name": "a b"}}]},
        "tools[0].function.name",
        "Invalid 'tools[0].function.name': string does not match pattern. "
        "Expected a string that matches the pattern '^[A-Za-z0-9_-]{1,64}$'.",
        "invalid_value",
    ),
    (
        {"messages": [USER], "tool_choice": {"type": "function", "function": {}}},
        "tool_choice.function.name",
        "Missing required parameter: 'tool_choice.function.name'.",
        "missing_required_parameter",
    ),
    (
        {"messages": [USER], "tool_choice": "maybe"},
        "tool_choice",
        "Invalid value: 'maybe'. Supported values are: 'none', 'auto' and 'required'.",
        "invalid_value",
    ),
    (
        {"messages": [USER], "tool_choice": [1]},
        "tool_choice",
        "Invalid type for 'tool_choice': expected a string or an object, but got an array instead.",
        "invalid_type",
    ),
    (
        {"messages": [USER], "logit_bias": {"7": 200}},
        "logit_bias.7",
        "Invalid 'logit_bias.7': integer above maximum value. Expected a value <= 100, but got 200 instead.",
        "integer_above_max_value",
    ),
    (
        {
            "messages": [USER],
            "response_format": {"type": "json_schema", "json_schema": {"name": "a", "strict": 1}},
        },
        "response_format.json_schema.strict",
        "Invalid type for 'response_format.json_schema.strict': expected a boolean, "
        "but got an integer instead.",
        "invalid_type",
    ),
    (
        {"messages": [USER], "data_sources": [{"type": "azure_search", "parameters": {"endpoint": "e"}}]},
        "data_sources[0].parameters.index_name",
        "Missing required parameter: 'data_sources[0].parameters.index_name'.",
        "missing_required_parameter",
    ),
    (
        [],
        "",
        "Invalid type for the request body: expected an object, but got an array instead.",
        "invalid_type",
    ),
    ("{", "", "We could not parse the JSON body of your request.", "invalid_json"),
]


@pytest.mark.parametrize(("body", "param", "message", "code"), CASES)
def test_a_problem_in_the_words_of_the_api(body: Any, param: str, message: str, code: str):
    assert found(body)[0] == Problem(param, message, code)


def test_problems_of_other_requests():
    assert found({"input": "a" * 4097, "voice": "alloy"}, "speech:SpeechRequest")[0] == Problem(
        "input",
        "Invalid 'input': string too long. Expected a string with maximum length 4096, "
        "but got a string with length 4097 instead.",
        "string_above_max_length",
    )
    assert found({"input": ["a", ""]}, "embeddings:EmbeddingsRequest")[0] == Problem(
        "input[1]",
        "Invalid 'input[1]': empty string. Expected a string with minimum length 1, "
        "but got an empty string instead.",
        "empty_string",
    )
    assert found({"input": [1, "a"]}, "embeddings:EmbeddingsRequest")[0].param == "input[1]"
    assert found({"input": [[1], [2.5]]}, "embeddings:EmbeddingsRequest")[0].param == "input[1][0]"
    assert found({"temperature": "warm"}, "transcription:TranscriptionRequest")[0].code == "invalid_type"
    assert found({"voice": "bob", "input": "a"}, "speech:SpeechRequest")[0].message == (
        "Invalid value: 'bob'. Supported values are: 'alloy', 'echo', 'fable', 'onyx', 'nova' and 'shimmer'."
    )
    assert found(
        {"completion_window": "1h", "input_file_id": "f", "endpoint": "e"}, "batches:CreateBatchRequest"
    )[0].message == ("Invalid value: '1h'. Supported values are: '24h'.")


def test_all_problems_are_listed_in_order():
    body = {"messages": [USER], "temperature": "hot", "n": 0, "stream": 1}
    assert [problem.param for problem in found(body)] == ["temperature", "n", "stream"]


def test_a_long_value_is_not_repeated_in_full():
    message = found({"messages": [{"role": "r" * 5000}]})[0].message
    assert len(message) < 400


def test_paths():
    assert (
        dotted(("messages", 0, "<user>", "content", "<array>", 2, "<text>", "text"))
        == "messages[0].content[2].text"
    )
    assert dotted(("logit_bias", "abc", "[key]")) == "logit_bias.abc"
    assert dotted(()) == ""
