"""The Chat tab on the real service: stop keeps, versions stay, the filter is shown, work survives a full disk."""

import asyncio
from pathlib import Path

import pytest

from playground.features.chat.view import ChatView
from playground.store.errors import StoreFull
from tests.conftest import until
from tests.desk import a_desk


def chat_of(desk) -> ChatView:
    view = desk.window.page("chat")
    assert isinstance(view, ChatView)
    return view


def tree_of(view: ChatView):
    assert view.session is not None
    return view.session.tree


async def test_stop_keeps_what_has_arrived(monkeypatch, tmp_path: Path) -> None:
    async with a_desk(monkeypatch, tmp_path, pace="100") as desk:
        view = chat_of(desk)
        view.composer.set_text("Write 2000 words about lighthouses.")
        view.composer.submit()
        await until(lambda: view.session and any(turn.text for turn in view.session.path()[1:]), 15)
        assert view.composer.is_busy()
        view.stop()
        await until(lambda: not view.composer.is_busy())
        answer = tree_of(view).path()[-1]
        assert answer.state == "stopped"
        assert answer.text
        shown = view.transcript.entry(answer.id)
        assert shown.text == answer.text
        assert "kept" in shown.note


async def test_answering_again_and_editing_destroy_nothing(monkeypatch, tmp_path: Path) -> None:
    async with a_desk(monkeypatch, tmp_path) as desk:
        view = chat_of(desk)
        await view.ask("What is a lighthouse?")
        question, first = tree_of(view).path()
        await view.regenerate(first.id)
        second = tree_of(view).path()[-1]
        assert second.id != first.id
        assert tree_of(view).position(second.id) == (2, 2)
        assert view.transcript.keys() == [question.id, second.id]
        view.transcript.sibling_requested.emit(second.id, -1)
        await until(lambda: view.transcript.keys() == [question.id, first.id])
        view.transcript.action_requested.emit(question.id, "edit")
        assert view.composer.text() == "What is a lighthouse?"
        view.composer.set_text("What is a lightship?")
        view.composer.submit()
        await until(lambda: len(tree_of(view)) == 5 and not view.composer.is_busy(), 15)
        edited = tree_of(view).path()
        assert edited[0].text == "What is a lightship?"
        assert tree_of(view).position(edited[0].id) == (2, 2)
        assert first.id in tree_of(view)


async def test_several_choices_are_versions_of_one_turn(monkeypatch, tmp_path: Path) -> None:
    async with a_desk(monkeypatch, tmp_path) as desk:
        view = chat_of(desk)
        view.setup_pane.form.set_values({"n": 3, "max_tokens": 20})
        await view.ask("Name a colour.")
        answer = tree_of(view).path()[-1]
        assert tree_of(view).position(answer.id) == (1, 3)
        assert all(turn.text and turn.state == "complete" for turn in tree_of(view).siblings(answer.id))
        assert "token limit" in view.transcript.entry(answer.id).note


@pytest.mark.parametrize("stream", [True, False])
async def test_an_answer_stopped_by_the_filter_says_so(monkeypatch, tmp_path: Path, stream: bool) -> None:
    async with a_desk(monkeypatch, tmp_path) as desk:
        view = chat_of(desk)
        if not stream:
            view.setup_pane.form.set_values({"stream": False})
        await view.ask("Tell me a story. [[filter-answer:violence]]")
        answer = tree_of(view).path()[-1]
        assert answer.state == "filtered"
        entry = view.transcript.entry(answer.id)
        assert any("Violence" in chip.text and chip.tone == "danger" for chip in entry.chips)
        assert "filter" in entry.note


async def test_a_parameter_outside_its_limits_sends_nothing(monkeypatch, tmp_path: Path) -> None:
    async with a_desk(monkeypatch, tmp_path) as desk:
        view = chat_of(desk)
        view.composer.set_text("Hello")
        view.setup_pane.form.set_values({"logit_bias": {"1": 500}})
        before = len(desk.bench.exchanges.recent)
        with pytest.raises(ValueError, match="logit_bias"):
            await view.ask("Hello")
        assert view.composer.text() == "Hello"
        assert [x for x in list(desk.bench.exchanges.recent)[before:] if "Chat" in x.operation] == []


async def test_a_message_that_cannot_be_kept_stays_in_the_composer(monkeypatch, tmp_path: Path) -> None:
    async with a_desk(monkeypatch, tmp_path) as desk:
        view = chat_of(desk)
        await view.ask("Hello")

        async def full(*_: object) -> None:
            raise StoreFull("The disk is full.")

        monkeypatch.setattr(desk.bench.history.conversations, "add_turn", full)
        view.composer.set_text("Do not lose me")
        view.composer.submit()
        await until(lambda: desk.window.banner.count() > 0)
        assert view.composer.text() == "Do not lose me"
        monkeypatch.undo()
        await asyncio.sleep(0)
        view.composer.submit()
        await until(lambda: len(tree_of(view)) == 4 and not view.composer.is_busy(), 15)
        assert view.composer.text() == ""
