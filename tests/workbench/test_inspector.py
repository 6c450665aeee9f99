"""The inspector: follows the newest request, keeps what was chosen, and stays quick with a long stream."""

import json
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.api.exchange import Attempt, Exchange, StreamEvent
from playground.api.redaction import REDACTED
from playground.workbench.exchanges import KEPT, Exchanges
from playground.workbench.inspector import Inspector, facts
from playground.workbench.inspector import inspector as module
from playground.workbench.inspector.events_tab import EventListModel
from tests.conftest import until

URL = "http://127.0.0.1:9/openai/deployments/chat/chat/completions?api-version=x"


def an_exchange(**members) -> Exchange:
    exchange = Exchange("GetChatCompletions", "POST", URL, **members)
    exchange.begin_attempt()
    return exchange


def ended(**members) -> Exchange:
    exchange = an_exchange(**members)
    exchange.status = 200
    exchange.timing.sent, exchange.timing.first_byte = 0.01, 0.05
    exchange.end("ok")
    return exchange


@pytest.fixture
def exchanges() -> Exchanges:
    return Exchanges()


@pytest.fixture
def inspector(qtbot, exchanges) -> Inspector:
    inspector = Inspector(exchanges)
    qtbot.addWidget(inspector)
    inspector.resize(1000, 300)
    return inspector


def test_the_newest_is_followed_until_another_is_chosen(inspector, exchanges, qtbot) -> None:
    inspector.show()
    first, second, third = ended(), ended(), ended()
    exchanges.record(first)
    qtbot.waitUntil(lambda: inspector.current() is first)
    exchanges.record(second)
    qtbot.waitUntil(lambda: inspector.current() is second)
    inspector.list.select(str(first.id))
    exchanges.record(third)
    qtbot.waitUntil(lambda: inspector.list.rows.rowCount() == 3)
    assert inspector.current() is first


def test_hidden_it_does_nothing_and_shown_it_knows_all(inspector, exchanges) -> None:
    for _ in range(3):
        exchanges.record(ended())
    assert not inspector._built
    inspector.show()
    assert [row.key for row in inspector.list.rows.rows()] == [str(x.id) for x in reversed(exchanges.recent)]


def test_it_keeps_no_more_than_the_ring(inspector, exchanges, qtbot) -> None:
    inspector.show()
    for _ in range(KEPT + 30):
        exchanges.record(ended())
    qtbot.waitUntil(lambda: inspector.list.rows.rowCount() == KEPT)
    assert inspector.list.rows.rows()[0].key == str(exchanges.recent[-1].id)


async def test_a_long_running_stream_grows_and_does_not_hold_up_the_loop(inspector, exchanges) -> None:
    exchange = an_exchange()
    exchanges.record(exchange)
    inspector.show()
    inspector.tabs.setCurrentWidget(inspector.events)
    worst = 0.0
    for _ in range(40):
        exchange.record_events(['{"choices":[{"delta":{"content":"word"}}]}'] * 500)
        before = time.perf_counter()
        inspector._on_running()
        inspector.events.list.viewport().repaint()
        worst = max(worst, time.perf_counter() - before)
    await until(lambda: inspector.events.events.rowCount() == 20_000)
    assert worst < 0.5
    bar = inspector.events.list.verticalScrollBar()
    assert bar.value() == bar.maximum()
    exchange.end("ok")
    exchanges.record(exchange)
    await until(lambda: not inspector._running.isActive())


def test_the_list_of_events_is_a_proper_model(qtmodeltester) -> None:
    events = [StreamEvent(0.1, "{}"), StreamEvent(0.2, "x" * 100_000), StreamEvent(0.3, "[DONE]")]
    model = EventListModel()
    qtmodeltester.check(model)
    model.show_events(events)
    events.append(StreamEvent(0.4, "late"))
    assert model.rowCount() == 3
    assert model.grow()
    assert not model.grow()
    assert "late" in model.index(3).data()
    assert len(model.index(1).data()) < 400


def test_bodies_headers_and_the_selected_event_are_shown(inspector, exchanges) -> None:
    exchange = ended(request_headers=[("api-key", "[redacted]")], request_body=b'{"messages":[]}')
    exchange.response_headers = [("apim-request-id", "abc-1"), ("x-ratelimit-remaining-tokens", "-1")]
    exchange.response_body = b"\xff not json \x00"
    exchange.events.append(StreamEvent(0.2, '{"a":1}'))
    exchanges.record(exchange)
    inspector.show()
    assert "abc-1" in inspector.summary.text()
    assert "tokens" not in inspector.summary.text()
    inspector.tabs.setCurrentWidget(inspector.request)
    assert '"messages": []' in inspector.request.body.view.toPlainText()
    assert inspector.request.headers.topLevelItem(0).text(1) == "[redacted]"
    inspector.tabs.setCurrentWidget(inspector.response)
    assert "\ufffd not json" in inspector.response.body.view.toPlainText()
    inspector.tabs.setCurrentWidget(inspector.events)
    QTest.keyClick(inspector.events.list, Qt.Key.Key_Home)
    inspector.events.list.setCurrentIndex(inspector.events.events.index(0))
    assert '"a": 1' in inspector.events.detail.view.toPlainText()


def test_markup_in_an_error_stays_letters(inspector, exchanges) -> None:
    exchange = an_exchange()
    exchange.end("failed", "<b>bold</b><img src='http://x'>")
    exchanges.record(exchange)
    inspector.show()
    label = inspector.summary._texts[inspector.summary._labels.index("Error")]
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == exchange.error


async def test_a_large_body_is_cut_formatted_elsewhere_and_can_be_shown_whole(inspector, exchanges) -> None:
    body = b'{"data": [' + b",".join(b'{"text": "some words here"}' for _ in range(20_000)) + b"]}"
    exchanges.record(ended(request_body=body))
    inspector.show()
    inspector.tabs.setCurrentWidget(inspector.request)
    view = inspector.request.body
    await until(lambda: "first" in view.note.full_text())
    assert len(view.view.toPlainText()) <= 200_000
    view.show_all()
    await until(lambda: len(view.view.toPlainText()) > len(body), 10)
    assert view.text() == body.decode()


def test_phases_follow_each_other_and_end_with_the_exchange() -> None:
    exchange = an_exchange()
    exchange.timing.connected, exchange.timing.sent = 0.1, 0.2
    exchange.timing.first_byte, exchange.timing.first_token = 0.5, 0.6
    exchange.timing.ended = 2.0
    found = facts.phases(exchange)
    assert [phase.name for phase in found] == ["Connect", "Send", "Wait", "First event", "Receive"]
    assert [round(phase.seconds, 2) for phase in found] == [0.1, 0.1, 0.3, 0.1, 1.4]
    assert facts.phases(an_exchange())[-1].name == "Wait"


def test_each_attempt_says_what_came_of_it() -> None:
    exchange = ended()
    exchange.attempts.insert(0, Attempt(1, 0.0, "RateLimited", 429, 2.0))
    assert facts.attempts(exchange)[0] == "1.  at 0 ms  ·  429  ·  RateLimited  ·  then waited 2.00 s"
    assert facts.title(exchange) == "POST chat/completions  ·  chat"


@pytest.mark.parametrize(
    ("word", "part"), [("curl", "curl "), ("Python", "AzureOpenAI"), ("HTTP", "POST /openai")]
)
def test_a_request_is_copied_without_its_key(inspector, exchanges, word, part) -> None:
    exchanges.record(ended(request_headers=[("api-key", REDACTED)], request_body=b'{"messages":[]}'))
    inspector.show()
    action = next(each for each in inspector.menu.actions() if word in each.text())
    action.trigger()
    copied = QApplication.clipboard().text()
    assert part in copied
    assert word in inspector._said.full_text()


async def test_all_requests_are_exported_as_an_archive(inspector, exchanges, tmp_path, monkeypatch) -> None:
    for _ in range(3):
        exchanges.record(ended())
    inspector.show()
    target = tmp_path / "all.har"

    async def chosen(*_, **__):
        return target

    monkeypatch.setattr(module, "choose_save", chosen)
    inspector.har_button.click()
    await until(lambda: "3 requests" in inspector._said.full_text())
    assert len(json.loads(target.read_text())["log"]["entries"]) == 3
    target = tmp_path / "missing" / "all.har"
    inspector.har_button.click()
    await until(lambda: "not there" in inspector._said.full_text())
