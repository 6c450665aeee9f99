"""The tree of a conversation: siblings, the path in view, what is sent, and what is said under an answer."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from playground.features.chat.answer import Ending
from playground.features.chat.request import Setup, chat_request, messages_of
from playground.features.chat.session import title_of
from playground.features.chat.tree import TurnTree
from playground.features.chat.wording import footer, note


def turn(turn_id: str, parent: str | None, role: str = "user", text: str = "hello", **more):
    body = json.dumps({"role": role, "content": text})
    facts = {"state": "complete", "meta_json": "{}", "selected": False, **more}
    return SimpleNamespace(id=turn_id, parent_id=parent, role=role, body_json=body, text=text, **facts)


def ids(turns) -> list[str]:
    return [each.id for each in turns]


def grown() -> TurnTree:
    """A question with two answers, the first of which was answered in turn; then another way to ask."""
    return TurnTree(
        [
            turn("q1", None),
            turn("a1", "q1", "assistant"),
            turn("a2", "q1", "assistant"),
            turn("q2", "a1"),
            turn("q1b", None),
        ]
    )


def test_the_newest_version_is_in_view_until_another_is_chosen() -> None:
    tree = grown()
    assert ids(tree.path()) == ["q1b"]
    tree.choose("q1")
    assert ids(tree.path()) == ["q1", "a2"]
    tree.choose("a1")
    assert ids(tree.path()) == ["q1", "a1", "q2"]


def test_siblings_have_positions_and_neighbours_and_ends() -> None:
    tree = grown()
    assert tree.position("a1") == (1, 2)
    assert tree.position("a2") == (2, 2)
    assert tree.neighbour("a1", 1) == "a2"
    assert tree.neighbour("a2", 1) is None
    assert tree.neighbour("a1", -1) is None


def test_a_path_down_to_a_turn_ignores_what_is_in_view() -> None:
    assert ids(grown().path("q2")) == ["q1", "a1", "q2"]


def test_the_remembered_choice_is_read_back() -> None:
    tree = TurnTree(
        [turn("q", None), turn("a", "q", "assistant", selected=True), turn("b", "q", "assistant")]
    )
    assert ids(tree.path()) == ["q", "a"]


def test_replacing_a_turn_keeps_its_place() -> None:
    tree = grown()
    tree.put(turn("a1", "q1", "assistant", "changed"))
    assert len(tree) == 5
    assert tree.position("a1") == (1, 2)
    assert tree["a1"].text == "changed"


def test_messages_skip_answers_without_words_and_an_empty_system_message() -> None:
    path = [turn("q", None), turn("a", "q", "assistant", ""), turn("q2", "a", text="again")]
    assert messages_of(path, "  ") == [
        {"role": "user", "content": "hello"},
        {"role": "user", "content": "again"},
    ]
    assert messages_of(path, "Be brief.")[0] == {"role": "system", "content": "Be brief."}


def test_only_what_was_set_is_sent_besides_streaming() -> None:
    from playground.wire.base import to_wire

    setup = Setup("", {"temperature": 0.3})
    assert to_wire(chat_request([turn("q", None)], setup)) == {
        "messages": [{"role": "user", "content": "hello"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.3,
    }
    whole = to_wire(chat_request([turn("q", None)], Setup("", {"stream": False})))
    assert "stream_options" not in whole


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"parameters": 3}', "null"])
def test_an_unreadable_setup_is_an_empty_one(text: str) -> None:
    assert Setup.from_json(text) == Setup()


def test_a_setup_comes_back_as_it_was() -> None:
    setup = Setup("Be kind.", {"stop": ["a"], "seed": 2**60})
    assert Setup.from_json(setup.to_json()) == setup


def test_titles_are_the_first_line_shortened() -> None:
    assert title_of("\n  What is up?\nmore") == "What is up?"
    assert len(title_of("long " * 50)) <= 60
    assert title_of("   ") == "New conversation"


def test_the_footer_says_only_what_is_known() -> None:
    assert footer({}) == ""
    usage = {
        "prompt_tokens": 1200,
        "completion_tokens": 100,
        "prompt_tokens_details": {"cached_tokens": 1024},
    }
    meta = {"model": "gpt-4o", "usage": usage, "first_token": 0.5, "seconds": 2.5}
    assert (
        footer(meta) == "gpt-4o · 1,200 in, 100 out (1,024 cached) · first token 0.50 s · 2.5 s · 50 tokens/s"
    )


def test_an_answer_that_is_not_whole_says_so() -> None:
    assert note("complete", {"finish_reason": "stop"}) == ""
    assert "token limit" in note("complete", {"finish_reason": "length"})
    assert "kept" in note("stopped", {})
    assert "No answer" in note("failed", {"error": {"message": "Too many requests."}})


@pytest.mark.parametrize(
    ("finish", "error", "cut", "state"),
    [
        ("stop", None, "complete", "complete"),
        ("length", None, "complete", "complete"),
        ("stop", {"kind": "StreamBroken"}, "incomplete", "incomplete"),
        ("content_filter", {"kind": "StreamBroken"}, "incomplete", "filtered"),
        (None, None, "complete", "complete"),
        (None, {"kind": "ConnectionLost"}, "failed", "failed"),
        (None, None, None, "incomplete"),
    ],
)
def test_a_stream_that_failed_is_never_complete(finish, error, cut, state) -> None:
    assembly: Any = SimpleNamespace(choice=lambda index: SimpleNamespace(finish_reason=finish))
    assert Ending(assembly, None, cut, error).state_of(0) == state
