"""Functions, schemas and the filter in chat: arguments that fit, answers that follow, categories that block."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.service import engines_client
from tests.service.engines_client import joined, user

WEATHER: dict[str, Any] = {
    "name": "get_weather",
    "description": "The weather in a city",
    "parameters": {
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "unit": {"enum": ["celsius", "fahrenheit"]},
            "days": {"type": "integer", "minimum": 1, "maximum": 10},
        },
        "required": ["city", "unit", "days"],
        "additionalProperties": False,
    },
    "strict": True,
}
MAIL = {
    "name": "send_mail",
    "description": "Send an e-mail",
    "parameters": {"type": "object", "properties": {}},
}
TOOLS = [{"type": "function", "function": MAIL}, {"type": "function", "function": WEATHER}]
QUESTION = user("What will the weather be in Oslo for the next 3 days, in celsius?")


ask, runner = engines_client.ask, engines_client.runner


def called(body: Any) -> list[tuple[str, Any]]:
    message = body["choices"][0]["message"]
    found = message.get("tool_calls") or []
    return [(call["function"]["name"], json.loads(call["function"]["arguments"])) for call in found]


async def test_the_right_function_gets_arguments_from_the_question(ask: Any) -> None:
    async with ask() as asker:
        body = await asker.chat(messages=QUESTION, tools=TOOLS)
    assert body["choices"][0]["finish_reason"] == "tool_calls"
    assert body["choices"][0]["message"]["content"] is None
    assert called(body) == [("get_weather", {"city": "Oslo", "unit": "celsius", "days": 3})]
    assert body["choices"][0]["message"]["tool_calls"][0]["id"].startswith("call_")
    assert body["usage"]["completion_tokens"] > 3


@pytest.mark.parametrize(
    ("choice", "question", "names"),
    [
        ("none", "What is the weather in Oslo?", []),
        ("auto", "Tell me a story", []),
        ("required", "Tell me a story", ["send_mail"]),
        ({"type": "function", "function": {"name": "get_weather"}}, "Tell me a story", ["get_weather"]),
    ],
)
async def test_the_choice_of_the_caller_counts(
    ask: Any, choice: Any, question: str, names: list[str]
) -> None:
    async with ask() as asker:
        body = await asker.chat(messages=user(question), tools=TOOLS, tool_choice=choice)
    assert [name for name, _ in called(body)] == names
    assert (body["choices"][0]["message"]["content"] is None) == bool(names)


async def test_one_call_at_a_time_when_told_so(ask: Any) -> None:
    question = user("Weather in Oslo, Rome and Paris?")
    async with ask() as asker:
        many = await asker.chat(messages=question, tools=TOOLS)
        single = await asker.chat(messages=question, tools=TOOLS, parallel_tool_calls=False)
    assert [arguments["city"] for _, arguments in called(many)] == ["Oslo", "Rome", "Paris"]
    assert len(called(single)) == 1


async def test_results_become_an_answer(ask: Any) -> None:
    async with ask() as asker:
        first = await asker.chat(messages=QUESTION, tools=TOOLS)
        message = first["choices"][0]["message"]
        result = {"role": "tool", "tool_call_id": message["tool_calls"][0]["id"], "content": '{"degrees": 7}'}
        text = await asker.text(messages=[*QUESTION, message, result], tools=TOOLS)
    assert "get_weather" in text
    assert '{"degrees": 7}' in text


async def test_old_functions_are_answered_the_old_way(ask: Any) -> None:
    async with ask() as asker:
        body = await asker.chat(messages=QUESTION, functions=[WEATHER])
        choice = body["choices"][0]
        result = {"role": "function", "name": "get_weather", "content": "7 degrees"}
        final = await asker.text(messages=[*QUESTION, choice["message"], result], functions=[WEATHER])
        none = await asker.chat(messages=QUESTION, functions=[WEATHER], function_call="none")
    assert choice["finish_reason"] == "function_call"
    assert choice["message"]["function_call"]["name"] == "get_weather"
    Draft202012Validator(WEATHER["parameters"]).validate(
        json.loads(choice["message"]["function_call"]["arguments"])
    )
    assert "7 degrees" in final
    assert "function_call" not in none["choices"][0]["message"]


async def test_a_schema_is_followed_whole_and_streamed(ask: Any) -> None:
    schema = {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}, "minItems": 2},
        },
        "required": ["title", "steps"],
        "additionalProperties": False,
        "$defs": {
            "step": {
                "type": "object",
                "properties": {"text": {"type": "string"}, "minutes": {"type": "integer", "minimum": 1}},
                "required": ["text", "minutes"],
                "additionalProperties": False,
            }
        },
    }
    form = {"type": "json_schema", "json_schema": {"name": "recipe", "strict": True, "schema": schema}}
    async with ask() as asker:
        whole = await asker.text(messages=user("How do I bake bread?"), response_format=form, seed=1)
        chunks = await asker.chunks(messages=user("How do I bake bread?"), response_format=form, seed=1)
        cut = await asker.chat(messages=user("How do I bake bread?"), response_format=form, max_tokens=5)
    Draft202012Validator(schema).validate(json.loads(whole))
    assert joined(chunks) == whole
    assert cut["choices"][0]["finish_reason"] == "length"


@pytest.mark.parametrize("category", ["hate", "sexual", "violence", "self_harm", "Self-Harm", "jailbreak"])
async def test_a_prompt_is_blocked_for_what_it_names(ask: Any, category: str) -> None:
    async with ask() as asker:
        error = await asker.chat_refused(messages=user(f"Hello [[filter:{category}]]"), stream=True)
        await asker.chat(messages=user("Hello [[filter:nothing]]"))
    assert (error["code"], error["param"], error["type"], error["status"]) == (
        "content_filter",
        "prompt",
        None,
        400,
    )
    results = error["innererror"]["content_filter_result"]
    assert error["innererror"]["code"] == "ResponsibleAIPolicyViolation"
    name = category.lower().replace("-", "_")
    assert [key for key, value in results.items() if value["filtered"]] == [name]


async def test_an_answer_is_stopped_midway_for_what_the_prompt_names(ask: Any) -> None:
    question = user("Write 300 words about tea [[filter-answer:violence]]")
    async with ask() as asker:
        choice = (await asker.chat(messages=question))["choices"][0]
        chunks = await asker.chunks(messages=question)
        code = await asker.chat(messages=user("Code, please [[filter-answer:protected_material_code]]"))
    assert choice["finish_reason"] == "content_filter"
    assert 0 < len(choice["message"]["content"].split()) < 40
    assert choice["content_filter_results"]["violence"] == {"filtered": True, "severity": "high"}
    assert joined(chunks)
    last = chunks[-1]["choices"][0]
    assert last["finish_reason"] == "content_filter"
    assert last["content_filter_results"]["violence"]["filtered"] is True
    material = code["choices"][0]["content_filter_results"]["protected_material_code"]
    assert material["citation"]["license"] == "MIT"
